#include "connectors/salesforce/record.hpp"

#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "connectors/errors.hpp"

namespace connectors::salesforce {

namespace {

constexpr std::array<std::pair<Operation, std::string_view>, 5> operation_names{{
    {Operation::create, "create"},
    {Operation::update, "update"},
    {Operation::upsert, "upsert"},
    {Operation::remove, "delete"},
    {Operation::chatter_post, "chatter_post"},
}};

std::optional<Operation> operation_named(std::string_view name) {
  for (const auto& [operation, its_name] : operation_names) {
    if (its_name == name) return operation;
  }
  return std::nullopt;
}

// Reads a frozen record; what stands below "fields" is written again by the same writer, so its bytes stay the same.
class RecordSink final : public base::JsonSink {
 public:
  bool null() override { return inside_fields() ? (fields_.null(), true) : true; }
  bool boolean(bool yes) override {
    if (inside_fields())
      fields_.boolean(yes);
    else if (depth_ == 1 && key_ == "asks_first")
      change_.asks_first = yes;
    return true;
  }
  bool number(std::string_view text, double) override { return inside_fields() ? (fields_.raw(text), true) : true; }
  bool string(std::string&& text) override {
    if (inside_fields()) {
      fields_.string(text);
    } else if (depth_ == 1) {
      member(std::move(text));
    } else if (depth_ == 2 && section_ == "key") {
      if (key_ == "field")
        change_.key_field = std::move(text);
      else if (key_ == "value")
        change_.key_value = std::move(text);
    }
    return true;
  }
  bool key(std::string&& name) override {
    if (inside_fields()) {
      fields_.key(name);
    } else {
      key_ = std::move(name);
    }
    return true;
  }
  bool start_object() override {
    if (depth_ == 1) section_ = key_;
    ++depth_;
    if (inside_fields()) fields_.begin_object();
    return true;
  }
  bool end_object() override {
    if (inside_fields()) fields_.end_object();
    leave();
    return true;
  }
  bool start_array() override {
    if (depth_ == 1) section_ = "an array";
    ++depth_;
    if (inside_fields()) fields_.begin_array();
    return true;
  }
  bool end_array() override {
    if (inside_fields()) fields_.end_array();
    leave();
    return true;
  }

  base::Result<RecordChange> take() {
    if (!has_operation_) {
      return base::Error{record_change_invalid,
                         fmt::format("a stored change has no known operation: '{}'", operation_)};
    }
    if (change_.fields.empty()) change_.fields.text = fields_.take();
    return std::move(change_);
  }

 private:
  bool inside_fields() const { return depth_ >= 2 && section_ == "fields"; }

  void member(std::string&& text) {
    if (key_ == "operation") {
      if (std::optional<Operation> known = operation_named(text)) {
        change_.operation = *known;
        has_operation_ = true;
      }
      operation_ = std::move(text);
    } else if (key_ == "object") {
      change_.object = std::move(text);
    } else if (key_ == "id") {
      change_.id = std::move(text);
    } else if (key_ == "assignment_rule") {
      change_.assignment_rule = std::move(text);
    } else if (key_ == "duplicates") {
      change_.duplicates = std::move(text);
    } else if (key_ == "text") {
      base::append_json_string(change_.fields.text, text);
    }
  }

  void leave() {
    --depth_;
    if (depth_ == 1) section_.clear();
  }

  RecordChange change_;
  base::JsonWriter fields_;
  std::string key_;
  std::string section_;
  std::string operation_;
  int depth_ = 0;
  bool has_operation_ = false;
};

}  // namespace

std::string_view to_string(Operation operation) {
  for (const auto& [one, name] : operation_names) {
    if (one == operation) return name;
  }
  return "create";
}

base::JsonText to_json(const RecordChange& change) {
  base::JsonWriter json;
  json.begin_object();
  json.field("operation", to_string(change.operation));
  if (!change.object.empty()) json.field("object", change.object);
  if (!change.id.empty()) json.field("id", change.id);
  if (!change.key_field.empty()) {
    json.key("key");
    json.begin_object();
    json.field("field", change.key_field);
    json.field("value", change.key_value);
    json.end_object();
  }
  if (!change.assignment_rule.empty()) json.field("assignment_rule", change.assignment_rule);
  if (!change.duplicates.empty()) json.field("duplicates", change.duplicates);
  if (change.asks_first) json.field("asks_first", true);
  if (!change.fields.empty())
    json.field(change.operation == Operation::chatter_post ? "text" : "fields", change.fields);
  json.end_object();
  return {json.take()};
}

base::Result<RecordChange> read_record_change(std::string_view json) {
  RecordSink sink;
  if (base::Status read = base::read_json(json, sink); !read) return std::move(read).error();
  return sink.take();
}

}  // namespace connectors::salesforce
