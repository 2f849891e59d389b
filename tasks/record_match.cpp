#include "tasks/record_match.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "tasks/errors.hpp"
#include "tasks/record_question.hpp"
#include "tasks/with.hpp"

namespace tasks {

namespace {

using connectors::salesforce::FieldKind;
using connectors::salesforce::LiteralKind;
using nlohmann::json;

// Of the document, never of the answer: an order number "007" stays a text, whatever somebody types.
LiteralKind literal_kind_of(const FieldValue& field) {
  switch (field.conversion.as) {
    case As::text: return LiteralKind::text;
    case As::number: return LiteralKind::number;
    case As::boolean: return LiteralKind::boolean;
    case As::date: return LiteralKind::date;
    case As::datetime: return LiteralKind::datetime;
    case As::time:
    case As::unchanged: break;
  }
  if (const auto* literal = std::get_if<base::Value>(&field.source)) {
    if (std::holds_alternative<bool>(literal->data)) return LiteralKind::boolean;
    if (std::holds_alternative<base::Number>(literal->data)) return LiteralKind::number;
  }
  return LiteralKind::text;
}

As type_of_kind(FieldKind kind) {
  switch (kind) {
    case FieldKind::integer:
    case FieldKind::number: return As::number;
    case FieldKind::boolean: return As::boolean;
    case FieldKind::date: return As::date;
    case FieldKind::datetime: return As::datetime;
    default: return As::unchanged;
  }
}

IfMany if_many_of(std::string_view word) {
  if (word == "first") return IfMany::first;
  if (word == "newest") return IfMany::newest;
  return word == "list" ? IfMany::list : IfMany::fail;
}

std::string names_of(const RecordMatch& match) {
  std::string names;
  for (const MappedField& field : match.fields) names += (names.empty() ? "" : ", ") + field.name;
  return names;
}

}  // namespace

RecordMatch read_record_match(With& with) {
  RecordMatch match;
  match.object = with.api_name("object");
  match.fields = with.mapping("match").fields;
  match.if_none = with.word("if_none", "fail") == "continue" ? IfNone::go_on : IfNone::fail;
  match.says_if_many = with.has("if_many");
  const std::string if_many = with.word("if_many", "fail");
  match.if_many = if_many_of(if_many);
  match.list_max = with.whole_number("max", match.list_max);
  if (with.has("max") && match.if_many != IfMany::list)
    with.fault(mapping_options_conflict, "/max", "\"max\" bounds a list, and this search gives one record",
               "say \"if_many\": \"list\", or leave it out");
  return match;
}

void know_types(RecordMatch& match, const connectors::salesforce::ObjectSchema& schema) {
  for (MappedField& field : match.fields) {
    const connectors::salesforce::FieldSchema* known = schema.find(field.name);
    if (known && field.value.conversion.as == As::unchanged) field.value.conversion.as = type_of_kind(known->kind);
  }
}

base::Result<std::optional<engine::Read>> question_of(const RecordMatch& match, const engine::ValueSource& values) {
  RecordQuestion question;
  question.object = match.object;
  question.select = match.select;
  for (const MappedField& field : match.fields) {
    base::Result<WrittenValue> value = value_of(field, values);
    if (!value) return std::move(value).error();
    if (!*value || (*value)->is_blank()) return std::optional<engine::Read>{};
    question.where.push_back({field.name, **std::move(value), literal_kind_of(field.value)});
  }
  // The order makes the choice among many the same every time.
  question.order_by = match.if_many == IfMany::newest ? "CreatedDate" : "Id";
  question.descending = match.if_many == IfMany::newest;
  if (match.if_many == IfMany::list) question.limit = static_cast<std::size_t>(match.list_max) + 1;
  base::Result<base::JsonText> frozen = to_json(question);
  if (!frozen) return std::move(frozen).error();
  return std::optional<engine::Read>(engine::Read{*std::move(frozen)});
}

base::Result<std::optional<FoundRecord>> choose(const RecordMatch& match, const engine::Answer& answer) {
  base::Result<json> rows = base::parse_json(answer.content.text);
  if (!rows || !rows->is_array())
    return base::Error{task_state_unreadable, "the stored answer to the search is no list of records"};
  if (rows->empty()) return choose_none(match);
  if (rows->size() > 1 && match.if_many == IfMany::fail)
    return base::Error{find_many, fmt::format("more than one {} has this {}", match.object, names_of(match))};
  const json& row = rows->front();
  auto id = row.find("Id");
  if (id == row.end() || !id->is_string())
    return base::Error{task_state_unreadable, "the stored answer to the search holds a record without an Id"};
  FoundRecord record{id->get<std::string>(), base::JsonText{row.dump()}, static_cast<std::int64_t>(rows->size())};
  return std::optional<FoundRecord>(std::move(record));
}

base::Result<std::vector<base::JsonText>> choose_all(const RecordMatch& match, const engine::Answer* answer) {
  std::vector<base::JsonText> all;
  if (answer) {
    const base::Result<json> rows = base::parse_json(answer->content.text);
    if (!rows || !rows->is_array())
      return base::Error{task_state_unreadable, "the stored answer to the search is no list of records"};
    for (const json& row : *rows) all.push_back({row.dump()});
  }
  if (all.size() > static_cast<std::size_t>(match.list_max)) {
    return base::Error{find_many, fmt::format("more than {} {} have this {}, and the list takes no more: \"max\" says "
                                              "how many it may",
                                              match.list_max, match.object, names_of(match))};
  }
  if (!all.empty()) return all;
  const base::Result<std::optional<FoundRecord>> none = choose_none(match);
  if (!none) return none.error();
  return all;
}

base::Result<std::optional<FoundRecord>> choose_none(const RecordMatch& match) {
  if (match.if_none == IfNone::go_on) return std::optional<FoundRecord>{};
  return base::Error{find_none, fmt::format("no {} has this {}", match.object, names_of(match))};
}

}  // namespace tasks
