#include "connectors/salesforce/doctor_checks.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "connectors/salesforce/doctor_app.hpp"
#include "connectors/salesforce/doctor_sessions.hpp"
#include "connectors/salesforce/doctor_verdicts.hpp"

namespace connectors::salesforce {

namespace {

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

// The checks below are asked only once Salesforce has let the user in.

Check judge_api_enabled(const Patient&, const OrgFacts&) {
  return passed("api_enabled", "the API answers the linked user");
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

Check judge_headroom(const Patient&, const OrgFacts& facts) {
  const std::string name = "api_headroom";
  if (!facts.requests) return untold(name, why_unknown(facts.requests.refusal, profile_admin), way_out_of(name));
  const RequestLimit& limit = *facts.requests;
  const std::string left = fmt::format("{} of {} requests of the last 24 hours are left", limit.remaining, limit.max);
  // A tenth is what an ordinary day's peak may need.
  if (limit.remaining * 10 >= limit.max) return passed(name, left);
  return failed(name, left, way_out_of(name));
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
