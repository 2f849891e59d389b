#include "connectors/salesforce/doctor_questions.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace connectors::salesforce {

namespace {

// A question on nothing that has a name of its own.
template <void (*learn)(OrgFacts&, const OrgAnswer&)>
void learn_whole(OrgFacts& facts, std::string_view, const OrgAnswer& answer) {
  learn(facts, answer);
}

class Questions {
 public:
  template <class T>
  void ask(const Told<T>& about, OrgQuestion::Learn learn, std::string path) {
    if (!about.asked) asked_.push_back({.learn = learn, .path = std::move(path)});
  }
  template <class T>
  void query(const Told<T>& about, OrgQuestion::Learn learn, const SoqlBuilder& soql, bool is_tooling = false) {
    ask(about, learn, query_path(soql, is_tooling));
  }
  void ask_session_settings(const OrgFacts& facts) {
    if (!facts.session_settings.asked)
      asked_.push_back({.learn = learn_whole<learn_session_settings>, .is_about_session_settings = true});
  }
  // Each object once, also when several needs name it.
  void describe(const OrgFacts& facts, const std::string& object) {
    if (facts.objects.contains(object_key(object)) || !described_.insert(object_key(object)).second) return;
    asked_.push_back({.learn = learn_object,
                      .path = fmt::format("/sobjects/{}/describe", base::http::percent_encode(object)),
                      .object = object});
  }
  void record_types(const OrgFacts& facts, const std::string& object) {
    if (facts.record_types.contains(object_key(object))) return;
    SoqlBuilder soql("RecordType");
    soql.select("Id").select("DeveloperName").select("IsActive").where_equals("SobjectType", object);
    asked_.push_back({.learn = learn_record_types, .path = query_path(soql, false), .object = object});
  }

  std::vector<OrgQuestion> take() { return std::move(asked_); }

 private:
  // A query that cannot be built, e.g. for an app's name of 5000 characters, asks for nothing and is refused.
  static std::string query_path(const SoqlBuilder& soql, bool is_tooling) {
    base::Result<Soql> built = soql.build();
    return fmt::format("{}/query?q={}", is_tooling ? "/tooling" : "",
                       built ? base::http::percent_encode(built->text()) : "");
  }

