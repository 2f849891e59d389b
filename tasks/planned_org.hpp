// An org as a plan sees it: read from the real one, with the plan's own changes laid over it. It never writes to it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.hpp"
#include "base/json_text.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "connectors/salesforce/client.hpp"
#include "connectors/salesforce/record.hpp"
#include "tasks/org_knowledge.hpp"
#include "tasks/planned_records.hpp"
#include "tasks/record_question.hpp"

namespace tasks {

enum class PlannedDoing { creates, updates, removes, posts, changes_nothing };

// What one write would do.
struct PlannedChange {
  PlannedDoing doing = PlannedDoing::changes_nothing;
  std::string object{};
  std::string id{};                       // made up for a record that would be new
  std::vector<FieldDifference> fields{};  // of a removed record: nothing
  base::Value text{};                     // of a post
  std::optional<std::int64_t> matched{};  // by the key of an upsert
};

// On which account the org is asked, and how.
struct OrgAsking {
  std::string account_id;
  connectors::salesforce::CallOptions options{};
};

class PlannedOrg {
 public:
  // `number` tells the made-up ids of one org from those of another.
  PlannedOrg(connectors::salesforce::Client& client, OrgKnowledge& knowledge, base::Clock& clock, std::size_t number)
      : client_(client), knowledge_(knowledge), clock_(clock), records_(number) {}

  // The rows that the org would find once the plan so far had been carried out.
  base::awaitable<base::Result<base::JsonText>> query(OrgAsking asking, RecordQuestion question);
  // What a write would change, laid over the org from now on; or why the org would refuse it, in the words and codes
  // it has for that. `own_key`: the run's own key where no record can have it before; "": it is looked for as any
  // other.
  base::awaitable<base::Result<PlannedChange>> change(OrgAsking asking, connectors::salesforce::RecordChange change,
                                                      std::string own_key);

  const PlannedRecords& records() const { return records_; }

 private:
  using Schema = std::shared_ptr<const connectors::salesforce::ObjectSchema>;

  base::awaitable<base::Result<Schema>> schema_of(OrgAsking asking, std::string object);
  base::awaitable<base::Result<PlannedRecord>> record(OrgAsking asking, std::string object, std::string id);
  base::awaitable<base::Result<PlannedRecord>> load(OrgAsking asking, std::string object, std::string path);
  base::awaitable<base::Result<std::vector<PlannedRecord>>> holding(OrgAsking asking, Schema schema,
                                                                    const connectors::salesforce::FieldSchema& field,
                                                                    base::Value value);
  base::awaitable<base::Result<base::Value>> value_behind(OrgAsking asking, Schema schema, RecordValues values,
                                                          std::string path);

  base::awaitable<base::Result<PlannedChange>> post(OrgAsking asking, connectors::salesforce::RecordChange change);
  base::awaitable<base::Result<std::string>> object_of_id(OrgAsking asking, std::string id);
  bool may_point_at(const connectors::salesforce::FieldSchema& lookup, const std::string& object) const;
  bool sees(const std::string& object) const;
  base::awaitable<base::Result<PlannedChange>> upsert(OrgAsking asking, Schema schema,
                                                      connectors::salesforce::RecordChange change, std::string own_key,
                                                      NamedValues written);
  base::awaitable<base::Result<PlannedChange>> create(OrgAsking asking, Schema schema, NamedValues written,
                                                      std::string key_field);
  base::awaitable<base::Result<PlannedChange>> update(OrgAsking asking, Schema schema, PlannedRecord target,
                                                      NamedValues written);
  base::awaitable<base::Result<PlannedChange>> remove(OrgAsking asking, Schema schema, std::string id);
  // Parents that are named by their external ids become their ids.
  base::awaitable<base::Result<NamedValues>> with_parents(OrgAsking asking, Schema schema, NamedValues written);
  // The field `but` was looked up already.
  base::awaitable<base::Status> check_unique(OrgAsking asking, Schema schema, const NamedValues& written,
                                             std::string but, std::string own_id);
  base::awaitable<base::Status> check_lookups(OrgAsking asking, Schema schema, const NamedValues& written);

  connectors::salesforce::Client& client_;
  OrgKnowledge& knowledge_;
  base::Clock& clock_;
  PlannedRecords records_;
  std::set<std::string> seen_{};  // ids of records that the org is known to have
  std::map<std::string, std::string> objects_by_prefix_{};
};

}  // namespace tasks
