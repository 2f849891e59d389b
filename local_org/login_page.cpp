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

constexpr std::string_view page_style = R"css(
body{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center;background:#f3f5f7;color:#1b2733;
font:16px/1.5 system-ui,sans-serif}
main{width:22rem;padding:2rem;background:#fff;border:1px solid #d5dce3;border-radius:.5rem}
h1{font-size:1.25rem;margin:0 0 .25rem}p{margin:.25rem 0 1rem;color:#52606d;font-size:.9rem}
label{display:block;font-size:.85rem;margin-top:.75rem}
input{box-sizing:border-box;width:100%;padding:.5rem;margin-top:.25rem;font:inherit;border:1px solid #b8c2cc;border-radius:.25rem}
.choice{display:flex;gap:.5rem;margin-top:1.25rem}
button{flex:1;padding:.55rem;font:inherit;border:1px solid #1b5e8c;border-radius:.25rem;background:#fff;color:#1b5e8c}
button.yes{background:#1b5e8c;color:#fff}.problem{color:#9b1c1c}
)css";

base::http::Response html(int status, std::string_view title, std::string_view body) {
  std::string page = fmt::format(
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>{}</title><style>{}</style></head><body><main>{}</main></body></html>",
      title, page_style, body);
  return {status,
          {{"content-type", "text/html;charset=UTF-8"},
           {"cache-control", "no-store"},
           {"content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}},
          std::move(page)};
}

}  // namespace

base::http::Response login_page(const LoginPage& page) {
  std::string form;
  for (const auto& [name, value] : page.carried) {
    form += fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape_html(name), escape_html(value));
  }
  const std::string problem =
      page.problem.empty() ? "" : fmt::format("<p class=\"problem\">{}</p>", escape_html(page.problem));
  return html(
      200, "Log in to the local org",
      fmt::format("<h1>Log in to the local org</h1><p>{}<br>The app asks to read and write records as you, also "
                  "while you are away.</p>{}<form method=\"post\" action=\"/services/oauth2/authorize\">{}"
                  "<label>User name<input name=\"username\" value=\"{}\" autocomplete=\"username\"></label>"
                  "<label>Password<input name=\"password\" type=\"password\" autocomplete=\"current-password\"></label>"
                  "<div class=\"choice\"><button class=\"yes\" name=\"decision\" value=\"allow\">Allow</button>"
                  "<button name=\"decision\" value=\"deny\">Deny</button></div></form>",
                  escape_html(page.org_id), problem, form, escape_html(page.username)));
}

base::http::Response refusal_page(std::string_view error, std::string_view description) {
  return html(400, "The login was refused",
              fmt::format("<h1>The login was refused</h1><p class=\"problem\">error={}<br>error_description={}</p>",
                          escape_html(error), escape_html(description)));
}

}  // namespace local_org