  std::vector<OrgQuestion> asked_;
  std::set<std::string> described_;
};

// The parents that a path leads through are described one after the other.
void ask_about_path(Questions& questions, const OrgFacts& facts, const std::string& object, const std::string& path) {
  if (path.find('.') == std::string::npos) return;
  const FieldPlace place = place_of_field(object, path, facts);
  if (!place.object.empty()) questions.describe(facts, place.object);
}

const DescribedRecordType* record_type_of(const DescribedObject& object, const std::string& wanted) {
  for (const DescribedRecordType& type : object.record_types) {
    if (type.developer_name == wanted || type.id.substr(0, 15) == wanted.substr(0, 15)) return &type;
  }
  return nullptr;
}

void ask_about_objects(Questions& questions, const OrgNeeds& needs, const OrgFacts& facts) {
  for (const ObjectNeed& need : needs.objects) {
    questions.describe(facts, need.object);
    for (const FieldNeed& field : need.fields) ask_about_path(questions, facts, need.object, field.name);
    const Told<DescribedObject>& described = object_of(facts, need.object);
    if (!described) continue;
    const bool lacks_one =
        std::any_of(need.record_types.begin(), need.record_types.end(), [&](const std::string& type) {
          const DescribedRecordType* known = record_type_of(*described, type);
          return !known || !known->available;
        });
    if (lacks_one) questions.record_types(facts, need.object);
  }
}

bool all_described(const OrgNeeds& needs, const OrgFacts& facts) {
  Questions open;
  ask_about_objects(open, needs, facts);
  return open.take().empty();
}

// View All and Modify All of every object that needs them, in one query.
void ask_about_object_permissions(Questions& questions, const OrgNeeds& needs, const OrgFacts& facts) {
  if (needs.empty() || !all_described(needs, facts) || !facts.permission_sets || facts.permission_sets->empty()) return;
  std::vector<std::string> objects;
  auto add = [&](const std::string& object) {
    if (!has_object_permissions(object)) return;
    if (std::find(objects.begin(), objects.end(), object) == objects.end()) objects.push_back(object);
  };
  for (const ObjectNeed& need : needs.objects) {
    if (need.update || need.remove) add(need.object);
  }
  for (const RelatedObject& related : related_objects(needs, facts)) add(related.object);
  if (objects.empty()) return;
  SoqlBuilder soql("ObjectPermissions");
  soql.select("SobjectType").select("PermissionsViewAllRecords").select("PermissionsModifyAllRecords");
  soql.where_in("SobjectType", objects).where_in("ParentId", *facts.permission_sets);
  questions.query(facts.object_permissions, learn_whole<learn_object_permissions>, soql);
}

void ask_about_user(Questions& questions, const OrgFacts& facts) {
  SoqlBuilder user("User");
  user.select("Username").select("IsActive").select("ProfileId").select("Profile.Name");
  questions.query(facts.user, learn_whole<learn_user>, user.where_equals("Id", *facts.user_id));

  SoqlBuilder permissions("UserPermissionAccess");
  permissions.select("PermissionsApiEnabled").select("PermissionsViewAllData").select("PermissionsModifyAllData");
  questions.query(facts.permissions, learn_whole<learn_permissions>, permissions.limit(1));

  SoqlBuilder sets("PermissionSetAssignment");
  questions.query(facts.permission_sets, learn_whole<learn_permission_sets>,
                  sets.select("PermissionSetId").where_equals("AssigneeId", *facts.user_id));
}

void ask_about_logins(Questions& questions, const OrgFacts& facts) {
  SoqlBuilder logins("LoginHistory");
  logins.select("SourceIp").select("Status").where_equals("UserId", *facts.user_id);
  questions.query(facts.login_addresses, learn_whole<learn_logins>, logins.order_by("LoginTime", true).limit(20));

  if (facts.user && !facts.user->profile_id.empty()) {
    // Metadata comes with one row at a time only.
    SoqlBuilder profile("Profile");
    profile.select("Id").select("Metadata").where_equals("Id", facts.user->profile_id);
    questions.query(facts.login_ranges, learn_whole<learn_profile>, profile, /*is_tooling=*/true);
  }
  questions.ask_session_settings(facts);
}

void ask_whether_approved(Questions& questions, const OrgFacts& facts, const AppPolicy& app) {
  if (!app.admin_approved_only.value_or(false) || !facts.permission_sets || facts.permission_sets->empty()) return;
  SoqlBuilder access("SetupEntityAccess");
  access.select("Id").where_equals("SetupEntityId", app.id).where_in("ParentId", *facts.permission_sets);
  questions.query(facts.app_access, learn_whole<learn_app_access>, access);
}

// Only where a person lets an app in: an org that logs an app in by itself has it installed and runs it as it says.
void ask_about_app(Questions& questions, const OrgFacts& facts) {
  SoqlBuilder tokens("OauthToken");
  tokens.select("AppName").where_equals("UserId", *facts.user_id).order_by("LastUsedDate", true).limit(20);
  questions.query(facts.apps, learn_whole<learn_apps>, tokens);

  SoqlBuilder permission("UserPermissionAccess");
  questions.query(facts.approves_uninstalled_apps, learn_whole<learn_uninstalled_apps>,
                  permission.select("PermissionsApproveUninstalledConnectedApps").limit(1));

  const std::string name = app_name(facts);
  if (name.empty()) return;
  SoqlBuilder connected("ConnectedApplication");
  connected.select("Id").select("OptionsAllowAdminApprovedUsersOnly").select("OptionsRefreshTokenValidityMetric");
  connected.select("RefreshTokenValidityPeriod").where_equals("Name", name);
  questions.query(facts.connected_app, learn_whole<learn_connected_app>, connected);

  SoqlBuilder client("ExternalClientApplication");
  questions.query(facts.client_app, learn_whole<learn_client_app>,
                  client.select("Id").where_equals("MasterLabel", name));
  if (facts.client_app && !facts.client_app->empty()) {
    SoqlBuilder policy("ExtlClntAppOauthPlcyCnfg");
    policy.select("ExternalClientApplicationId").select("PermittedUsersPolicyType").select("RefreshTokenPolicyType");
    policy.select("RefreshTokenValidityPeriod").select("RefreshTokenValidityUnit").select("IpRelaxationPolicyType");
    policy.where_equals("ExternalClientApplicationId", facts.client_app->front().id);
    questions.query(facts.client_app_policy, learn_whole<learn_client_app_policy>, policy);
  }
  if (facts.connected_app && !facts.connected_app->empty())
    ask_whether_approved(questions, facts, facts.connected_app->front());
  else if (facts.client_app_policy)
    ask_whether_approved(questions, facts, *facts.client_app_policy);
}

void add_related(std::vector<RelatedObject>& related, RelatedObject object) {
  const bool is_known = std::any_of(related.begin(), related.end(), [&](const RelatedObject& known) {
    return same_api_name(known.object, object.object) && known.may_be_another == object.may_be_another;
  });
  if (!is_known) related.push_back(std::move(object));
}

// The objects that a lookup may lead to.
void add_targets(std::vector<RelatedObject>& related, const std::string& through, const DescribedField& lookup) {
  for (const std::string& target : lookup.points_to) {
    if (has_object_permissions(target))
      add_related(related, {target, through, /*may_be_another=*/lookup.points_to.size() > 1});
  }
}

void add_along_path(std::vector<RelatedObject>& related, const ObjectNeed& need, const std::string& path,
                    const OrgFacts& facts) {
  for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1)) {
    const FieldPlace place = place_of_field(need.object, path.substr(0, dot), facts);
    const Told<DescribedObject>& from = object_of(facts, place.object);
    const DescribedField* lookup = from ? from->lookup(place.field) : nullptr;
    if (lookup) add_targets(related, fmt::format("{}.{}", need.object, path.substr(0, dot)), *lookup);
  }
}

}  // namespace

