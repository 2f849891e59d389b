#include "connectors/oauth/echoed_secrets.hpp"

#include <string>
#include <string_view>

namespace connectors {

namespace {

constexpr std::string_view secret_hidden = "[secret]";
// A shorter text is no secret that Salesforce gives out, and might be a word of the message.
constexpr std::size_t secret_length_min = 8;

void replace_all(std::string& text, std::string_view part, std::string_view by) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + by.size()))
    text.replace(at, part.size(), by);
}

std::string with_escaped_slashes(std::string text) {
  replace_all(text, "/", "\\/");
  return text;
}

}  // namespace

void hide_echo(base::http::Response& answer, const base::Secret& secret) {
  if (answer.status / 100 == 2 || secret.reveal().size() < secret_length_min) return;
  replace_all(answer.body, secret.reveal(), secret_hidden);
  replace_all(answer.body, base::http::percent_encode(secret.reveal()), secret_hidden);
  replace_all(answer.body, with_escaped_slashes(secret.reveal()), secret_hidden);
}

base::Secret assertion_in(const base::http::Request& request) {
  constexpr std::string_view before = "&assertion=";
  const std::size_t at = request.body.find(before);
  // Base64 in its alphabet for addresses: percent-encoding leaves it as it is.
  return base::Secret(at == std::string::npos ? "" : request.body.substr(at + before.size()));
}

void hide_echoes(base::http::Response& answer, const Login& login) {
  for (const base::Secret* secret : {&login.client_secret, &login.refresh_token, &login.access_token})
    hide_echo(answer, *secret);
}

}  // namespace connectors
