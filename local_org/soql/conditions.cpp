// A query's WHERE in SQL, with the values it compares with.
#include "local_org/soql/conditions.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "local_org/field_value.hpp"
#include "local_org/record_id.hpp"
#include "local_org/record_store.hpp"
#include "local_org/soql/errors.hpp"
#include "local_org/soql/lexer.hpp"

namespace local_org::soql {
namespace {

namespace sql = base::sql;

constexpr std::size_t semi_joins_max = 2;

std::size_t semi_joins_in(const Condition& condition) {
  std::size_t count = condition.comparison.sub_select ? 1 : 0;
  for (const Condition& part : condition.parts) count += semi_joins_in(part);
  return count;
}

// The objects whose ids stand in the field.
std::vector<std::string> objects_pointed_to(const Object& object, const Field& field) {
  if (field.type == FieldType::id) return {object.name};
  return field.is_lookup() ? field.references : std::vector<std::string>{};
}

class Conditions {
 public:
  Conditions(const Query& query, Sources& sources, Statement& statement)
      : query_(query), sources_(sources), statement_(statement) {}

  std::string text() {
    const Source& queried = sources_.all().front();
    const bool leaves_deleted_out = !statement_.deleted_too && queried.object->soft_deletes;
    std::string text = leaves_deleted_out ? queried.alias + ".\"IsDeleted\" = 0" : "1";
    if (const std::string_view own = statement_.access.own_records_by(*queried.object); !own.empty()) {
      text += fmt::format(" AND {}.{} = {}", queried.alias, quoted_name(own),
                          statement_.parameter(statement_.access.user_id()));
    }
    if (!query_.where) return text;
    if (semi_joins_in(*query_.where) > 0) check_semi_joins(*query_.where);
    return text + " AND " + condition_text(*query_.where);
  }

 private:
  std::string condition_text(const Condition& condition) {
    switch (condition.kind) {
      case ConditionKind::comparison: return comparison_text(condition.comparison);
      // Salesforce knows two truth values: what is not true is false, null or not.
      case ConditionKind::negation: return "(" + condition_text(condition.parts.front()) + ") IS NOT TRUE";
      default: break;
    }
    std::vector<std::string> parts;
    for (const Condition& part : condition.parts) parts.push_back(condition_text(part));
    return fmt::format("({})", fmt::join(parts, condition.kind == ConditionKind::all ? " AND " : " OR "));
  }

  std::string comparison_text(const Comparison& comparison) {
    const ResolvedField resolved = sources_.resolve(comparison.field);
    const Field& field = *resolved.field;
    if (!field.filterable || !field.stored()) {
      throw fault("INVALID_FIELD", comparison.field.offset,
                  fmt::format("field '{}' can not be filtered in a query call", field.name));
    }
    const std::string left = sources_.column(resolved.source, field);
    if (comparison.sub_select) return semi_join_text(comparison, resolved, left);
    switch (comparison.op) {
      case Operator::in: return left + " IN " + list_text(field, comparison.values);
      case Operator::not_in: return fmt::format("({} IN {}) IS NOT TRUE", left, list_text(field, comparison.values));
      case Operator::like: return like_text(field, left, comparison);
      // IS and IS NOT, because null equals null here.
      case Operator::equal: return left + " IS " + statement_.parameter(value_of(field, comparison.values.front()));
      case Operator::not_equal:
        return left + " IS NOT " + statement_.parameter(value_of(field, comparison.values.front()));
      default: break;
    }
    if (field.type == FieldType::boolean || field.type == FieldType::id || field.is_lookup()) {
      throw fault("INVALID_QUERY_FILTER_OPERATOR", comparison.field.offset,
                  fmt::format("invalid operator on {} field", field.type == FieldType::boolean ? "boolean" : "id"));
    }
    return fmt::format("{} {} {}", left, order_sign(comparison.op),
                       statement_.parameter(value_of(field, comparison.values.front())));
  }

  std::string list_text(const Field& field, const std::vector<Literal>& values) {
    std::vector<std::string> places;
    for (const Literal& value : values) places.push_back(statement_.parameter(value_of(field, value)));
    return fmt::format("({})", fmt::join(places, ", "));
  }

  std::string like_text(const Field& field, const std::string& left, const Comparison& comparison) {
    const Literal& literal = comparison.values.front();
    if (!field.is_text() || literal.kind != LiteralKind::string) {
      throw fault("INVALID_QUERY_FILTER_OPERATOR", comparison.field.offset, "invalid operator");
    }
    return left + " LIKE " + statement_.parameter(unescape_pattern(string_token(literal), query_.text)) +
           " ESCAPE '\\'";
  }

  static std::string_view order_sign(Operator op) {
    switch (op) {
      case Operator::less: return "<";
      case Operator::less_or_equal: return "<=";
      case Operator::greater: return ">";
      default: return ">=";
    }
  }

  sql::Value value_of(const Field& field, const Literal& literal) {
    if (literal.kind == LiteralKind::null) return sql::Null{};
    switch (field.type) {
      case FieldType::id:
      case FieldType::reference: return id_value(field, literal);
      case FieldType::boolean: return typed_value(field, literal, LiteralKind::boolean, "boolean");
      case FieldType::integer:
      case FieldType::number: return typed_value(field, literal, LiteralKind::number, field.type_name);
      case FieldType::date: return typed_value(field, literal, LiteralKind::date, "date");
      case FieldType::datetime: return typed_value(field, literal, LiteralKind::datetime, "dateTime");
      default: break;
    }
    if (literal.kind != LiteralKind::string) throw wrong_type(field, literal, "string", "should be enclosed in quotes");
    std::string text = unescape_text(string_token(literal), query_.text);
    return text.empty() ? sql::Value(sql::Null{}) : sql::Value(std::move(text));
  }