std::vector<OrgQuestion> next_questions(const Patient& patient, const OrgNeeds& needs, const OrgFacts& facts) {
  Questions questions;
  // The first one also finds out whether there is a session and an API at all; without, nothing else makes sense.
  questions.ask(facts.user_id, learn_whole<learn_user_id>, "");
  if (!facts.user_id) return questions.take();  // none, once that was refused

  ask_about_user(questions, facts);
  ask_about_objects(questions, needs, facts);
  SoqlBuilder organization("Organization");
  questions.query(facts.is_sandbox, learn_whole<learn_organization>, organization.select("IsSandbox"));
  questions.ask(facts.requests, learn_whole<learn_limits>, "/limits");
  ask_about_object_permissions(questions, needs, facts);
  if (patient.login == LoginKind::refresh_token) ask_about_app(questions, facts);
  ask_about_logins(questions, facts);
  return questions.take();
}

std::vector<OrgQuestion> next_object_questions(const OrgNeeds& needs, const OrgFacts& facts) {
  Questions questions;
  ask_about_objects(questions, needs, facts);
  return questions.take();
}

FieldPlace place_of_field(const std::string& object, const std::string& path, const OrgFacts& facts) {
  FieldPlace place{.object = object, .field = path};
  for (std::size_t dot = place.field.find('.'); dot != std::string::npos; dot = place.field.find('.')) {
    const std::string step = place.field.substr(0, dot);
    const Told<DescribedObject>& from = object_of(facts, place.object);
    if (!from) return place;  // to be described first
    const DescribedField* lookup = from->lookup(step);
    if (!lookup) return {.object = "", .field = path, .missing_step = fmt::format("{}.{}", from->name, step)};
    if (lookup->points_to.size() != 1) return {.object = "", .field = path};
    place = {.object = lookup->points_to.front(), .field = place.field.substr(dot + 1)};
  }
  return place;
}

std::vector<RelatedObject> related_objects(const OrgNeeds& needs, const OrgFacts& facts) {
  std::vector<RelatedObject> related;
  for (const ObjectNeed& need : needs.objects) {
    if (need.search && has_object_permissions(need.object)) add_related(related, {need.object, ""});
    const Told<DescribedObject>& described = object_of(facts, need.object);
    for (const FieldNeed& field : need.fields) {
      const DescribedField* written =
          described && (field.create || field.update) ? described->field(field.name) : nullptr;
      if (written) add_targets(related, fmt::format("{}.{}", need.object, field.name), *written);
      if (field.read) add_along_path(related, need, field.name, facts);
    }
  }
  return related;
}

bool has_object_permissions(std::string_view object) {
  constexpr std::array<std::string_view, 8> ungoverned{"user",     "group",    "profile",      "recordtype",
                                                       "feeditem", "userrole", "organization", "businesshours"};
  return std::find(ungoverned.begin(), ungoverned.end(), object_key(object)) == ungoverned.end();
}

std::string app_name(const OrgFacts& facts) { return facts.apps && !facts.apps->empty() ? facts.apps->front() : ""; }

}  // namespace connectors::salesforce
