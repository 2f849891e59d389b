// The org: its records and the rules that stand between a request and them.
#include "local_org/org.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "local_org/api_error.hpp"
#include "local_org/field_value.hpp"
#include "local_org/record_access.hpp"
#include "local_org/record_id.hpp"
#include "local_org/record_types.hpp"
#include "local_org/soql/parser.hpp"

namespace local_org {
namespace {

namespace sql = base::sql;

bool is_null(const sql::Value& value) { return std::holds_alternative<sql::Null>(value); }

void set_field(const Object& object, Record& record, std::string_view name, sql::Value value) {
  if (const Field* field = object.find(name)) record[object.index_of(*field)] = std::move(value);
}

const sql::Value* field_of(const Object& object, const Record& record, std::string_view name) {
  const Field* field = object.find(name);
  return field ? &record[object.index_of(*field)] : nullptr;
}

std::string text_of(const Object& object, const Record& record, std::string_view name) {
  const sql::Value* value = field_of(object, record, name);
  const auto* text = value ? std::get_if<std::string>(value) : nullptr;
  return text ? *text : std::string();
}

bool is_deleted(const Object& object, const Record& record) {
  const sql::Value* deleted = field_of(object, record, "IsDeleted");
  return deleted && *deleted == sql::Value(std::int64_t{1});
}

sql::Value default_value(const Field& field, std::int64_t number, const std::string& user) {
  if (field.type == FieldType::boolean) return std::int64_t{field.default_checked};
  if (field.auto_number) return fmt::format("{:08}", number);
  if (field.name == "OwnerId") return user;
  if (!field.default_choice.empty()) return field.default_choice;
  return sql::Null{};
}

ApiError id_of_wrong_type(const std::string& code, const Field& field, std::string_view id) {
  return record_error(code, fmt::format("{}: id value of incorrect type: {}", field.label, id), {field.name});
}

ApiError not_an_id(std::string_view text) {
  return {404, "NOT_FOUND", fmt::format("Provided external ID field does not exist or is not accessible: {}", text)};
}

ApiError is_gone() { return {404, "ENTITY_IS_DELETED", "entity is deleted", std::vector<std::string>{}}; }

}  // namespace

Org::Org(const std::string& path, Schema schema, const base::Clock& clock)
    : schema_(std::move(schema)), store_(path, schema_), clock_(clock) {}

std::string Org::insert(const Object& object, const RecordBody& body, const Access& user) {
  check_may_create(object, user);
  return insert_changes(object, read_changes(body, object, user, store_), user);
}

std::string Org::insert_changes(const Object& object, std::vector<Change> changes, const Access& user) {
  check_writable(object, changes, true, user);
  Record record(object.fields.size(), sql::Null{});
  const std::int64_t number = store_.next_number(object);
  for (const Field& field : object.fields)
    record[object.index_of(field)] = default_value(field, number, user.user_id());
  set_field(object, record, "Id", make_record_id(object.key_prefix, number));
  if (const RecordType* type = default_record_type(object, user))
    set_field(object, record, record_type_field, type->id);
  stamp(object, record, user.user_id(), true);
  apply(object, changes, record, user);
  for (const auto& [field, value] : changes) check_unique(object, *field, record);
  store_.insert(object, record);
  return record_id(object, record);
}

void Org::update(const Object& object, std::string_view id, const RecordBody& body, const Access& user) {
  check_may_edit(object, user);
  const std::optional<std::string> whole_id = to_record_id(id);
  if (!whole_id) throw not_an_id(id);
  if (!whole_id->starts_with(object.key_prefix)) throw id_of_wrong_type("MALFORMED_ID", *object.find("Id"), id);
  std::vector<Change> changes = read_changes(body, object, user, store_);
  std::optional<Record> record = store_.find(object, *whole_id);
  if (!record)
    throw ApiError{404, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", std::vector<std::string>{}};
  if (is_deleted(object, *record)) throw is_gone();
  update_record(object, *std::move(record), std::move(changes), user);
}

void Org::update_record(const Object& object, Record record, std::vector<Change> changes, const Access& user) {
  check_writable(object, changes, false, user);
  stamp(object, record, user.user_id(), false);
  apply(object, changes, record, user);
  for (const auto& [field, value] : changes) check_unique(object, *field, record);
  store_.update(object, record);
}

Upserted Org::upsert(const Object& object, std::string_view field, std::string_view value, const RecordBody& body,
                     bool update_only, const Access& user) {
  const Field& key = key_field(object, field, user);
  if (key.type == FieldType::id) {
    update(object, value, body, user);
    return {*to_record_id(value)};
  }
  std::optional<sql::Value> wanted = field_value_from_text(key, value);
  if (!wanted) throw not_an_id(field);
  std::vector<Change> changes = read_changes(body, object, user, store_);
  const bool key_in_body =
      std::any_of(changes.begin(), changes.end(), [&](const Change& change) { return change.first == &key; });
  if (key_in_body) {
    throw ApiError{400, "INVALID_FIELD",
                   fmt::format("The {} field should not be specified in the sobject data.", key.name)};
  }
  std::vector<std::string> ids = store_.find_ids(object, key, *wanted);
  if (ids.size() > 1) return {.matches = std::move(ids)};
  if (ids.size() == 1) {
    check_may_edit(object, user);
    update_record(object, *store_.find(object, ids.front()), std::move(changes), user);
    return {std::move(ids.front())};
  }
  if (update_only) throw not_found();
  check_may_create(object, user);
  changes.emplace_back(&key, *std::move(wanted));
  return {insert_changes(object, std::move(changes), user), true};
}

void Org::remove(const Object& object, std::string_view id, const Access& user) {
  Record doomed = record(object, id);
  check_may_delete(object, user);
  remove_record(object, std::move(doomed), user);
}

// Children go with their parent or lose their lookup, as the relationship says.
void Org::remove_record(const Object& object, Record record, const Access& user) {
  const std::string id = record_id(object, record);
  set_field(object, record, "IsDeleted", std::int64_t{1});
  stamp(object, record, user.user_id(), false);
  store_.update(object, record);
  for (const ChildRelationship& relationship : object.children) {
    const Object* child = schema_.find(relationship.object);
    const Field* lookup = child ? child->find(relationship.field) : nullptr;
    if (!lookup) continue;
    for (const std::string& child_id : store_.find_ids(*child, *lookup, id)) {
      Record child_record = *store_.find(*child, child_id);
      if (relationship.cascade_delete && child->soft_deletes) {
        remove_record(*child, std::move(child_record), user);
      } else {
        child_record[child->index_of(*lookup)] = sql::Null{};
        store_.update(*child, child_record);
      }
    }
  }
}

Record Org::record(const Object& object, std::string_view id) {
  const std::optional<std::string> whole_id = to_record_id(id);
  if (!whole_id) throw not_an_id(id);
  std::optional<Record> record = store_.find(object, *whole_id);
  if (!record) throw not_found();
  if (is_deleted(object, *record)) throw is_gone();
  return *std::move(record);
}

std::vector<std::string> Org::find(const Object& object, std::string_view field, std::string_view value,
                                   const Access& user) {
  const Field& key = key_field(object, field, user);
  const std::optional<sql::Value> wanted = field_value_from_text(key, value);
  std::vector<std::string> ids = wanted ? store_.find_ids(object, key, *wanted) : std::vector<std::string>{};
  if (ids.empty()) throw not_found();
  return ids;
}

QueryAnswer Org::query(std::string_view soql, bool deleted_too, std::string_view rest_path, const Access& user) {
  return run(compile(soql::parse(soql), deleted_too, user), rest_path);
}

soql::CompiledQuery Org::compile(const soql::Query& query, bool deleted_too, const Access& user) {
  return soql::compile(query, user, deleted_too);
}

QueryAnswer Org::run(const soql::CompiledQuery& query, std::string_view rest_path) {
  const sql::Rows rows = store_.select(query.sql, query.parameters);
  if (query.counts) return {rows.front().integer(0)};
  QueryAnswer answer{static_cast<std::int64_t>(rows.size())};
  answer.records.reserve(rows.size());
  for (const sql::Row& row : rows) {
    base::JsonWriter json;
    soql::write_record(json, query.shape, row, rest_path);
    answer.records.push_back(json.take());
  }
  return answer;
}

void Org::plant(const Object& object, const std::string& id,
                const std::vector<std::pair<std::string_view, base::sql::Value>>& values) {
  Record record(object.fields.size(), sql::Null{});
  for (const Field& field : object.fields)
    record[object.index_of(field)] = default_value(field, store_.next_number(object), id);
  set_field(object, record, "Id", id);
  for (const auto& [name, value] : values) set_field(object, record, name, value);
  derive(object, record);
  store_.insert(object, record);
}

// Sets the changes and judges the record that comes of them.
void Org::apply(const Object& object, std::vector<Change>& changes, Record& record, const Access& user) {
  for (auto& [field, value] : changes) record[object.index_of(*field)] = value;
  check_required(object, record);
  for (auto& [field, value] : changes) {
    check_field_value(*field, value);
    if (field->name == record_type_field) {
      check_record_type(object, *field, value, user);
    } else if (field->is_lookup()) {
      check_lookup(*field, value, user);
    }
    record[object.index_of(*field)] = value;
  }
  derive(object, record);
}

void Org::check_required(const Object& object, const Record& record) const {
  std::vector<std::string> missing;
  for (const Field& field : object.fields) {
    const bool must_be_there = !field.nillable && (field.createable || field.updateable);
    if (must_be_there && is_null(record[object.index_of(field)])) missing.push_back(field.name);
  }
  if (missing.empty()) return;
  throw record_error("REQUIRED_FIELD_MISSING",
                     fmt::format("Required fields are missing: [{}]", fmt::join(missing, ", ")), missing);
}

// The record must exist and be of an object that the lookup may point at. Of objects that this org does not hold, e.g.
// profiles, only the id's form is judged.
void Org::check_lookup(const Field& field, base::sql::Value& value, const Access& user) {
  if (is_null(value)) return;
  const std::string text = std::get<std::string>(value);
  const std::optional<std::string> id = to_record_id(text);
  if (!id) throw id_of_wrong_type("MALFORMED_ID", field, text);
  value = *id;
  const auto refers_to = [&](const std::string& name) {
    return std::find(field.references.begin(), field.references.end(), name) != field.references.end();
  };
  const Object* target = schema_.find_by_prefix(*id);
  const bool points_outside = !target && std::any_of(field.references.begin(), field.references.end(),
                                                     [&](const std::string& name) { return !schema_.find(name); });
  if (points_outside) return;
  if (!target || !refers_to(target->name)) throw id_of_wrong_type("FIELD_INTEGRITY_EXCEPTION", field, text);
  check_may_point_at(*target, *id, user);
  const std::optional<Record> parent = store_.find(*target, *id);
  if (!parent || is_deleted(*target, *parent))
    throw record_error("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
}

void Org::check_unique(const Object& object, const Field& field, const Record& record) {
  const sql::Value& value = record[object.index_of(field)];
  if (!field.unique || is_null(value)) return;
  for (const std::string& id : store_.find_ids(object, field, value)) {
    if (id == record_id(object, record)) continue;
    throw record_error(
        "DUPLICATE_VALUE",
        fmt::format("duplicate value found: {} duplicates value on record with id: {}", field.name, id.substr(0, 15)));
  }
}

void Org::stamp(const Object& object, Record& record, const std::string& user_id, bool creates) const {
  if (creates) {
    set_field(object, record, "CreatedDate", now());
    set_field(object, record, "CreatedById", user_id);
  }
  set_field(object, record, "LastModifiedDate", now());
  set_field(object, record, "LastModifiedById", user_id);
  set_field(object, record, "SystemModstamp", now());
}

// What follows from other fields.
void Org::derive(const Object& object, Record& record) const {
  if (!object.parts_of("Name").empty()) {
    const std::string first = text_of(object, record, "FirstName");
    const std::string last = text_of(object, record, "LastName");
    set_field(object, record, "Name", first.empty() ? last : first + " " + last);
  }
  if (const sql::Value* was_closed = field_of(object, record, "IsClosed")) {
    const bool closes = text_of(object, record, "Status") == "Closed";
    if (closes && *was_closed != sql::Value(std::int64_t{1})) set_field(object, record, "ClosedDate", now());
    if (!closes) set_field(object, record, "ClosedDate", sql::Null{});
    set_field(object, record, "IsClosed", std::int64_t{closes});
  }
}

// What an upsert or a URL may find records by.
const Field& Org::key_field(const Object& object, std::string_view name, const Access& user) {
  const Field* field = user.find_field(object, name);
  if (!field || !(field->external_id || field->id_lookup)) throw not_an_id(name);
  return *field;
}

// Salesforce keeps seconds.
std::int64_t Org::now() const { return base::to_millis(std::chrono::floor<std::chrono::seconds>(clock_.now())); }

}  // namespace local_org
