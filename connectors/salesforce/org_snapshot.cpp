#include "connectors/salesforce/org_snapshot.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/crypto.hpp"
#include "base/json_reader.hpp"
#include "connectors/errors.hpp"
#include "connectors/salesforce/errors.hpp"

namespace connectors::salesforce {

namespace {

constexpr std::array kept_of_object{"name",       "label",     "keyPrefix", "custom",         "createable",
                                    "updateable", "deletable", "queryable", "recordTypeInfos"};
constexpr std::array kept_of_field{"name",
                                   "label",
                                   "type",
                                   "length",
                                   "precision",
                                   "scale",
                                   "digits",
                                   "nillable",
                                   "defaultedOnCreate",
                                   "createable",
                                   "updateable",
                                   "filterable",
                                   "permissionable",
                                   "custom",
                                   "externalId",
                                   "idLookup",
                                   "unique",
                                   "caseSensitive",
                                   "autoNumber",
                                   "calculated",
                                   "nameField",
                                   "restrictedPicklist",
                                   "dependentPicklist",
                                   "controllerName",
                                   "picklistValues",
                                   "referenceTo",
                                   "relationshipName",
                                   "compoundFieldName"};

template <std::size_t size>
nlohmann::json kept_members(const nlohmann::json& whole, const std::array<const char*, size>& names) {
  nlohmann::json kept = nlohmann::json::object();
  for (const char* name : names)
    if (const auto found = whole.find(name); found != whole.end()) kept[name] = *found;
  return kept;
}

std::string text_of_describe(const nlohmann::json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flag_of_describe(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

// Objects to which the paths of `need` lead, by what the object's own description says: Account of Account.Name.
std::vector<std::string> objects_of_paths(const ObjectNeed& need, const nlohmann::json& described) {
  std::vector<std::string> objects;
  for (const FieldNeed& field : need.fields) {
    const std::size_t dot = field.name.find('.');
    if (dot == std::string::npos) continue;
    for (const nlohmann::json& known : described.at("fields")) {
      if (!same_api_name(text_of_describe(known, "relationshipName"), std::string_view(field.name).substr(0, dot)))
        continue;
      if (const auto targets = known.find("referenceTo"); targets != known.end() && targets->is_array())
        for (const nlohmann::json& target : *targets)
          if (target.is_string()) objects.push_back(target.get<std::string>());
    }
  }
  return objects;
}

}  // namespace

std::string OrgSnapshot::fingerprint() const {
  std::string all;
  for (const auto& [name, description] : objects) all += name + "\n" + description + "\n";
  return "sha256:" + base::to_hex(base::sha256(all));
}

base::Result<std::string> kept_description(std::string_view describe) {
  base::Result<nlohmann::json> whole = base::parse_json(describe);
  if (!whole) return std::move(whole).error();
  const auto fields = whole->is_object() ? whole->find("fields") : whole->end();
  if (fields == whole->end() || !fields->is_array() || text_of_describe(*whole, "name").empty())
    return base::Error{org_snapshot_unreadable, "the org's description of an object has no name or no fields"};
  nlohmann::json kept = kept_members(*whole, kept_of_object);
  nlohmann::json list = nlohmann::json::array();
  for (const nlohmann::json& field : *fields)
    if (field.is_object()) list.push_back(kept_members(field, kept_of_field));
  std::sort(list.begin(), list.end(), [](const nlohmann::json& a, const nlohmann::json& b) {
    return text_of_describe(a, "name") < text_of_describe(b, "name");
  });
  for (nlohmann::json& type : kept["recordTypeInfos"])
    if (type.is_object()) type.erase("urls");
  kept["fields"] = std::move(list);
  return kept.dump(2) + "\n";
}

base::awaitable<base::Result<OrgSnapshot>> take_org_snapshot(Client& client, std::string account_id,
                                                             std::string api_version, OrgNeeds needs,
                                                             IfObjectIsGone if_gone) {
  OrgSnapshot snapshot;
  snapshot.api_version = std::move(api_version);
  base::Result<Soql> question = SoqlBuilder("Organization").select("Id").select("IsSandbox").build();
  if (!question) co_return question.error();
  CallOptions options;
  base::Result<base::JsonText> rows = co_await client.query(account_id, *question, 2, options);
  if (!rows) co_return rows.error();
  base::Result<nlohmann::json> organization = base::parse_json(rows->text);
  if (!organization || organization->size() != 1)
    co_return base::Error{org_snapshot_unreadable, "the org does not say which one it is"};
  snapshot.org_id = text_of_describe(organization->front(), "Id");
  snapshot.environment = flag_of_describe(organization->front(), "IsSandbox") ? "sandbox" : "production";

  // Objects that paths lead to are added while it goes on.
  for (std::size_t at = 0; at < needs.objects.size(); ++at) {
    const std::string object = needs.objects[at].object;
    CallOptions describe_options;
    base::Result<base::JsonText> describe = co_await client.describe(account_id, object, describe_options);
    if (!describe && if_gone == IfObjectIsGone::leave_out && says_not_found(describe.error())) continue;
    if (!describe) co_return describe.error();
    base::Result<std::string> kept = kept_description(describe->text);
    if (!kept) co_return kept.error();
    const nlohmann::json described = nlohmann::json::parse(*kept);
    for (std::string& target : objects_of_paths(needs.objects[at], described)) {
      ObjectNeed need;
      need.object = std::move(target);
      needs.add(std::move(need));
    }
    snapshot.objects[text_of_describe(described, "name")] = *std::move(kept);
  }
  co_return snapshot;
}

base::awaitable<base::Result<OrgNeeds>> all_objects(Client& client, std::string account_id) {
  CallOptions options;
  base::Result<base::JsonText> answer = co_await client.get(std::move(account_id), "/sobjects", options);
  if (!answer) co_return answer.error();
  base::Result<nlohmann::json> list = base::parse_json(answer->text);
  if (!list || !list->is_object() || !list->contains("sobjects"))
    co_return base::Error{org_snapshot_unreadable, "the org does not list its objects"};
  OrgNeeds needs;
  const nlohmann::json& objects = (*list)["sobjects"];
  for (const nlohmann::json& object : objects) {
    if (!flag_of_describe(object, "queryable") && !flag_of_describe(object, "createable")) continue;
    ObjectNeed need;
    need.object = text_of_describe(object, "name");
    needs.add(std::move(need));
  }
  co_return needs;
}

}  // namespace connectors::salesforce
