#include "connectors/salesforce/doctor_checks.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "connectors/accounts/endpoint_url.hpp"
#include "connectors/salesforce/doctor_questions.hpp"

namespace connectors::salesforce {

namespace {

constexpr std::string_view profile_admin = "an admin with 'View Setup and Configuration'";
constexpr std::string_view app_admin = "an admin with 'Customize Application'";
constexpr const char* session_path = "Setup > Security > Session Settings";
constexpr const char* app_policy_path =
    "Setup > Apps > External Client Apps > External Client App Manager (or Connected Apps > Manage Connected Apps) > "
    "the app > OAuth Policies";

// Salesforce's words when it keeps a login or a call out, and the requirement that they speak of. The first row that
// is found in them counts.
struct RefusalRow {
  std::string_view words;
  std::string_view check;
  std::string_view meaning;
};

constexpr RefusalRow refusal_table[] = {
    {"ip restricted", "login_ip", "the user's login IP ranges keep this server out"},
    {"IP_ADDRESS_NOT_ALLOWED", "login_ip", "the user's login IP ranges keep this server out"},
    {"not admin approved", "permitted_users", "the app is for users that an admin has approved, and this one is not"},
    {"hasn't approved this consumer", "permitted_users", "the user has not let the app in, and no admin has"},
    {"app must be installed", "app_installed", "the app is not installed in the org"},
    {"no client credentials user", "run_as_user", "the app has no user to run as"},
    {"flow not enabled", "run_as_user", "the app does not allow the client credentials flow"},
    {"flow is not enabled", "run_as_user", "the app does not allow the client credentials flow"},
    {"not supported on this domain", "my_domain_host", "this login works only on the org's own My Domain host"},
    {"expired access/refresh token", "refresh_policy",
     "the refresh token is dead: revoked, replaced, pushed out by a sixth approval of the same user and app, or ended "
     "by "
     "the app's refresh token policy"},
    {"API_DISABLED_FOR_ORG", "api_enabled", "the API is off for this org or for the user's profile"},
    {"API_CURRENTLY_DISABLED", "api_enabled", "the API is off for this user"},
    {"not enabled for this", "api_enabled", "the API is off for this org or user"},
    {"not valid for use with the REST API", "scopes",
     "the token lacks the scope 'api', or the org lets only apps of its list use the API"},
};

const RefusalRow* row_of(const std::optional<base::Error>& refusal) {
  if (!refusal) return nullptr;
  for (const RefusalRow& row : refusal_table) {
    if (refusal->message.find(row.words) != std::string::npos) return &row;
  }
  return nullptr;
}

std::string joined(const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, "; ")); }

Check passed(std::string check, std::string message) {
  return {.check = std::move(check), .verdict = Verdict::pass, .message = std::move(message)};
}

Check not_asked_for(std::string check, std::string message) {
  return {.check = std::move(check), .verdict = Verdict::not_applicable, .message = std::move(message)};
}

// A failed or unknown check, with its way out.
struct WayOut {
  std::string fix;
  std::string setup_path;
};

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

