// HTTP requests and answers as plain values, the same for our client and our server.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace base::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

// Header names, tokens: ASCII letters are equal in either case.
bool equal_ignoring_case(std::string_view a, std::string_view b);

// Whether a name or value holds a line break or a zero byte and so would not end where it should.
bool breaks_header(std::string_view text);

// The first header of that name, whatever its case.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

struct Response {
  int status = 0;
  Headers headers{};
  std::string body{};
};

// RFC 3986: everything but unreserved characters becomes %XX.
std::string percent_encode(std::string_view text);
// nullopt for a broken escape. `plus_is_space` as in forms.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

// application/x-www-form-urlencoded, in order; broken escapes give nullopt.
using Form = std::vector<std::pair<std::string, std::string>>;
std::optional<Form> parse_form(std::string_view text);
std::string to_form(const Form& form);

}  // namespace base::http
