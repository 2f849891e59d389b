// The console's files: a page, its modules and its style, the same for everybody.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "app/api/handlers.hpp"
#include "app/embedded_console.hpp"
#include "base/crypto.hpp"

namespace app::api {
namespace {

// Nothing but this server's own files is loaded or asked, nothing inline is run, and no text becomes markup: what a
// respondent has typed stands on these pages beside the reader's token.
constexpr std::string_view console_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> console_types{
    {{".html", "text/html; charset=utf-8"},
     {".js", "text/javascript; charset=utf-8"},
     {".css", "text/css; charset=utf-8"},
     {".svg", "image/svg+xml"}}};

struct ConsoleFile {
  std::string_view text;
  std::string_view type;
  std::string tag;  // for If-None-Match
};

std::string_view console_type_of(std::string_view file) {
  const auto* found = std::ranges::find_if(console_types, [&](const auto& type) { return file.ends_with(type.first); });
  return found == console_types.end() ? "application/octet-stream" : found->second;
}

const std::map<std::string_view, ConsoleFile>& console_files() {
  static const std::map<std::string_view, ConsoleFile> files = [] {
    std::map<std::string_view, ConsoleFile> made;
    for (const auto& [name, text] : console::embedded_files()) {
      const std::string tag = fmt::format("\"{}\"", base::to_hex(base::sha256(text)).substr(0, 32));
      made.emplace(name, ConsoleFile{text, console_type_of(name), tag});
    }
    return made;
  }();
  return files;
}

}  // namespace

// Relative, so that it holds behind a proxy that puts a path before ours.
Answer lead_to_console(Context&, Request&) {
  co_return base::http::Response{308, {{"location", "console/"}, {"cache-control", "no-cache"}}, ""};
}

Answer show_console(Context&, Request& request) {
  const std::string_view asked = request.param("file");
  const auto found = console_files().find(asked.empty() ? "index.html" : asked);
  if (found == console_files().end())
    co_return base::http::problem_response(404, "not_found", "The console has no such file");
  const ConsoleFile& file = found->second;
  base::http::Response answer{200, {}, ""};
  // Asked for anew each time, and sent only when it is another: after an update nobody runs yesterday's scripts.
  answer.headers = {{"content-security-policy", std::string(console_policy)},
                    {"x-content-type-options", "nosniff"},
                    {"referrer-policy", "no-referrer"},
                    {"cache-control", "no-cache"},
                    {"etag", file.tag}};
  if (base::http::find_header(request.headers, "if-none-match") == file.tag) {
    answer.status = 304;
    co_return answer;
  }
  answer.headers.emplace_back("content-type", file.type);
  answer.body = file.text;
  co_return answer;
}

}  // namespace app::api
