// A text that must not be seen: it cannot be formatted, printed or compared, and is wiped when it goes.
#pragma once

#include <string>
#include <utility>

namespace base {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text);
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  // What was held before goes with `other` and is wiped there.
  Secret& operator=(Secret other) noexcept {
    text_.swap(other.text_);
    return *this;
  }
  ~Secret();

  bool empty() const { return text_.empty(); }
  // The only way out. Call it where the bytes go to the wire or to the vault, nowhere else.
  const std::string& reveal() const { return text_; }

 private:
  std::string text_;
};

}  // namespace base
