#include "base/http/request_head.hpp"

#include <algorithm>

#include "base/http/message.hpp"

namespace base::http {

namespace {

bool token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool digit(char c) { return c >= '0' && c <= '9'; }

bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, token_char); }

bool visible_ascii(char c) { return c > ' ' && c < 0x7f; }

bool value_char(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= ' ' && byte != 0x7f);
}

bool host_char(char c) {
  return visible_ascii(c) && std::string_view("/?#@,\\\"<>^`{|}").find(c) == std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

// Up to the next CRLF, which is taken too.
std::string_view take_line(std::string_view& rest) {
  std::string_view line = rest.substr(0, rest.find("\r\n"));
  rest.remove_prefix(std::min(line.size() + 2, rest.size()));
  return line;
}

std::string_view request_line_flaw(std::string_view line) {
  std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return "the request line has not three parts";
  std::string_view method = line.substr(0, first), target = line.substr(first + 1, last - first - 1);
  std::string_view version = line.substr(last + 1);
  if (!is_token(method)) return "the method is no token";
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return "the version is not HTTP/1.1";
  bool is_path = target.starts_with('/') || (target == "*" && method == "OPTIONS");
  if (!is_path || !std::ranges::all_of(target, visible_ascii) || target.find('#') != std::string_view::npos) {
    return "the target is not a path";
  }
  return "";
}

// The headers that say whom a request is for and where its body ends.
class Framing {
 public:
  std::string_view flaw_of(std::string_view name, std::string_view value) {
    if (equal_ignoring_case(name, "host")) {
      if (++hosts_ > 1) return "several Host headers";
      if (!std::ranges::all_of(value, host_char)) return "a character in Host that no name has";
    } else if (equal_ignoring_case(name, "content-length")) {
      if (++lengths_ > 1) return "several Content-Length headers";
      // 18 digits always fit into 64 bits.
      if (value.empty() || value.size() > 18 || !std::ranges::all_of(value, digit))
        return "Content-Length is no number";
    } else if (equal_ignoring_case(name, "transfer-encoding")) {
      if (++encodings_ > 1) return "several Transfer-Encoding headers";
      if (!equal_ignoring_case(value, "chunked")) return "a Transfer-Encoding other than chunked";
    }
    return "";
  }

  std::string_view flaw_of_all(bool http_1_0) const {
    if (lengths_ > 0 && encodings_ > 0) return "both Content-Length and Transfer-Encoding";
    if (encodings_ > 0 && http_1_0) return "Transfer-Encoding in HTTP/1.0";
    if (hosts_ == 0 && !http_1_0) return "no Host header";
    return "";
  }

 private:
  int hosts_ = 0, lengths_ = 0, encodings_ = 0;
};

}  // namespace

std::string_view head_flaw(std::string_view head) {
  std::string_view request_line = take_line(head);
  if (auto flaw = request_line_flaw(request_line); !flaw.empty()) return flaw;
  Framing framing;
  for (std::string_view line = take_line(head); !line.empty(); line = take_line(head)) {
    std::string_view name = line.substr(0, line.find(':'));
    // Also refuses folded lines, which begin with a space, and space before the colon.
    if (name.size() == line.size() || !is_token(name)) return "a header line without a proper name";
    std::string_view value = trimmed(line.substr(name.size() + 1));
    if (!std::ranges::all_of(value, value_char)) return "a control character in a header";
    if (auto flaw = framing.flaw_of(name, value); !flaw.empty()) return flaw;
  }
  return framing.flaw_of_all(request_line.ends_with("1.0"));
}

bool read_target(ServerRequest& request) {
  std::string_view target = request.target;
  std::string_view path = target.substr(0, target.find('?'));
  auto decoded = percent_decode(path);
  if (!decoded || decoded->find('\0') != std::string::npos) return false;
  auto repeated = std::unique(decoded->begin(), decoded->end(), [](char a, char b) { return a == '/' && b == '/'; });
  decoded->erase(repeated, decoded->end());
  request.path = std::move(*decoded);
  if (path.size() == target.size()) return true;
  auto query = parse_form(target.substr(path.size() + 1));
  if (!query) return false;
  request.query = std::move(*query);
  return true;
}

}  // namespace base::http