std::string ranges_in_words(const std::vector<LoginRange>& ranges) {
  std::vector<std::string> words;
  for (const LoginRange& range : ranges) words.push_back(base::to_string(range.range));
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string profile_in_words(const OrgFacts& facts) {
  return facts.user && !facts.user->profile_name.empty() ? fmt::format("the profile '{}'", facts.user->profile_name)
                                                         : "the user's profile";
}

bool is_server_to_server(const Patient& patient) { return patient.login == LoginKind::client_credentials; }

// Of an External Client App or a Connected App, whichever the org has under that name.
struct KnownPolicy {
  std::optional<AppPolicy> policy{};
  std::string why_not{};
};

KnownPolicy known_policy(const OrgFacts& facts) {
  if (facts.connected_app && !facts.connected_app->empty()) return {facts.connected_app->front()};
  if (facts.client_app_policy) return {*facts.client_app_policy};
  if (!facts.apps) return {{}, why_unknown(facts.apps.refusal, app_admin)};
  if (facts.apps->empty()) return {{}, "no app holds a token of the user"};
  for (const std::optional<base::Error>* refusal :
       {&facts.client_app_policy.refusal, &facts.connected_app.refusal, &facts.client_app.refusal}) {
    if (*refusal) return {{}, why_unknown(*refusal, app_admin)};
  }
  return {{}, fmt::format("the org has no policies for the app '{}', which is not installed", app_name(facts))};
}

// The checks below are asked only once Salesforce has let the user in.

Check judge_api_enabled(const Patient&, const OrgFacts&) {
  return passed("api_enabled", "the API answers the linked user");
}

// All that the operator has named was seen to work, which takes single addresses.
bool all_proven(const base::IpRanges& egress, const std::vector<std::string>& addresses) {
  return !egress.empty() && std::all_of(egress.begin(), egress.end(), [&](const base::IpRange& range) {
    return range.first == range.last &&
           std::find(addresses.begin(), addresses.end(), base::to_string(range.first)) != addresses.end();
  });
}

Check judge_login_ip_by_signs(const Patient& patient, const OrgFacts& facts) {
  const std::string unreadable =
      why_unknown(facts.login_ranges.asked ? facts.login_ranges.refusal : facts.user.refusal, profile_admin);
  if (!facts.login_addresses || facts.login_addresses->empty())
    return untold("login_ip",
                  "the login worked; whether it works from every address of this server is open: " + unreadable,
                  way_out_of("login_ip"));
  const std::string& address = facts.login_addresses->front();
  if (all_proven(patient.egress, *facts.login_addresses))
    return passed("login_ip", fmt::format("logins from every outgoing address worked, the last one from {}", address));
  return untold("login_ip",
                fmt::format("a login worked from {}; other outgoing addresses are not proven: {}", address, unreadable),
                way_out_of("login_ip"));
}

Check judge_login_ip(const Patient& patient, const OrgFacts& facts) {
  if (!facts.login_ranges) return judge_login_ip_by_signs(patient, facts);
  const std::string profile = profile_in_words(facts);
  if (facts.login_ranges->empty()) return passed("login_ip", profile + " has no login IP ranges");
  const KnownPolicy app = known_policy(facts);
  if (app.policy && app.policy->relaxes_login_ranges)
    return passed("login_ip", "the app relaxes IP restrictions, so the login IP ranges do not bind it");
  const std::string ranges = ranges_in_words(*facts.login_ranges);
  if (patient.egress.empty())
    return untold(
        "login_ip",
        fmt::format("{} allows logins from {}; this server was not told its own outgoing addresses", profile, ranges),
        {"Start the server with --egress and its outgoing addresses; compare them with the ranges.",
         way_out_of("login_ip").setup_path});
  base::IpRanges allowed;
  for (const LoginRange& range : *facts.login_ranges) allowed.push_back(range.range);
  std::vector<std::string> missing;
  for (const base::IpRange& range : patient.egress) {
    if (!base::covers(allowed, range)) missing.push_back(base::to_string(range));
  }
  if (missing.empty()) return passed("login_ip", fmt::format("{} allows this server: {}", profile, ranges));
  return failed("login_ip",
                fmt::format("{} allows logins from {} only, without {}", profile, ranges, fmt::join(missing, ", ")),
                way_out_of("login_ip"));
}

Check judge_every_request(const Patient&, const OrgFacts& facts) {
  const std::string name = "login_ip_enforced_every_request";
  if (!facts.session_settings)
    return untold(
        name,
        why_unknown(facts.session_settings.refusal, "an admin with 'Modify Metadata Through Metadata API Functions'"),
        way_out_of(name));
  if (!facts.session_settings->enforce_login_ranges)
    return passed(name, "login IP ranges bind at login, not on every request");
  if (facts.login_ranges && facts.login_ranges->empty())
    return passed(name, "it is on, but the user's profile has no login IP ranges that could bind");
  return failed(
      name,
      "login IP ranges are enforced on every request: one from another outgoing address ends in the middle of "
      "a run",
      way_out_of(name));
}

Check judge_session_locking(const Patient&, const OrgFacts& facts) {
  const std::string name = "session_locking";
  if (!facts.session_settings)
    return untold(
        name,
        why_unknown(facts.session_settings.refusal, "an admin with 'Modify Metadata Through Metadata API Functions'") +
            "; a session that dies when the address changes is the sign of it",
        way_out_of(name));
  const SessionSettings& settings = *facts.session_settings;
  const std::string all = fmt::format(
      "locked to the IP address: {}; locked to the domain: {}; login IP ranges on "
      "every request: {}",
      settings.lock_to_ip ? "yes" : "no", settings.lock_to_domain ? "yes" : "no",
      settings.enforce_login_ranges ? "yes" : "no");
  if (!settings.lock_to_ip && !settings.lock_to_domain) return passed(name, "sessions: " + all);
  return failed(name, "sessions: " + all, way_out_of(name));
}

Check judge_refresh_policy(const Patient& patient, const OrgFacts& facts) {
  using RefreshToken = AppPolicy::RefreshToken;
  const std::string name = "refresh_policy";
  if (patient.login != LoginKind::refresh_token) return not_asked_for(name, "this login has no refresh token");
  const KnownPolicy app = known_policy(facts);
  if (!app.policy)
    return untold(name, "the refresh token works today; its policy is not known: " + app.why_not, way_out_of(name));
  const std::string& lifetime = app.policy->lifetime;
  switch (app.policy->refresh_token) {
    case RefreshToken::until_revoked: return passed(name, "the refresh token is valid until it is revoked");
    case RefreshToken::until_unused:
      return passed(name, fmt::format("the refresh token ends when it is not used for {}; an account that runs keeps "
                                      "it alive, and Salesforce offers nothing longer in such orgs",
                                      lifetime.empty() ? "a time" : lifetime));
    case RefreshToken::fixed_lifetime:
      return failed(name, fmt::format("the refresh token ends {} after the login, used or not", lifetime),
                    way_out_of(name));
    case RefreshToken::at_once:
      return failed(name, "the refresh token ends at once, so nothing can run once the session is over",
                    way_out_of(name));
    case RefreshToken::unknown: break;
  }
  return untold(name, "Salesforce does not say what the app's refresh token policy is", way_out_of(name));
}

Check judge_permitted_users(const Patient& patient, const OrgFacts& facts) {
  const std::string name = "permitted_users";
  if (is_server_to_server(patient)) return not_asked_for(name, "nobody authorises the app: it runs as its own user");
  if (patient.login != LoginKind::refresh_token)
    return passed(name, "the user logs in, so an admin has approved the app");
  const KnownPolicy app = known_policy(facts);
  if (!app.policy || !app.policy->admin_approved_only)
    return untold(name,
                  "this user is let in today; whether all may authorise the app is not known" +
                      (app.why_not.empty() ? std::string() : ": " + app.why_not),
                  way_out_of(name));
  if (!*app.policy->admin_approved_only) return passed(name, "all users may authorise the app themselves");
  if (facts.app_access && *facts.app_access)
    return passed(name, "only users approved by an admin may use the app, and this one is approved");
  if (!facts.app_access)
    return untold(name,
                  "only users approved by an admin may use the app; whether this one is approved is not known: " +
                      why_unknown(facts.app_access.refusal, app_admin),
                  way_out_of(name));
  return failed(name, "only users approved by an admin may use the app, and this one is not", way_out_of(name));
}

Check judge_app_installed(const Patient& patient, const OrgFacts& facts) {
  const std::string name = "app_installed";
  if (patient.login != LoginKind::refresh_token)
    return passed(name, "the org lets the app log in by itself, so it is there");
  const bool is_here =
      (facts.connected_app && !facts.connected_app->empty()) || (facts.client_app && !facts.client_app->empty());
  if (is_here) return passed(name, fmt::format("the app '{}' is installed in the org", app_name(facts)));
  if (!facts.connected_app || !facts.client_app) {
    const KnownPolicy app = known_policy(facts);
    return untold(name, "whether the app is installed is not known: " + app.why_not, way_out_of(name));
  }
  if (facts.approves_uninstalled_apps && *facts.approves_uninstalled_apps)
    return passed(name,
                  fmt::format("the app '{}' is not installed, but the user may approve such apps", app_name(facts)));
  return failed(
      name,
      fmt::format("the app '{}' is not installed in the org: since September 2025 users cannot log in through "
                  "it any more, only those who had done so before",
                  app_name(facts)),
      way_out_of(name));
}

Check judge_environment(const Patient& patient, const OrgFacts& facts) {
  const std::string name = "environment";
  if (!facts.is_sandbox) return untold(name, why_unknown(facts.is_sandbox.refusal, profile_admin), way_out_of(name));
  const Environment real = *facts.is_sandbox ? Environment::sandbox : Environment::production;
  if (real == patient.environment) return passed(name, fmt::format("the org is {}", connectors::to_string(real)));
  return failed(name,
                fmt::format("the account is linked as {}, but the org is {}",
                            connectors::to_string(patient.environment), connectors::to_string(real)),
                way_out_of(name));
}

Check judge_scopes(const Patient& patient, const OrgFacts&) {
  return passed("scopes", patient.login == LoginKind::refresh_token
                              ? "the token works with the API ('api'), and there is a refresh token ('refresh_token')"
                              : "the token works with the API ('api')");
}

Check judge_headroom(const Patient&, const OrgFacts& facts) {
  const std::string name = "api_headroom";
  if (!facts.requests) return untold(name, why_unknown(facts.requests.refusal, profile_admin), way_out_of(name));
  const RequestLimit& limit = *facts.requests;
  const std::string left = fmt::format("{} of {} requests of the last 24 hours are left", limit.remaining, limit.max);
  // A tenth is what an ordinary day's peak may need.
  if (limit.remaining * 10 >= limit.max) return passed(name, left);
  return failed(name, left, way_out_of(name));
}

Check judge_run_as_user(const Patient& patient, const OrgFacts& facts) {
  const std::string name = "run_as_user";
  if (!is_server_to_server(patient)) return not_asked_for(name, "the account logs in as the user who linked it");
  if (!facts.user) return untold(name, why_unknown(facts.user.refusal, profile_admin), way_out_of(name));
  if (!facts.user->active)
    return failed(name, fmt::format("the app runs as {}, who is not active", facts.user->username), way_out_of(name));
  return passed(name, fmt::format("the app runs as {}", facts.user->username));
}

Check judge_my_domain(const Patient& patient, const OrgFacts&) {
  const std::string name = "my_domain_host";
  if (!is_server_to_server(patient)) return not_asked_for(name, "only a server-to-server login needs it");
  const std::optional<EndpointUrl> url = parse_endpoint_url(patient.token_url);
  const std::string host = url ? url->host : "";
  if (host != "login.salesforce.com" && host != "test.salesforce.com")
    return passed(name, fmt::format("the token endpoint is on {}", host));
  return failed(name, fmt::format("{} is no org's own host", host), way_out_of(name));
}

// The account-wide requirements, in the order in which they are told; the objects' stand in their midst.
struct AccountCheck {
  std::string_view name;
  Check (*judge)(const Patient&, const OrgFacts&);
};

constexpr AccountCheck before_objects[] = {
    {"api_enabled", judge_api_enabled},
    {"login_ip", judge_login_ip},
    {"login_ip_enforced_every_request", judge_every_request},
};

constexpr AccountCheck behind_objects[] = {
    {"session_locking", judge_session_locking}, {"refresh_policy", judge_refresh_policy},
    {"permitted_users", judge_permitted_users}, {"app_installed", judge_app_installed},
    {"environment", judge_environment},         {"scopes", judge_scopes},
    {"api_headroom", judge_headroom},           {"run_as_user", judge_run_as_user},
    {"my_domain_host", judge_my_domain},
};

constexpr std::array object_checks{"record_types", "view_all", "modify_all", "create", "read", "edit"};

// Nobody was let in: the requirement that Salesforce speaks of fails, all others are open.
Check without_session(std::string_view check, const RefusalRow* row, const base::Error& refusal) {
  if (row && row->check == check)
    return failed(std::string(check), fmt::format("{} (Salesforce: {})", row->meaning, refusal.message),
                  way_out_of(check));
  return untold(std::string(check), "Salesforce did not let the account in, so nothing could be asked", {});
}

Check judge_login(const OrgFacts& facts) {
  if (facts.user_id) {
    const std::string who = facts.user ? facts.user->username : *facts.user_id;
    return passed("login", fmt::format("logged in as {}", who));
  }
  const RefusalRow* row = row_of(facts.user_id.refusal);
  if (row) return untold("login", fmt::format("see {}", row->check), {});
  const std::string words = facts.user_id.refusal ? facts.user_id.refusal->message : "Salesforce was not asked";
  const bool is_passing = facts.user_id.refusal && facts.user_id.refusal->code.kind != base::Kind::blocked &&
                          facts.user_id.refusal->code.kind != base::Kind::permanent;
  return is_passing ? untold("login", words, {"Try again later.", ""}) : failed("login", words, way_out_of("login"));
}

}  // namespace

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

std::vector<Check> judge(const Patient& patient, const OrgNeeds& needs, const OrgFacts& facts) {
  const bool is_in = facts.user_id.value.has_value();
  const RefusalRow* row = row_of(facts.user_id.refusal);
  const base::Error refusal = facts.user_id.refusal.value_or(base::Error{});
  std::vector<Check> checks{judge_login(facts)};
  for (const AccountCheck& one : before_objects)
    checks.push_back(is_in ? one.judge(patient, facts) : without_session(one.name, row, refusal));
  if (needs.empty()) {
    for (const char* name : object_checks)
      checks.push_back(not_asked_for(name, "checked for a workflow: --workflow names it"));
  } else if (is_in) {
    for (Check& check : judge_objects(needs, facts)) checks.push_back(std::move(check));
  } else {
    for (const char* name : object_checks) checks.push_back(without_session(name, row, refusal));
  }
  for (const AccountCheck& one : behind_objects)
    checks.push_back(is_in ? one.judge(patient, facts) : without_session(one.name, row, refusal));
  return checks;
}

}  // namespace connectors::salesforce
