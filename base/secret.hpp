// A text that must not be seen: it cannot be formatted, printed or compared, and is wiped when it goes.
#pragma once

#include <string>
#include <utility>

namespace base {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&&) noexcept = default;
  ~Secret();

  bool empty() const { return text_.empty(); }
  // The only way out. Call it where the bytes go to the wire or to the vault, nowhere else.
  const std::string& reveal() const { return text_; }

 private:
  std::string text_;
};

}  // namespace base
