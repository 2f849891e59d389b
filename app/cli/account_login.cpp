#include "app/cli/account_login.hpp"

#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/login_listener.hpp"
#include "app/errors.hpp"
#include "base/http/message.hpp"

namespace app::cli {
namespace {

std::string state_in(const std::string& url) {
  const std::size_t question = url.find('?');
  const std::optional<base::http::Form> query =
      question == std::string::npos ? std::nullopt : base::http::parse_form(url.substr(question + 1));
  if (!query) return "";
  for (const auto& [name, value] : *query) {
    if (name == "state") return value;
  }
  return "";
}

std::string start_address(const Tree& login, const std::string& server_url) {
  std::string url = text_in(login, "authorize_url");
  if (url.empty()) url = text_in(login, "start_url");
  return url.starts_with('/') ? server_url + url : url;
}

std::string egress_sentence(const Tree& login) {
  const std::vector<std::string> ranges = texts_of(member(login, "egress"));
  if (ranges.empty()) return "";
  return fmt::format("Where the user's profile has login IP ranges, they must include the server's own: {}\n\n",
                     fmt::join(ranges, ", "));
}

// On stderr, so that stdout has nothing but the result.
void tell_where_to_log_in(const std::string& url, const Tree& login, const LoginArguments& arguments) {
  const bool is_open = !arguments.no_browser && open_browser(url);
  std::cerr << (is_open ? "Your browser opens the login at Salesforce. If it does not, open this address yourself:\n\n"
                        : "Log in at Salesforce: open this address in a browser on this machine:\n\n")
            << "  " << url << "\n\n"
            << egress_sentence(login)
            << fmt::format("Waiting for you to come back, {} minutes at most (Ctrl-C gives up) …",
                           arguments.wait_minutes)
            << std::endl;
}

}  // namespace

void take_login(Verb& verb, LoginArguments& arguments) {
  verb.flag("--no-browser", arguments.no_browser, "only print the address to log in at");
  verb.option("--wait", arguments.wait_minutes, "minutes to wait for the login").between(1, 60);
}

base::JsonText log_in(ServerClient& server, const LoginArguments& arguments, nlohmann::ordered_json wish) {
  LoginListener listener;
  wish["redirect_uri"] = listener.redirect_uri();
  const Tree login = tree_of(server.post("/logins", wish));
  const std::string url = start_address(login, server.url());
  tell_where_to_log_in(url, login, arguments);

  const base::Duration patience{std::int64_t{arguments.wait_minutes} * 60'000};
  const std::optional<LoginAnswer> answer = listener.wait(state_in(url), patience);
  if (!answer) {
    throw Refusal(Exit::try_again, std::string(login_timed_out.name),
                  fmt::format("nobody came back from Salesforce within {} minutes", arguments.wait_minutes));
  }
  if (!answer->error.empty()) {
    throw Refusal(
        Exit::not_allowed, std::string(login_refused_by_salesforce.name),
        fmt::format("Salesforce refused the login: {} ({})",
                    answer->error_description.empty() ? "no reason given" : answer->error_description, answer->error));
  }
  const base::JsonText completed = server.post(path_of({"logins", text_in(login, "id"), "complete"}),
                                               {{"code", answer->code}, {"state", answer->state}});
  const Tree outcome = tree_of(completed);
  if (text_in(outcome, "state") == "refused") {
    const Tree& error = member(outcome, "error");
    throw Refusal(Exit::not_allowed,
                  error.is_object() ? text_in(error, "code") : std::string(login_refused_by_salesforce.name),
                  error.is_object() ? text_in(error, "message") : text_in(outcome, "error"));
  }
  return completed;
}

}  // namespace app::cli
