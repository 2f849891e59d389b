#include "local_org/setup_tables.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <set>

#include "base/crypto.hpp"
#include "local_org/record_id.hpp"
#include "local_org/setup_app_records.hpp"
#include "local_org/setup_permission_records.hpp"

namespace local_org {
namespace {

struct SetupTable {
  std::string_view object;
  std::vector<SetupRecord> (*records)(const SetupFacts& facts);
};

constexpr SetupTable setup_tables[] = {
    {"AuthSession", auth_sessions},
    {"ConnectedApplication", connected_applications},
    {"ExternalClientApplication", external_client_applications},
    {"ExtlClntAppOauthPlcyCnfg", external_client_app_policies},
    {"FieldPermissions", field_permissions},
    {"OauthToken", oauth_tokens},
    {"ObjectPermissions", object_permissions},
    {"PermissionSet", permission_set_records},
    {"PermissionSetAssignment", permission_set_assignments},
    {"Profile", profile_records},
    {"SetupEntityAccess", setup_entity_access},
    {"UserPermissionAccess", user_permission_access},
};

const SetupTable* setup_table_of(const Object& object) {
  const auto* const found = std::find_if(std::begin(setup_tables), std::end(setup_tables),
                                         [&](const SetupTable& table) { return table.object == object.name; });
  return found == std::end(setup_tables) ? nullptr : found;
}

}  // namespace

void SetupTables::refresh(std::span<const Object* const> objects, const Session& asker) {
  std::set<const Object*> stale;
  std::copy_if(objects.begin(), objects.end(), std::inserter(stale, stale.end()),
               [](const Object* object) { return setup_table_of(*object) != nullptr; });
  if (stale.empty()) return;
  const Object& organization = *org_.schema().find("Organization");
  const std::optional<Record> org = org_.store().find(organization, sessions_.credentials().org_id);
  const SetupFacts facts{
      .schema = org_.schema(),
      .sessions = sessions_,
      .policies = policies_,
      .permissions = permissions_,
      .asker = asker,
      .now = clock_.now(),
      .made_at = org ? (*org)[organization.index_of(*organization.find("CreatedDate"))] : base::sql::Value()};
  RecordStore::Transaction transaction(org_.store());
  for (const Object* object : stale) {
    org_.store().clear(*object);
    for (const SetupRecord& record : setup_table_of(*object)->records(facts)) {
      const std::string id = record.id.empty() ? setup_record_id(*object, record.key) : record.id;
      org_.plant(*object, id, record.values);
    }
  }
  transaction.commit();
}

std::string setup_record_id(const Object& object, std::string_view key) {
  // Six bytes fit into an id's nine digits, and no key but a guessed one has the same.
  std::int64_t number = 0;
  for (const char c : base::sha256(key).substr(0, 6)) number = number * 256 + static_cast<unsigned char>(c);
  return make_record_id(object.key_prefix.empty() ? "000" : object.key_prefix, number);
}

}  // namespace local_org
