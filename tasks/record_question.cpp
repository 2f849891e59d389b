#include "tasks/record_question.hpp"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "tasks/errors.hpp"

namespace tasks {

namespace {

using connectors::salesforce::LiteralKind;
using connectors::salesforce::Soql;
using connectors::salesforce::SoqlBuilder;
using nlohmann::json;

constexpr std::array<std::pair<LiteralKind, std::string_view>, 5> literal_kinds{{{LiteralKind::text, "text"},
                                                                                 {LiteralKind::number, "number"},
                                                                                 {LiteralKind::boolean, "boolean"},
                                                                                 {LiteralKind::date, "date"},
                                                                                 {LiteralKind::datetime, "datetime"}}};

std::string_view name_of_literal_kind(LiteralKind kind) {
  for (const auto& [known, name] : literal_kinds)
    if (known == kind) return name;
  return "text";
}

LiteralKind literal_kind_named(std::string_view name) {
  for (const auto& [kind, known] : literal_kinds)
    if (known == name) return kind;
  return LiteralKind::text;
}

base::Value stored_value(const json& value) {
  if (value.is_boolean()) return base::Value(value.get<bool>());
  if (value.is_number()) return base::number(value.dump());
  if (value.is_string()) return base::Value(value.get<std::string>());
  return base::Value();
}

}  // namespace

base::Result<Soql> to_soql(const RecordQuestion& question) {
  SoqlBuilder query(question.object);
  for (const std::string& field : question.select) query.select(field);
  for (const RecordQuestion::Equals& part : question.where) query.where_equals(part.field, part.value, part.kind);
  if (!question.order_by.empty()) query.order_by(question.order_by, question.descending);
  // Times of creation are kept in seconds: what was made in the same one has an order, too.
  if (!question.order_by.empty() && question.order_by != "Id") query.order_by("Id", question.descending);
  query.limit(question.limit);
  return query.build();
}

base::Result<base::JsonText> to_json(const RecordQuestion& question) {
  base::Result<Soql> soql = to_soql(question);
  if (!soql) return std::move(soql).error();
  base::JsonWriter out;
  out.begin_object();
  out.field("soql", soql->text());
  out.field("object", question.object);
  out.key("select");
  out.begin_array();
  for (const std::string& field : question.select) out.string(field);
  out.end_array();
  out.key("where");
  out.begin_array();
  for (const RecordQuestion::Equals& part : question.where) {
    out.begin_object();
    out.field("field", part.field);
    out.key("value");
    out.value(part.value);
    out.key("kind");
    out.string(name_of_literal_kind(part.kind));
    out.end_object();
  }
  out.end_array();
  out.field("order_by", question.order_by);
  out.field("descending", question.descending);
  out.field("limit", static_cast<std::int64_t>(question.limit));
  out.end_object();
  return base::JsonText{out.take()};
}

base::Result<RecordQuestion> read_record_question(std::string_view text) {
  const base::Error unreadable{task_state_unreadable, "the stored question is not one that this version has written"};
  base::Result<json> document = base::parse_json(text);
  if (!document) return unreadable;
  try {
    RecordQuestion question;
    question.object = document->at("object").get<std::string>();
    question.select = document->at("select").get<std::vector<std::string>>();
    for (const json& part : document->at("where"))
      question.where.push_back({part.at("field").get<std::string>(), stored_value(part.at("value")),
                                literal_kind_named(part.at("kind").get<std::string>())});
    question.order_by = document->at("order_by").get<std::string>();
    question.descending = document->at("descending").get<bool>();
    question.limit = document->at("limit").get<std::size_t>();
    return question;
  } catch (const json::exception&) {
    return unreadable;
  }
}

}  // namespace tasks
