// The pages that a browser sees: login with consent, and the page for what went wrong before.
#include "local_org/login_page.hpp"

#include <fmt/format.h>

namespace local_org {
namespace {

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&#39;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

constexpr std::string_view page_style =
    "body{font:16px/1.5 system-ui,sans-serif;background:#f3f4f6;color:#1f2937;margin:0}"
    "main{max-width:22rem;margin:12vh auto;background:#fff;padding:2rem;border-radius:.5rem;"
    "box-shadow:0 1px 4px #0002}h1{font-size:1.25rem;margin-top:0}"
    "label{display:block;margin:.75rem 0 .25rem}input{width:100%;box-sizing:border-box;padding:.5rem;font:inherit}"
    "button{padding:.5rem 1.5rem;margin:1.25rem .5rem 0 0;font:inherit}.complaint{color:#b91c1c}";

base::http::Response html_page(int status, std::string_view title, std::string_view content) {
  return {status,
          {{"content-type", "text/html;charset=UTF-8"},
           {"cache-control", "no-store"},
           {"content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"},
           {"referrer-policy", "no-referrer"}},
          fmt::format("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title>"
                      "<style>{}</style></head><body><main>{}</main></body></html>",
                      title, page_style, content)};
}

}  // namespace

base::http::Response login_page(const LoginPage& page) {
  std::string form = "<form method=\"post\" action=\"/services/oauth2/authorize\">";
  for (const auto& [name, value] : page.hidden) {
    form += fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape_html(name), escape_html(value));
  }
  form += fmt::format(
      "<label for=\"username\">Username</label>"
      "<input id=\"username\" name=\"username\" value=\"{}\" autocomplete=\"username\" required autofocus>"
      "<label for=\"password\">Password</label>"
      "<input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"current-password\">"
      "<button name=\"decision\" value=\"allow\">Allow</button>"
      "<button name=\"decision\" value=\"deny\" formnovalidate>Deny</button></form>",
      escape_html(page.username));
  const std::string complaint =
      page.complaint.empty() ? ""
                             : fmt::format("<p class=\"complaint\" role=\"alert\">{}</p>", escape_html(page.complaint));
  return html_page(
      200, "Log in",
      fmt::format("<h1>{}</h1><p>Log in to allow <b>{}</b> access: {}.</p>{}{}", escape_html(page.org_name),
                  escape_html(page.app_name), escape_html(page.scope), complaint, form));
}

base::http::Response login_error_page(std::string_view error, std::string_view description) {
  return html_page(400, "Cannot authorize",
                   fmt::format("<h1>The app cannot be authorized</h1><p class=\"complaint\">{}</p><p>{}</p>",
                               escape_html(error), escape_html(description)));
}

}  // namespace local_org
