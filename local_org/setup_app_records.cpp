// What the setup objects say of the app, its tokens and its sessions.
#include "local_org/setup_app_records.hpp"

#include <chrono>
#include <cstdint>

namespace local_org {
namespace {

using base::sql::Null;
using base::sql::Value;

constexpr std::int64_t seconds_of_hour = 3600;
constexpr std::int64_t seconds_of_day = 24 * seconds_of_hour;

std::int64_t whole_seconds(base::TimePoint at) { return base::to_millis(std::chrono::floor<std::chrono::seconds>(at)); }

bool is_there_as(const SetupFacts& facts, std::string_view kind) {
  return facts.policies.installed && facts.policies.app_kind == kind;
}

// How long a refresh token lives, in whole hours or, where it comes out even, in days.
struct Validity {
  Value period{Null{}};
  Value unit{Null{}};
};

Validity validity_of(const AppPolicies& policies) {
  if (policies.refresh_token_policy == "Infinite" || policies.refresh_token_policy == "Zero") return {};
  const std::int64_t seconds = policies.refresh_token_seconds;
  if (seconds > 0 && seconds % seconds_of_day == 0) return {seconds / seconds_of_day, std::string("Days")};
  return {(seconds + seconds_of_hour - 1) / seconds_of_hour, std::string("Hours")};
}

}  // namespace

// A connected app says "until revoked" by having no period, and "at once" by one of nothing.
std::vector<SetupRecord> connected_applications(const SetupFacts& facts) {
  if (!is_there_as(facts, "ConnectedApplication")) return {};
  const AppPolicies& policies = facts.policies;
  SetupRecord app{"app", stamps(facts)};
  app.values.insert(
      app.values.end(),
      {{"Name", policies.app_name},
       {"OptionsAllowAdminApprovedUsersOnly", flag(policies.permitted_users != "AllSelfAuthorized")},
       {"OptionsRefreshTokenValidityMetric", flag(policies.refresh_token_policy == "SpecificInactivity")},
       {"RefreshTokenValidityPeriod",
        policies.refresh_token_policy == "Zero" ? Value(std::int64_t{0}) : validity_of(policies).period}});
  return {std::move(app)};
}

std::vector<SetupRecord> external_client_applications(const SetupFacts& facts) {
  if (!is_there_as(facts, "ExternalClientApplication")) return {};
  SetupRecord app{"app", stamps(facts)};
  app.values.insert(app.values.end(), {{"DeveloperName", std::string("LocalApp")},
                                       {"MasterLabel", facts.policies.app_name},
                                       {"Language", std::string("en_US")},
                                       {"ContactEmail", facts.sessions.credentials().username},
                                       {"DistributionState", std::string("Local")}});
  return {std::move(app)};
}

std::vector<SetupRecord> external_client_app_policies(const SetupFacts& facts) {
  if (!is_there_as(facts, "ExternalClientApplication")) return {};
  const AppPolicies& policies = facts.policies;
  const Validity validity = validity_of(policies);
  SetupRecord record{"policies", stamps(facts)};
  record.values.insert(record.values.end(), {{"DeveloperName", std::string("LocalApp_oauthPlcy")},
                                             {"MasterLabel", policies.app_name},
                                             {"Language", std::string("en_US")},
                                             {"ExternalClientApplicationId",
                                              setup_record_id(*facts.schema.find("ExternalClientApplication"), "app")},
                                             {"PermittedUsersPolicyType", policies.permitted_users},
                                             {"RefreshTokenPolicyType", policies.refresh_token_policy},
                                             {"RefreshTokenValidityPeriod", validity.period},
                                             {"RefreshTokenValidityUnit", validity.unit},
                                             {"IpRelaxationPolicyType", policies.ip_relaxation},
                                             {"RequiredSessionLevel", std::string("STANDARD")}});
  return {std::move(record)};
}

// The tokens themselves are not in it: who may query this object should not get hold of them.
std::vector<SetupRecord> oauth_tokens(const SetupFacts& facts) {
  std::vector<SetupRecord> records;
  for (const Approval& approval : facts.sessions.approvals().all()) {
    records.push_back({approval.id,
                       {{"UserId", approval.user_id},
                        {"AppName", facts.policies.app_name},
                        {"CreatedDate", whole_seconds(approval.created_at)},
                        {"LastUsedDate", whole_seconds(approval.used_at)},
                        {"UseCount", approval.uses}}});
  }
  return records;
}

std::vector<SetupRecord> auth_sessions(const SetupFacts& facts) {
  std::vector<SetupRecord> records;
  for (const auto& [token, session] : facts.sessions.all()) {
    if (session.expires_at <= facts.now) continue;
    const bool ends = session.expires_at != base::TimePoint::max();
    const std::int64_t seconds_valid =
        ends ? std::chrono::duration_cast<std::chrono::seconds>(session.expires_at - session.opened_at).count() : 0;
    records.push_back({token,
                       {{"UsersId", session.user_id},
                        {"CreatedDate", whole_seconds(session.opened_at)},
                        {"LastModifiedDate", whole_seconds(session.opened_at)},
                        {"NumSecondsValid", seconds_valid},
                        {"UserType", std::string("Standard")},
                        {"SourceIp", session.source_ip},
                        {"LoginType", std::string("Remote Access 2.0")},
                        {"SessionType", std::string("Oauth2")},
                        {"SessionSecurityLevel", std::string("STANDARD")},
                        {"IsCurrent", flag(&session == &facts.asker)}}});
  }
  return records;
}

}  // namespace local_org
