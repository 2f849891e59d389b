// The org: its records and the rules that stand between a request and them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "local_org/access.hpp"
#include "local_org/record_body.hpp"
#include "local_org/record_changes.hpp"
#include "local_org/record_store.hpp"
#include "local_org/schema.hpp"
#include "local_org/soql/compiler.hpp"

namespace local_org {

struct Upserted {
  std::string id{};  // empty when several records match: nothing was written then
  bool created = false;
  std::vector<std::string> matches{};  // of several
};

struct QueryAnswer {
  std::int64_t total = 0;
  std::vector<std::string> records{};  // JSON; none for COUNT()
};

// Every verb may throw ApiError. Verbs that write run in a transaction of the caller. `user` is who does it: what it
// may not read is not there, what it may not write is refused.
class Org {
 public:
  Org(const std::string& path, Schema schema, const base::Clock& clock);

  const Schema& schema() const { return schema_; }
  RecordStore& store() { return store_; }

  // Returns the new record's id.
  std::string insert(const Object& object, const RecordBody& body, const Access& user);
  void update(const Object& object, std::string_view id, const RecordBody& body, const Access& user);
  // Finds by an external id, an id-lookup field or Id; inserts when there is none, unless only updates are wanted.
  Upserted upsert(const Object& object, std::string_view field, std::string_view value, const RecordBody& body,
                  bool update_only, const Access& user);
  void remove(const Object& object, std::string_view id, const Access& user);

  // The record with that id, as the object's URL names it.
  Record record(const Object& object, std::string_view id);
  // Ids of the records that an external id in a URL names.
  std::vector<std::string> find(const Object& object, std::string_view field, std::string_view value,
                                const Access& user);

  QueryAnswer query(std::string_view soql, bool deleted_too, std::string_view rest_path, const Access& user);
  // The two halves of it, for whoever has to see to what the query reads, in between.
  static soql::CompiledQuery compile(const soql::Query& query, bool deleted_too, const Access& user);
  QueryAnswer run(const soql::CompiledQuery& query, std::string_view rest_path);

  // A record that the org itself makes: read-only fields may be set, and nothing is required.
  void plant(const Object& object, const std::string& id,
             const std::vector<std::pair<std::string_view, base::sql::Value>>& values);

 private:
  std::string insert_changes(const Object& object, std::vector<Change> changes, const Access& user);
  void update_record(const Object& object, Record record, std::vector<Change> changes, const Access& user);
  void remove_record(const Object& object, Record record, const Access& user);
  void check_required(const Object& object, const Record& record) const;
  void check_lookup(const Field& field, base::sql::Value& value, const Access& user);
  void check_unique(const Object& object, const Field& field, const Record& record);
  void apply(const Object& object, std::vector<Change>& changes, Record& record, const Access& user);
  void stamp(const Object& object, Record& record, const std::string& user_id, bool creates) const;
  void derive(const Object& object, Record& record) const;
  static const Field& key_field(const Object& object, std::string_view name, const Access& user);
  std::int64_t now() const;

  Schema schema_;
  RecordStore store_;
  const base::Clock& clock_;
};

}  // namespace local_org