  sql::Value id_value(const Field& field, const Literal& literal) {
    if (literal.kind != LiteralKind::string) throw wrong_type(field, literal, "string", "should be enclosed in quotes");
    if (literal.text.empty()) return sql::Null{};
    std::optional<std::string> id = to_record_id(literal.text);
    if (!id) throw fault("INVALID_QUERY_FILTER_OPERATOR", literal.offset, "invalid ID field: " + literal.text);
    return *std::move(id);
  }

  sql::Value typed_value(const Field& field, const Literal& literal, LiteralKind kind, std::string_view type) {
    if (literal.kind != kind) throw wrong_type(field, literal, type, "should not be enclosed in quotes");
    // Unlike a value to store, a number to compare with is neither rounded nor confined to whole ones.
    if (kind == LiteralKind::number) {
      double number = 0;
      const char* end = literal.text.data() + literal.text.size();
      const char* begin = literal.text.data() + (literal.text.starts_with('+') ? 1 : 0);
      if (std::from_chars(begin, end, number).ptr == end) return number;
    } else if (std::optional<sql::Value> value = field_value_from_text(field, literal.text)) {
      return *std::move(value);
    }
    throw fault("MALFORMED_QUERY", literal.offset, fmt::format("unexpected token: '{}'", literal.text));
  }

  static Token string_token(const Literal& literal) { return {TokenKind::string, literal.text, literal.offset}; }

  // Semi-joins

  // They stand alone or between ANDs, and not below anything.
  void check_semi_joins(const Condition& where) const {
    std::size_t at_top = where.comparison.sub_select ? 1 : 0;
    if (where.kind == ConditionKind::all || where.kind == ConditionKind::any) {
      at_top =
          static_cast<std::size_t>(std::count_if(where.parts.begin(), where.parts.end(), [](const Condition& part) {
            return part.comparison.sub_select != nullptr;
          }));
    }
    if (at_top > 0 && where.kind == ConditionKind::any) {
      throw malformed("Semi join sub-selects are not allowed with the 'OR' operator");
    }
    const std::size_t all = semi_joins_in(where);
    if (at_top < all) {
      throw malformed(
          "Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE "
          "expressions.");
    }
    if (all > semi_joins_max) throw malformed("Maximum 2 semi join sub-selects are allowed");
  }

  std::string semi_join_text(const Comparison& comparison, const ResolvedField& left, const std::string& left_column) {
    const Query& inner = *comparison.sub_select;
    if (inner.where && semi_joins_in(*inner.where) > 0) {
      throw malformed("Nesting of semi join sub-selects is not supported");
    }
    Sources sources(inner, statement_.access, fmt::format("s{}_", statement_.objects_of_sub_selects.size()));
    if (&sources.object(0) == &sources_.object(0)) {
      throw fault("MALFORMED_QUERY", inner.object.offset,
                  "The inner and outer selects should not be on the same object type");
    }
    const ResolvedField selected = sources.resolve(inner.selected.front().field);
    check_same_target(comparison, left, inner, sources.object(selected.source), *selected.field);
    const std::string column = sources.column(selected.source, *selected.field);
    const std::string where = where_text(inner, sources, statement_);
    for (const Source& source : sources.all()) statement_.objects_of_sub_selects.push_back(source.object);
    const std::string text =
        fmt::format("{} IN (SELECT {} FROM {} WHERE {})", left_column, column, sources.from_text(), where);
    return comparison.op == Operator::in ? text : fmt::format("({}) IS NOT TRUE", text);
  }

  // Salesforce has an object type for ids alone: a field of another kind points nowhere.
  void check_same_target(const Comparison& comparison, const ResolvedField& left, const Query& inner,
                         const Object& inner_object, const Field& selected) const {
    const std::vector<std::string> wanted = objects_pointed_to(sources_.object(left.source), *left.field);
    const std::vector<std::string> given = objects_pointed_to(inner_object, selected);
    if (std::find_first_of(wanted.begin(), wanted.end(), given.begin(), given.end()) != wanted.end()) return;
    throw fault("MALFORMED_QUERY", comparison.field.offset,
                fmt::format("The selected field '{}' in the subquery and the left operand field in the where "
                            "expression in the outer query '{}' should point to the same object type",
                            inner.selected.front().field.text(), comparison.field.text()));
  }

  // Faults

  ApiError fault(std::string code, std::size_t offset, std::string_view message) const {
    return query_error(std::move(code), query_.text, offset, message);
  }

  static ApiError malformed(std::string_view message) { return {400, "MALFORMED_QUERY", std::string(message)}; }

  ApiError wrong_type(const Field& field, const Literal& literal, std::string_view type, std::string_view how) const {
    return fault(
        "INVALID_FIELD", literal.offset,
        fmt::format("value of filter criterion for field '{}' must be of type {} and {}", field.name, type, how));
  }

  const Query& query_;
  Sources& sources_;
  Statement& statement_;
};

}  // namespace

std::string Statement::parameter(sql::Value value) {
  parameters.push_back(std::move(value));
  return fmt::format("${}", parameters.size());
}

std::string where_text(const Query& query, Sources& sources, Statement& statement) {
  return Conditions(query, sources, statement).text();
}

}  // namespace local_org::soql
