#include "app/login_page.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/xml.hpp"

namespace app {
namespace {

constexpr std::string_view login_page_style =
    "body{margin:0;min-height:100vh;display:grid;place-items:center;background:#f3f5f7;color:#1b2733;"
    "font:16px/1.5 system-ui,sans-serif}main{max-width:30rem;margin:1rem;padding:2rem;background:#fff;"
    "border:1px solid #d5dce3;border-radius:.5rem}h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:0}";

}  // namespace

base::http::Response login_page(int status, std::string_view title, std::string_view text) {
  // The page's own style and nothing else may be applied or loaded.
  const std::string policy = fmt::format(
      "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      base::to_base64(base::sha256(login_page_style)));
  return {
      status,
      {{"content-type", "text/html;charset=utf-8"},
       {"content-security-policy", policy},
       {"referrer-policy", "no-referrer"},
       {"cache-control", "no-store"},
       {"x-content-type-options", "nosniff"}},
      fmt::format("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                  "content=\"width=device-width\"><title>{0}</title><style>{1}</style></head><body><main><h1>{0}</h1>"
                  "<p>{2}</p></main></body></html>\n",
                  base::xml_escaped(title), login_page_style, base::xml_escaped(text))};
}

bool may_return_to(std::string_view address, const std::vector<std::string>& origins) {
  const bool is_plain =
      std::ranges::all_of(address, [](char c) { return c > ' ' && c < 0x7f && c != '\\' && c != '"' && c != '<'; });
  if (address.empty() || address.size() > 2000 || !is_plain) return false;
  if (address.front() == '/') return !address.starts_with("//");
  return std::ranges::any_of(origins, [&](const std::string& origin) {
    return address.starts_with(origin) &&
           (address.size() == origin.size() || address[origin.size()] == '/' || address[origin.size()] == '?');
  });
}

}  // namespace app
