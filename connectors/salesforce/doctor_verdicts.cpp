#include "connectors/salesforce/doctor_verdicts.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace connectors::salesforce {

namespace {

constexpr const char* session_path = "Setup > Security > Session Settings";
constexpr const char* app_policy_path =
    "Setup > Apps > External Client Apps > External Client App Manager (or Connected Apps > Manage Connected Apps) > "
    "the app > OAuth Policies";

std::string joined(const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, "; ")); }

}  // namespace

Check passed(std::string check, std::string message) {
  return {.check = std::move(check), .verdict = Verdict::pass, .message = std::move(message)};
}

Check not_asked_for(std::string check, std::string message) {
  return {.check = std::move(check), .verdict = Verdict::not_applicable, .message = std::move(message)};
}

Check failed(std::string check, std::string message, WayOut out) {
  return {std::move(check), Verdict::fail, std::move(message), std::move(out.fix), std::move(out.setup_path)};
}

Check untold(std::string check, std::string message, WayOut out) {
  return {std::move(check), Verdict::cannot_tell, std::move(message), std::move(out.fix), std::move(out.setup_path)};
}

WayOut way_out_of(std::string_view check) {
  const std::pair<std::string_view, WayOut> ways[] = {
      {"login", {"Refresh the account; where that is refused too, look at the app's client id and secret.", ""}},
      {"api_enabled",
       {"Tick 'API Enabled' in the user's profile or a permission set.",
        "Setup > Users > Profiles (or Permission Sets) > the user's > System Permissions"}},
      {"login_ip",
       {"Add this server's outgoing addresses to the profile's login IP ranges, or remove the ranges.",
        "Setup > Users > Profiles > the user's profile > Login IP Ranges"}},
      {"login_ip_enforced_every_request", {"Deselect 'Enforce login IP ranges on every request'.", session_path}},
      {"session_locking",
       {"Deselect 'Lock sessions to the IP address from which they originated' and 'Lock sessions to the domain in "
        "which they were first used'.",
        session_path}},
      {"refresh_policy",
       {"Set Refresh Token Policy to 'Refresh token is valid until revoked', or to expiry after inactivity where that "
        "is no longer offered; then refresh the account.",
        app_policy_path}},
      {"permitted_users",
       {"Set Permitted Users to 'All users may self-authorize', or approve the app for the user's profile or a "
        "permission set.",
        app_policy_path}},
      {"app_installed",
       {"Install the app in this org, or give the user 'Approve Uninstalled Connected Apps'.",
        "Setup > Apps > Connected Apps > Connected Apps OAuth Usage"}},
      {"environment", {"Link the org again under its right environment; an account's environment never changes.", ""}},
      {"scopes",
       {"Give the app the scopes 'api' and 'refresh_token', and allow it under API Access Control; then refresh the "
        "account.",
        "Setup > Apps > the app > OAuth Settings"}},
      {"api_headroom",
       {"Wait until requests of the last 24 hours fall out of the count, find who spends them, or buy more.",
        "Setup > Environments > System Overview > API Usage"}},
      {"run_as_user", {"Enable the Client Credentials Flow and choose an active user to run as.", app_policy_path}},
      {"my_domain_host",
       {"Use the token endpoint on the org's own host: https://MYDOMAIN.my.salesforce.com/services/oauth2/token.",
        "Setup > Company Settings > My Domain"}},
  };
  for (const auto& [name, way] : ways) {
    if (name == check) return way;
  }
  return {};
}

Check Tally::to_check(std::string check, std::string fix, std::string setup_path, std::string nothing) const {
  if (empty()) return not_asked_for(std::move(check), std::move(nothing));
  if (bad_.empty() && unknown_.empty()) return passed(std::move(check), joined(good_));
  std::vector<std::string> words = bad_;
  words.insert(words.end(), unknown_.begin(), unknown_.end());
  WayOut out{std::move(fix), std::move(setup_path)};
  return bad_.empty() ? untold(std::move(check), joined(words), std::move(out))
                      : failed(std::move(check), joined(words), std::move(out));
}

// On setup objects Salesforce says that they or their fields do not exist to whoever may not see them.
std::string why_unknown(const std::optional<base::Error>& refusal, std::string_view who_can) {
  if (!refusal) return fmt::format("it could not be asked; {} can tell", who_can);
  constexpr std::array<std::string_view, 5> words_for_no_right{"INVALID_TYPE", "INVALID_FIELD", "INSUFFICIENT_ACCESS",
                                                               "NOT_FOUND", "requires a user with"};
  const bool has_no_right =
      std::any_of(words_for_no_right.begin(), words_for_no_right.end(),
                  [&](std::string_view words) { return refusal->message.find(words) != std::string::npos; });
  if (has_no_right) return fmt::format("the linked user may not look; {} can tell", who_can);
  return fmt::format("Salesforce did not say: {}", refusal->message);
}

}  // namespace connectors::salesforce
