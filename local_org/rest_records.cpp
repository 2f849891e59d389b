// REST resources of single records: made, read, changed, upserted and deleted.
#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "local_org/api_error.hpp"
#include "local_org/assignment_rules.hpp"
#include "local_org/duplicate_rules.hpp"
#include "local_org/record_id.hpp"
#include "local_org/record_json.hpp"
#include "local_org/rest.hpp"
#include "local_org/rest_answers.hpp"

namespace local_org {
namespace {

constexpr int upsert_answers_since = 46;  // before, an update by external id was answered with 204

RecordBody body_of(const RestRequest& request) {
  const std::string_view type =
      base::http::find_header(request.http.headers, "content-type").value_or("application/json");
  if (!type.starts_with("application/json")) {
    throw ApiError{415, "UNSUPPORTED_MEDIA_TYPE", fmt::format("Content type '{}' is not supported", type)};
  }
  return RecordBody(request.http.body);
}

std::string record_url(const RestRequest& request, const Object& object, std::string_view id) {
  return fmt::format("{}/sobjects/{}/{}", request.root, object.name, id);
}

base::http::Response saved_answer(int status, const RestRequest& request, const Object& object, const std::string& id,
                                  std::optional<bool> created = std::nullopt) {
  base::JsonWriter json;
  json.begin_object();
  json.field("id", id);
  json.field("success", true);
  json.key("errors");
  json.begin_array();
  json.end_array();
  if (created) json.field("created", *created);
  json.end_object();
  base::http::Response response = rest_json(status, json.take());
  response.headers.emplace_back("location", record_url(request, object, id));
  return response;
}

}  // namespace

base::http::Response Rest::create(RestRequest& request) {
  const Object& object = stored_object_of(request);
  const RecordBody body = body_of(request);
  RecordStore::Transaction transaction(org_.store());
  const std::string id = org_.insert(object, body, request.access);
  judge_duplicates(request, object, id);
  assign_owner(request, object, id);
  transaction.commit();
  return saved_answer(201, request, object, id);
}

base::http::Response Rest::get_by_id(RestRequest& request) {
  const Object& object = stored_object_of(request);
  const Record record = org_.record(object, request.params[1]);
  const std::string_view own = request.access.own_records_by(object);
  const bool is_others =
      !own.empty() && record[object.index_of(*object.find(own))] != base::sql::Value(request.access.user_id());
  if (is_others) throw not_found();
  return record_answer(request, object, record);
}

base::http::Response Rest::update(RestRequest& request) {
  const Object& object = stored_object_of(request);
  const RecordBody body = body_of(request);
  RecordStore::Transaction transaction(org_.store());
  org_.update(object, request.params[1], body, request.access);
  judge_duplicates(request, object, to_record_id(request.params[1]).value_or(request.params[1]));
  transaction.commit();
  return no_content();
}

void Rest::judge_duplicates(const RestRequest& request, const Object& object, const std::string& id) {
  const std::string_view header =
      base::http::find_header(request.http.headers, "sforce-duplicate-rule-header").value_or("");
  check_duplicates(policies_.duplicate_rules, object, id, org_.store(), header);
}

void Rest::assign_owner(const RestRequest& request, const Object& object, const std::string& id) {
  const std::string_view header = base::http::find_header(request.http.headers, "sforce-auto-assign").value_or("");
  assign(policies_.assignment_rules, object, id, org_, header);
}

base::http::Response Rest::remove(RestRequest& request) {
  const Object& object = stored_object_of(request);
  RecordStore::Transaction transaction(org_.store());
  org_.remove(object, request.params[1], request.access);
  transaction.commit();
  return no_content();
}

base::http::Response Rest::get_by_key(RestRequest& request) {
  const Object& object = stored_object_of(request);
  const std::vector<std::string> ids = org_.find(object, request.params[1], request.params[2], request.access);
  if (ids.size() > 1) return many_matches(request, object, ids);
  return record_answer(request, object, org_.record(object, ids.front()));
}

base::http::Response Rest::upsert(RestRequest& request) {
  const Object& object = stored_object_of(request);
  const RecordBody body = body_of(request);
  const bool update_only = request.http.query_value("updateOnly") == "true";
  RecordStore::Transaction transaction(org_.store());
  const Upserted upserted =
      org_.upsert(object, request.params[1], request.params[2], body, update_only, request.access);
  if (upserted.id.empty()) return many_matches(request, object, upserted.matches);
  judge_duplicates(request, object, upserted.id);
  if (upserted.created) assign_owner(request, object, upserted.id);
  transaction.commit();
  if (upserted.created) return saved_answer(201, request, object, upserted.id, true);
  if (request.version < upsert_answers_since) return no_content();
  return saved_answer(200, request, object, upserted.id, false);
}

base::http::Response Rest::remove_by_key(RestRequest& request) {
  const Object& object = stored_object_of(request);
  const std::vector<std::string> ids = org_.find(object, request.params[1], request.params[2], request.access);
  if (ids.size() > 1) return many_matches(request, object, ids);
  RecordStore::Transaction transaction(org_.store());
  org_.remove(object, ids.front(), request.access);
  transaction.commit();
  return no_content();
}

// All fields that the user may read, or those of them that `fields` asks for, and the id.
base::http::Response Rest::record_answer(const RestRequest& request, const Object& object, const Record& record) const {
  std::vector<const Field*> fields;
  std::string_view wanted = request.http.query_value("fields");
  const bool wants_all = wanted.empty();
  while (!wanted.empty()) {
    const std::size_t end = std::min(wanted.find(','), wanted.size());
    const std::string_view name = wanted.substr(0, end);
    const Field* field = request.access.find_field(object, name);
    if (!field) {
      throw ApiError{400, "INVALID_FIELD", fmt::format("No such column '{}' on sobject of type {}", name, object.name)};
    }
    fields.push_back(field);
    wanted.remove_prefix(std::min(end + 1, wanted.size()));
  }
  const Field* id = object.find("Id");
  if (!wants_all && std::find(fields.begin(), fields.end(), id) == fields.end()) fields.push_back(id);
  for (const Field& field : object.fields) {
    if (wants_all && request.access.may_read(object, field)) fields.push_back(&field);
  }
  base::JsonWriter json;
  write_full_record(json, object, record, fields, request.root);
  return rest_json(200, json.take());
}

// Salesforce answers 300, not 4xx, when an external id matches several records, and changes none of them.
base::http::Response Rest::many_matches(const RestRequest& request, const Object& object,
                                        const std::vector<std::string>& ids) const {
  base::JsonWriter json;
  json.begin_array();
  for (const std::string& id : ids) json.string(record_url(request, object, id));
  json.end_array();
  return rest_json(300, json.take());
}

}  // namespace local_org
