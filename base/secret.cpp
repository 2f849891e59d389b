// Wiping that the compiler may not leave out.
#include "base/secret.hpp"

#include <string.h>

namespace base {

namespace {

// The whole capacity: a short text that was moved away has left its bytes inside the string itself.
void wipe_text(std::string& text) {
  text.resize(text.capacity());
  explicit_bzero(text.data(), text.size());
  text.clear();
}

}  // namespace

Secret::Secret(std::string text) : text_(std::move(text)) { wipe_text(text); }

Secret::~Secret() { wipe_text(text_); }

}  // namespace base
