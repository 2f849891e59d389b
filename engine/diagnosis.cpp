#include "engine/diagnosis.hpp"

#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"

namespace engine {

bool sees_account(const AccountLookUp& look_up, const std::optional<std::string>& viewer, const std::string& account_id,
                  bool is_personal) {
  if (!viewer) return true;
  const std::optional<AccountFacts> account = look_up ? look_up(account_id) : std::nullopt;
  return account ? may_be_shown(*account, *viewer) : !is_personal;
}

base::JsonText diagnosis_for(const base::JsonText& stored, const AccountLookUp& look_up,
                             const std::optional<std::string>& viewer) {
  base::Result<nlohmann::json> read = base::parse_json(stored.text);
  if (!read || !read->is_object()) return {"{}"};
  nlohmann::json& told = *read;
  for (const char* name : {"account", "salesforce_user"}) told.erase(name);  // older logs hold them
  const std::string id = told.value("bound_to", "");
  if (id.empty()) return {told.dump()};
  if (!sees_account(look_up, viewer, id, told.value("origin", "") == "workflows")) {
    for (const char* name : {"bound_to", "holder", "shared_with", "last_success"}) told.erase(name);
    return {told.dump()};
  }
  if (const std::optional<AccountFacts> account = look_up ? look_up(id) : std::nullopt) {
    told["account"] = account->name;
    if (!account->salesforce_user.empty()) told["salesforce_user"] = account->salesforce_user;
    if (!account->state_reason.empty()) told["state_reason"] = account->state_reason;
  }
  return {told.dump()};
}

}  // namespace engine
