#include "tasks/planned_org.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/http/message.hpp"
#include "base/json_reader.hpp"
#include "connectors/errors.hpp"
#include "connectors/salesforce/errors.hpp"
#include "connectors/salesforce/record_id.hpp"
#include "tasks/api_name.hpp"
#include "tasks/org_refusal.hpp"
#include "tasks/planned_search.hpp"

namespace tasks {

namespace {

using base::awaitable;
using base::Result;
using base::Value;
using connectors::salesforce::FieldKind;
using connectors::salesforce::FieldSchema;
using connectors::salesforce::Operation;
using connectors::salesforce::RecordChange;

base::Error no_such_record() { return org_refusal(404, "NOT_FOUND", "The requested resource does not exist"); }

bool says_gone_or_not_found(const base::Error& error) {
  const std::vector<std::string> codes = connectors::salesforce::salesforce_codes(error);
  return std::any_of(codes.begin(), codes.end(), [](const std::string& code) {
    return code == "NOT_FOUND" || code == "ENTITY_IS_DELETED" || code == "INVALID_CROSS_REFERENCE_KEY";
  });
}

std::string path_of_record(const std::string& object, const std::string& id) {
  return fmt::format("/sobjects/{}/{}", base::http::percent_encode(object), base::http::percent_encode(id));
}

std::string path_of_key(const std::string& object, const std::string& field, const std::string& value) {
  return fmt::format("/sobjects/{}/{}/{}", base::http::percent_encode(object), base::http::percent_encode(field),
                     base::http::percent_encode(value));
}

std::string text_of_member(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Value text_of_post(const RecordChange& change) {
  Result<std::vector<NamedValues>> read = read_rows(fmt::format(R"({{"text":{}}})", change.fields.text));
  return read ? read->front().front().second : Value();
}

}  // namespace

awaitable<Result<base::JsonText>> PlannedOrg::query(OrgAsking asking, RecordQuestion question) {
  PlannedSearch search(question, records_);
  const bool is_untouched = !search.is_touched();
  if (is_untouched) {
    Result<connectors::salesforce::Soql> soql = to_soql(question);
    if (!soql) co_return soql.error();
    co_return co_await client_.query(asking.account_id, *soql, question.limit, asking.options);
  }
  Result<Schema> schema = co_await schema_of(asking, question.object);
  if (!schema) co_return schema.error();
  const std::vector<RecordQuestion> asked = search.questions(**schema);
  for (const RecordQuestion& one : asked) {
    Result<connectors::salesforce::Soql> soql = to_soql(one);
    if (!soql) co_return soql.error();
    Result<base::JsonText> rows = co_await client_.query(asking.account_id, *soql, one.limit, asking.options);
    if (!rows) co_return rows.error();
    Result<std::vector<NamedValues>> read = read_rows(rows->text);
    if (!read) co_return read.error();
    search.take(*std::move(read));
  }
  search.take_planned(**schema);
  // Fields of parents are looked up record by record: any of them may be part of the plan.
  for (PlannedSearch::Candidate& candidate : search.candidates()) {
    for (const std::string& path : search.parent_paths()) {
      Result<Value> value = co_await value_behind(asking, *schema, candidate.values, path);
      if (!value) co_return value.error();
      candidate.values[folded_name(path)] = *std::move(value);
    }
  }
  co_return search.rows(**schema);
}

// The value of a parent's field, over as many lookups as the path has.
awaitable<Result<Value>> PlannedOrg::value_behind(OrgAsking asking, Schema schema, RecordValues values,
                                                  std::string path) {
  for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.')) {
    const FieldSchema* lookup = schema->find_relationship(path.substr(0, dot));
    if (!lookup || lookup->refers_to.empty()) co_return Value();
    const Value id = values[folded_name(lookup->name)];
    if (id.is_blank()) co_return Value();
    const std::string parent = lookup->refers_to.front();
    Result<PlannedRecord> record_of_parent = co_await record(asking, parent, base::to_text(id));
    if (!record_of_parent) co_return record_of_parent.error();
    Result<Schema> schema_of_parent = co_await schema_of(asking, parent);
    if (!schema_of_parent) co_return schema_of_parent.error();
    values = std::move(record_of_parent->values);
    schema = *std::move(schema_of_parent);
    path.erase(0, dot + 1);
  }
  co_return values[folded_name(path)];
}

awaitable<Result<PlannedChange>> PlannedOrg::change(OrgAsking asking, RecordChange change, std::string own_key) {
  if (change.operation == Operation::chatter_post) co_return co_await post(asking, std::move(change));
  Result<Schema> schema = co_await schema_of(asking, change.object);
  if (!schema) co_return schema.error();
  if (change.operation == Operation::remove) co_return co_await remove(asking, *schema, change.id);

  Result<NamedValues> members = read_members(change.fields.text);
  if (!members) co_return members.error();
  Result<NamedValues> written = co_await with_parents(asking, *schema, *std::move(members));
  if (!written) co_return written.error();
  if (change.operation == Operation::upsert)
    co_return co_await upsert(asking, *schema, std::move(change), std::move(own_key), *std::move(written));
  if (change.operation == Operation::create) co_return co_await create(asking, *schema, *std::move(written), "");
  Result<PlannedRecord> target = co_await record(asking, change.object, change.id);
  // A change says so of what never was; a read says that it is not found.
  if (!target && connectors::salesforce::says_not_found(target.error()))
    co_return org_refusal(404, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
  if (!target) co_return target.error();
  co_return co_await update(asking, *schema, *std::move(target), *std::move(written));
}

awaitable<Result<PlannedChange>> PlannedOrg::post(OrgAsking asking, RecordChange change) {
  if (!connectors::salesforce::is_record_id(change.id))
    co_return org_refusal(400, "MALFORMED_ID", fmt::format("Parent ID: id value of incorrect type: {}", change.id));
  const base::Error dangling = org_refusal(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
  if (records_.is_removed(change.id)) co_return dangling;
  if (!records_.find(change.id) && !seen_.contains(change.id)) {
    Result<std::string> object = co_await object_of_id(asking, change.id);
    if (!object) co_return object.error();
    // Of an object that the account's user does not see, nothing is judged.
    Result<PlannedRecord> there = PlannedRecord{};
    if (!object->empty()) there = co_await record(asking, *object, change.id);
    if (!there && says_gone_or_not_found(there.error())) co_return dangling;
    if (!there) co_return there.error();
  }
  PlannedChange posted{.doing = PlannedDoing::posts, .object = change.object};
  posted.text = text_of_post(change);
  RecordValues values{{"parentid", Value(change.id)}, {"body", posted.text}};
  posted.id = records_.add(change.object, std::move(values)).id;
  co_return posted;
}

// By the first three characters of the id; empty where no object that the user sees has them.
awaitable<Result<std::string>> PlannedOrg::object_of_id(OrgAsking asking, std::string id) {
  if (const PlannedRecord* planned = records_.find(id)) co_return planned->object;
  if (objects_by_prefix_.empty()) {
    Result<base::JsonText> global = co_await client_.get(asking.account_id, "/sobjects", asking.options);
    if (!global) co_return global.error();
    Result<nlohmann::json> read = base::parse_json(global->text);
    if (!read || !read->is_object() || !read->contains("sobjects"))
      co_return base::Error{connectors::org_describe_unreadable, "the org's list of its objects cannot be read"};
    const nlohmann::json& objects = read->at("sobjects");
    for (const nlohmann::json& object : objects)
      objects_by_prefix_[text_of_member(object, "keyPrefix")] = text_of_member(object, "name");
  }
  const auto found = objects_by_prefix_.find(id.substr(0, 3));
  co_return found == objects_by_prefix_.end() ? std::string() : found->second;
}

// An id of no object that the user sees may be of one that the lookup points at, as long as there is such a one.
bool PlannedOrg::may_point_at(const FieldSchema& lookup, const std::string& object) const {
  return lookup.refers_to.empty() ||
         std::any_of(lookup.refers_to.begin(), lookup.refers_to.end(), [&](const std::string& parent) {
           return object.empty() ? !sees(parent) : same_name(parent, object);
         });
}

bool PlannedOrg::sees(const std::string& object) const {
  return std::any_of(objects_by_prefix_.begin(), objects_by_prefix_.end(),
                     [&](const auto& known) { return same_name(known.second, object); });
}

awaitable<Result<PlannedChange>> PlannedOrg::upsert(OrgAsking asking, Schema schema, RecordChange change,
                                                    std::string own_key, NamedValues written) {
  const FieldSchema* key = schema->find(change.key_field);
  if (!key || !(key->external_id || key->id_lookup))
    co_return org_refusal(
        404, "NOT_FOUND",
        fmt::format("Provided external ID field does not exist or is not accessible: {}", change.key_field));
  const bool is_own_key = change.key_value == own_key;
  std::vector<PlannedRecord> matched;
  if (!is_own_key) {
    const Value sought(change.key_value);
    Result<std::vector<PlannedRecord>> found = co_await holding(asking, schema, *key, sought);
    if (!found) co_return found.error();
    matched = *std::move(found);
  }
  if (matched.size() > 1) co_return connectors::salesforce::to_error(300, {}, "[]", /*is_write=*/true);
  Result<PlannedChange> planned = PlannedChange{};
  if (matched.empty()) {
    written.emplace_back(key->name, Value(change.key_value));
    planned = co_await create(asking, schema, std::move(written), key->name);
  } else {
    planned = co_await update(asking, schema, std::move(matched.front()), std::move(written));
  }
  if (planned && !is_own_key) planned->matched = static_cast<std::int64_t>(matched.size());
  co_return planned;
}

awaitable<Result<PlannedChange>> PlannedOrg::create(OrgAsking asking, Schema schema, NamedValues written,
                                                    std::string key_field) {
  if (std::optional<base::Error> refusal = refusal_of_write(*schema, written, Writing::creates))
    co_return *std::move(refusal);
  base::Status valid = co_await check_lookups(asking, schema, written);
  if (valid) valid = co_await check_unique(asking, schema, written, key_field, "");
  if (!valid) co_return valid.error();
  RecordValues values = new_record(*schema, written);
  const Value now = stored_moment(clock_.now());
  for (const char* stamp : {"createddate", "lastmodifieddate", "systemmodstamp"}) values[stamp] = now;
  PlannedChange planned{.doing = PlannedDoing::creates, .object = schema->name};
  for (FieldDifference& difference : differences(*schema, {}, written))
    if (!same_name(difference.field, key_field)) planned.fields.push_back(std::move(difference));
  planned.id = records_.add(schema->name, std::move(values)).id;
  co_return planned;
}

awaitable<Result<PlannedChange>> PlannedOrg::update(OrgAsking asking, Schema schema, PlannedRecord target,
                                                    NamedValues written) {
  if (std::optional<base::Error> refusal = refusal_of_write(*schema, written, Writing::updates))
    co_return *std::move(refusal);
  base::Status valid = co_await check_lookups(asking, schema, written);
  if (valid) valid = co_await check_unique(asking, schema, written, "", target.id);
  if (!valid) co_return valid.error();
  PlannedChange planned{.object = schema->name, .id = target.id};
  planned.fields = differences(*schema, target.values, written);
  if (planned.fields.empty()) co_return planned;
  planned.doing = PlannedDoing::updates;
  overwrite(target.values, *schema, written);
  records_.change(std::move(target));
  co_return planned;
}

awaitable<Result<PlannedChange>> PlannedOrg::remove(OrgAsking asking, Schema schema, std::string id) {
  if (std::optional<base::Error> refusal = refusal_of_removal(*schema)) co_return *std::move(refusal);
  PlannedChange planned{.object = schema->name, .id = id};
  Result<PlannedRecord> doomed = co_await record(asking, schema->name, id);
  if (!doomed && says_gone_or_not_found(doomed.error())) co_return planned;  // as good as deleted
  if (!doomed) co_return doomed.error();
  planned.doing = PlannedDoing::removes;
  planned.id = doomed->id;
  records_.remove(*std::move(doomed));
  co_return planned;
}

awaitable<Result<NamedValues>> PlannedOrg::with_parents(OrgAsking asking, Schema schema, NamedValues written) {
  NamedValues plain;
  for (auto& [name, value] : written) {
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos) {
      plain.emplace_back(name, value);
      continue;
    }
    const std::string key = name.substr(dot + 1);
    const FieldSchema* lookup = schema->find_relationship(name.substr(0, dot));
    if (key.starts_with("attributes.")) continue;
    if (!lookup || lookup->refers_to.empty())
      co_return org_refusal(400, "INVALID_FIELD",
                            fmt::format("No such column '{}' on sobject of type {}", name, schema->name));
    Result<Schema> parent = co_await schema_of(asking, lookup->refers_to.front());
    if (!parent) co_return parent.error();
    const FieldSchema* field = (*parent)->find(key);
    if (!field || !(field->external_id || field->id_lookup))
      co_return org_refusal(400, "INVALID_FIELD",
                            fmt::format("{} is not an External ID or indexed field for {}", key, (*parent)->name));
    Result<std::vector<PlannedRecord>> found = co_await holding(asking, *parent, *field, value);
    if (!found) co_return found.error();
    if (found->size() != 1)
      co_return org_refusal(400, "INVALID_FIELD",
                            found->empty()
                                ? fmt::format("Foreign key external ID: {} not found for field {} in entity {}",
                                              base::to_text(value), field->name, (*parent)->name)
                                : "More than one record found for external id field");
    plain.emplace_back(lookup->name, Value(found->front().id));
  }
  co_return plain;
}

awaitable<base::Status> PlannedOrg::check_unique(OrgAsking asking, Schema schema, const NamedValues& written,
                                                 std::string but, std::string own_id) {
  for (const auto& [name, value] : written) {
    const FieldSchema* field = schema->find(name);
    if (!field || !field->unique || value.is_blank() || same_name(name, but)) continue;
    Result<std::vector<PlannedRecord>> found = co_await holding(asking, schema, *field, value);
    if (!found) co_return found.error();
    for (const PlannedRecord& other : *found) {
      if (other.id == own_id) continue;
      co_return org_refusal(
          400, "DUPLICATE_VALUE",
          fmt::format("duplicate value found: {} duplicates value on record with id: {}", field->name, other.id));
    }
  }
  co_return base::Ok{};
}

// The record that a lookup names has to be there, and of an object that the lookup may point at. Of objects that the
// account's user does not see nothing is judged.
awaitable<base::Status> PlannedOrg::check_lookups(OrgAsking asking, Schema schema, const NamedValues& written) {
  for (const auto& [name, value] : written) {
    const FieldSchema* field = schema->find(name);
    if (!field || field->kind != FieldKind::reference || value.is_blank()) continue;
    const std::string id = base::to_text(stored_value(value, *field));
    const base::Error dangling = org_refusal(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
    if (records_.is_removed(id)) co_return dangling;
    Result<std::string> parent = co_await object_of_id(asking, id);
    if (!parent) co_return parent.error();
    if (!may_point_at(*field, *parent))
      co_return org_refusal(400, "FIELD_INTEGRITY_EXCEPTION",
                            fmt::format("{}: id value of incorrect type: {}", field->label, id), {field->name});
    if (parent->empty() || records_.find(id) || seen_.contains(id)) continue;
    Result<Schema> known = co_await schema_of(asking, *parent);
    if (!known) continue;
    Result<PlannedRecord> there = co_await record(asking, *parent, id);
    if (there) continue;
    if (says_gone_or_not_found(there.error())) co_return dangling;
    if (there.error().code.kind != base::Kind::permanent) co_return there.error();
  }
  co_return base::Ok{};
}

// Those that hold a value in a field that tells records apart.
awaitable<Result<std::vector<PlannedRecord>>> PlannedOrg::holding(OrgAsking asking, Schema schema,
                                                                  const FieldSchema& field, Value value) {
  std::vector<PlannedRecord> found;
  for (const PlannedRecord* planned : records_.that_may_hold(schema->name, {{field, value}}))
    if (!planned->is_removed && is_found_by(planned->value(field.name), value, field)) found.push_back(*planned);
  if (field.external_id || field.id_lookup) {
    std::string path = path_of_key(schema->name, field.name, base::to_text(value));
    Result<PlannedRecord> there = co_await load(asking, schema->name, std::move(path));
    if (!there && !says_gone_or_not_found(there.error())) co_return there.error();
    if (there && !records_.find(there->id)) found.push_back(*std::move(there));
    co_return found;
  }
  RecordQuestion question{.object = schema->name, .select = {"Id"}};
  question.where.push_back({field.name, std::move(value)});
  Result<connectors::salesforce::Soql> soql = to_soql(question);
  if (!soql) co_return soql.error();
  Result<base::JsonText> rows = co_await client_.query(asking.account_id, *soql, question.limit, asking.options);
  if (!rows) co_return rows.error();
  Result<std::vector<NamedValues>> read = read_rows(rows->text);
  if (!read) co_return read.error();
  for (PlannedRecord& there : records_of_rows(schema->name, *std::move(read)))
    if (!records_.find(there.id)) found.push_back(std::move(there));
  co_return found;
}

awaitable<Result<PlannedRecord>> PlannedOrg::record(OrgAsking asking, std::string object, std::string id) {
  if (const PlannedRecord* planned = records_.find(id)) {
    if (planned->is_removed) co_return org_refusal(404, "ENTITY_IS_DELETED", "entity is deleted");
    if (!same_name(planned->object, object)) co_return no_such_record();
    co_return *planned;
  }
  std::string path = path_of_record(object, id);
  co_return co_await load(std::move(asking), std::move(object), std::move(path));
}

awaitable<Result<PlannedRecord>> PlannedOrg::load(OrgAsking asking, std::string object, std::string path) {
  Result<base::JsonText> body = co_await client_.get(asking.account_id, std::move(path), asking.options);
  if (!body) co_return body.error();
  Result<std::vector<NamedValues>> rows = read_rows(body->text);
  if (!rows) co_return rows.error();
  std::vector<PlannedRecord> records = records_of_rows(object, *std::move(rows));
  if (records.size() != 1 || records.front().id.empty()) co_return no_such_record();
  PlannedRecord loaded = std::move(records.front());
  clear_lookups(loaded.values, records_);
  seen_.insert(loaded.id);
  co_return loaded;
}

awaitable<Result<PlannedOrg::Schema>> PlannedOrg::schema_of(OrgAsking asking, std::string object) {
  Result<std::shared_ptr<const KnownObject>> known =
      co_await knowledge_.object(std::move(asking.account_id), std::move(object));
  if (!known) co_return known.error();
  co_return (*known)->schema;
}

}  // namespace tasks
