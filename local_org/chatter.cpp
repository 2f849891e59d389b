// Posts to feeds, as the Connect API takes and shows them.
#include "local_org/chatter.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_writer.hpp"
#include "local_org/api_error.hpp"
#include "local_org/record_id.hpp"

namespace local_org {
namespace {

std::string string_in(const nlohmann::json& tree, const char* key) {
  const auto found = tree.is_object() ? tree.find(key) : tree.end();
  return found != tree.end() && found->is_string() ? found->get<std::string>() : std::string();
}

nlohmann::json message_segments(const nlohmann::json& tree) {
  const nlohmann::json body = tree.value("body", nlohmann::json());
  const nlohmann::json segments = body.is_object() ? body.value("messageSegments", nlohmann::json()) : nlohmann::json();
  return segments.is_array() ? segments : nlohmann::json::array();
}

std::string record_text(const Object& object, const Record& record, std::string_view field) {
  const auto* text = std::get_if<std::string>(&record[object.index_of(*object.find(field))]);
  return text ? *text : std::string();
}

// The Connect API writes `Z` where the rest of the API writes `+0000`.
std::string connect_time(const Object& object, const Record& record, std::string_view field) {
  const auto* millis = std::get_if<std::int64_t>(&record[object.index_of(*object.find(field))]);
  return base::to_iso8601(base::from_millis(millis ? *millis : 0));
}

void write_reference(base::JsonWriter& json, std::string_view key, std::string_view id, std::string_view name,
                     std::string_view type, std::string_view root) {
  json.key(key);
  json.begin_object();
  json.field("id", id);
  json.field("name", name);
  json.field("type", type);
  json.field("url", fmt::format("{}/chatter/{}/{}", root, type == "User" ? "users" : "records", id));
  json.end_object();
}

void write_feed_body(base::JsonWriter& json, const std::string& text) {
  json.key("body");
  json.begin_object();
  json.field("isRichText", false);
  json.key("messageSegments");
  json.begin_array();
  json.begin_object();
  json.field("text", text);
  json.field("type", "Text");
  json.end_object();
  json.end_array();
  json.field("text", text);
  json.end_object();
}

}  // namespace

std::string Chatter::post(const base::http::ServerRequest& request, const Access& user, std::string_view root) {
  Post post{std::string(request.query_value("subjectId")), std::string(request.query_value("text"))};
  if (post.subject.empty()) post = post_from_body(request.body);
  if (post.subject == "me") post.subject = user.user_id();
  if (post.text.empty()) throw record_error("REQUIRED_FIELD_MISSING", "Required fields are missing: [Body]", {"Body"});
  base::JsonWriter json;
  json.begin_object();
  json.field("ParentId", post.subject);
  json.field("Body", post.text);
  json.end_object();
  const Object& items = *org_.schema().find("FeedItem");
  return element(org_.insert(items, RecordBody(json.take()), user), root);
}

Chatter::Post Chatter::post_from_body(const std::string& body) {
  const RecordBody read(body);
  const nlohmann::json& tree = read.fields();
  Post post{string_in(tree, "subjectId"), ""};
  for (const nlohmann::json& segment : message_segments(tree)) {
    const std::string type = string_in(segment, "type");
    if (type == "Mention") {
      post.text += "@" + name_of(string_in(segment, "id"));
    } else if (type == "Hashtag") {
      post.text += "#" + string_in(segment, "tag");
    } else if (type == "Link") {
      post.text += string_in(segment, "url");
    } else {
      post.text += string_in(segment, "text");
    }
  }
  return post;
}

std::string Chatter::element(std::string_view id, std::string_view root) {
  const Object& items = *org_.schema().find("FeedItem");
  const Record item = org_.record(items, id);
  const std::string item_id = record_id(items, item);
  const std::string parent = record_text(items, item, "ParentId");
  const std::string author = record_text(items, item, "CreatedById");
  const Object* parent_object = org_.schema().find_by_prefix(parent);
  base::JsonWriter json;
  json.begin_object();
  write_reference(json, "actor", author, name_of(author), "User", root);
  write_feed_body(json, record_text(items, item, "Body"));
  json.key("capabilities");
  json.begin_object();
  json.end_object();
  json.field("createdDate", connect_time(items, item, "CreatedDate"));
  json.field("feedElementType", "FeedItem");
  json.field("id", item_id);
  json.field("modifiedDate", connect_time(items, item, "LastModifiedDate"));
  write_reference(json, "parent", parent, name_of(parent), parent_object ? parent_object->name : "", root);
  json.field("type", "TextPost");
  json.field("url", fmt::format("{}/chatter/feed-elements/{}", root, item_id));
  json.end_object();
  return json.take();
}

std::string Chatter::name_of(std::string_view id) {
  const std::optional<std::string> whole = to_record_id(id);
  const Object* object = whole ? org_.schema().find_by_prefix(*whole) : nullptr;
  if (!object) throw record_error("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
  const Record record = org_.record(*object, *whole);
  return record_text(*object, record, object->find("Name") ? "Name" : object->name == "Case" ? "CaseNumber" : "Id");
}

}  // namespace local_org
