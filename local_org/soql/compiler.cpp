// Turns a SOQL query into one SQL statement and the shape of its rows.
#include "local_org/soql/compiler.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "local_org/api_error.hpp"
#include "local_org/field_value.hpp"
#include "local_org/record_id.hpp"
#include "local_org/record_store.hpp"
#include "local_org/soql/errors.hpp"
#include "local_org/soql/lexer.hpp"

namespace local_org::soql {
namespace {

namespace sql = base::sql;

constexpr std::int64_t query_offset_max = 2000;
constexpr std::int64_t field_group_limit_max = 200;
constexpr std::size_t parent_levels_max = 5;

constexpr std::string_view see_describe = "Please reference your WSDL or the describe call for the appropriate names.";

// One object in the statement: the one queried, or a parent that is joined to it.
struct Source {
  const Object* object;
  std::string alias;  // in SQL
  std::string path;   // relationship names in lower case with dots, "" for the object queried
};

struct ResolvedField {
  std::size_t source;  // index into the compiler's sources
  const Field* field;
};

class Compiler {
 public:
  Compiler(const Query& query, const Schema& schema, bool deleted_too)
      : query_(query), schema_(schema), deleted_too_(deleted_too) {}

  CompiledQuery compile() {
    const Object* object = schema_.find(query_.object.names.front());
    if (!object) throw unknown_object();
    sources_.push_back({object, "t0", ""});
    result_.counts = query_.counts;
    // The order of these is the order of the parameters.
    if (!query_.counts) select();
    const std::string where = where_text();
    const std::string order = order_text();
    result_.sql = fmt::format("SELECT {} FROM {} AS t0{} WHERE {} ORDER BY {}{}", columns_text(),
                              quoted_name(object->name), joins_, where, order, limit_text());
    if (query_.counts) result_.sql = fmt::format("SELECT count(*) FROM ({})", result_.sql);
    return std::move(result_);
  }

 private:
  // SELECT

  void select() {
    result_.shape = new_shape(0);
    for (const Selected& selected : query_.selected) {
      if (selected.group) {
        select_group(selected);
      } else {
        select_field(selected.field);
      }
    }
  }

  void select_field(const Path& path) {
    const ResolvedField resolved = resolve(path);
    RowShape& shape = shape_of(resolved.source);
    add_item(shape, resolved, path);
  }

  void select_group(const Selected& selected) {
    if (*selected.group != FieldGroup::standard && query_.limit.value_or(query_offset_max) > field_group_limit_max) {
      throw fault("MALFORMED_QUERY", selected.field.offset,
                  "The SOQL FIELDS function must have a LIMIT of at most 200");
    }
    bool any = false;
    for (const Field& field : sources_.front().object->fields) {
      const bool custom = field.name.ends_with("__c");
      if (*selected.group == FieldGroup::custom && !custom) continue;
      if (*selected.group == FieldGroup::standard && custom) continue;
      add_item(result_.shape, {0, &field}, Path{{field.name}, selected.field.offset});
      any = true;
    }
    if (!any) {
      throw fault("MALFORMED_QUERY", selected.field.offset,
                  "'FIELDS(...)' expansion function must result in at least one field being selected.");
    }
  }

  void add_item(RowShape& shape, const ResolvedField& resolved, const Path& path) {
    const bool selected_before = std::any_of(shape.items.begin(), shape.items.end(),
                                             [&](const RowItem& item) { return item.field == resolved.field; });
    if (selected_before) throw fault("INVALID_FIELD", path.offset, "duplicate field selected: " + path.text());
    RowItem item;
    item.field = resolved.field;
    if (resolved.field->stored()) {
      item.columns.push_back(add_column(resolved.source, *resolved.field));
    } else {
      for (const Field* part : sources_[resolved.source].object->parts_of(resolved.field->name)) {
        item.columns.push_back(add_column(resolved.source, *part));
      }
    }
    shape.items.push_back(std::move(item));
  }

  RowShape new_shape(std::size_t source) {
    const Object& object = *sources_[source].object;
    return {&object, add_column(source, *object.find("Id")), {}};
  }

  // The shape that holds the fields of a source; parents nest in the order of their first field.
  RowShape& shape_of(std::size_t source) {
    RowShape* shape = &result_.shape;
    std::string_view rest = sources_[source].path;
    std::string path;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('.'), rest.size());
      path.append(path.empty() ? "" : ".").append(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      shape = &parent_shape(*shape, path);
    }
    return *shape;
  }

  RowShape& parent_shape(RowShape& child, const std::string& path) {
    const std::size_t dot = path.rfind('.');
    const Field* lookup = child.object->find_relationship(dot == std::string::npos ? path : path.substr(dot + 1));
    for (RowItem& item : child.items) {
      if (!item.parent.empty() && item.relationship == lookup->relationship) return item.parent.front();
    }
    RowItem item;
    item.relationship = lookup->relationship;
    item.parent.push_back(new_shape(source_at(path)));
    child.items.push_back(std::move(item));
    return child.items.back().parent.front();
  }

  std::size_t add_column(std::size_t source, const Field& field) {
    columns_.push_back(column(source, field));
    return columns_.size() - 1;
  }

  std::string columns_text() const { return query_.counts ? "1" : fmt::format("{}", fmt::join(columns_, ", ")); }

  // Names

  ResolvedField resolve(const Path& path) {
    std::size_t first = 0;
    const bool names_the_object = path.names.size() > 1 && (same_name(path.names[0], sources_[0].object->name) ||
                                                            same_name(path.names[0], query_.alias));
    if (names_the_object) first = 1;
    if (path.names.size() - first > parent_levels_max + 1) {
      throw fault("INVALID_FIELD", path.offset,
                  "Maximum number of relationship levels exceeded in field path " + path.text());
    }
    std::size_t source = 0;
    for (std::size_t i = first; i + 1 < path.names.size(); ++i) source = join(source, path.names[i], path.offset);
    const Object& object = *sources_[source].object;
    const Field* field = object.find(path.names.back());
    if (!field) {
      throw fault(
          "INVALID_FIELD", path.offset,
          fmt::format("No such column '{}' on entity '{}'. If you are attempting to use a custom field, be sure to "
                      "append the '__c' after the custom field name. {}",
                      path.names.back(), object.name, see_describe));
    }
    return {source, field};
  }

  std::size_t join(std::size_t child, const std::string& relationship, std::size_t offset) {
    const Field* lookup = sources_[child].object->find_relationship(relationship);
    const Object* parent = lookup ? only_parent(*lookup) : nullptr;
    if (!parent) {
      throw fault(
          "INVALID_FIELD", offset,
          fmt::format("Didn't understand relationship '{}' in field path. If you are attempting to use a custom "
                      "relationship, be sure to append the '__r' after the custom relationship name. {}",
                      relationship, see_describe));
    }
    std::string path = sources_[child].path;
    path.append(path.empty() ? "" : ".").append(lower_case(relationship));
    const auto known = std::find_if(sources_.begin(), sources_.end(), [&](const Source& s) { return s.path == path; });
    if (known != sources_.end()) return static_cast<std::size_t>(known - sources_.begin());
    sources_.push_back({parent, fmt::format("t{}", sources_.size()), std::move(path)});
    const Source& added = sources_.back();
    joins_ += fmt::format(" LEFT JOIN {} AS {} ON {}.\"Id\" = {}", quoted_name(parent->name), added.alias, added.alias,
                          column(child, *lookup));
    return sources_.size() - 1;
  }

  // A lookup that may point at several of the org's objects leads nowhere: its fields are not known.
  const Object* only_parent(const Field& lookup) const {
    const Object* parent = nullptr;
    for (const std::string& name : lookup.references) {
      const Object* object = schema_.find(name);
      if (object && parent) return nullptr;
      if (object) parent = object;
    }
    return parent;
  }

  std::size_t source_at(const std::string& path) const {
    const auto found = std::find_if(sources_.begin(), sources_.end(), [&](const Source& s) { return s.path == path; });
    return static_cast<std::size_t>(found - sources_.begin());
  }

  std::string column(std::size_t source, const Field& field) const {
    return sources_[source].alias + "." + quoted_name(field.name);
  }

  static std::string lower_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return text;
  }

  // WHERE

  std::string where_text() {
    std::string text = !deleted_too_ && sources_.front().object->soft_deletes ? "t0.\"IsDeleted\" = 0" : "1";
    if (query_.where) text += " AND " + condition_text(*query_.where);
    return text;
  }

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
    const ResolvedField resolved = resolve(comparison.field);
    const Field& field = *resolved.field;
    if (!field.filterable || !field.stored()) {
      throw fault("INVALID_FIELD", comparison.field.offset,
                  fmt::format("field '{}' can not be filtered in a query call", field.name));
    }
    const std::string left = column(resolved.source, field);
    switch (comparison.op) {
      case Operator::in: return left + " IN " + list_text(field, comparison.values);
      case Operator::not_in: return fmt::format("({} IN {}) IS NOT TRUE", left, list_text(field, comparison.values));
      case Operator::like: return like_text(field, left, comparison);
      // IS and IS NOT, because null equals null here.
      case Operator::equal: return left + " IS " + parameter(value_of(field, comparison.values.front()));
      case Operator::not_equal: return left + " IS NOT " + parameter(value_of(field, comparison.values.front()));
      default: break;
    }
    if (field.type == FieldType::boolean || field.type == FieldType::id || field.is_lookup()) {
      throw fault("INVALID_QUERY_FILTER_OPERATOR", comparison.field.offset,
                  fmt::format("invalid operator on {} field", field.type == FieldType::boolean ? "boolean" : "id"));
    }
    return fmt::format("{} {} {}", left, order_sign(comparison.op),
                       parameter(value_of(field, comparison.values.front())));
  }

  std::string list_text(const Field& field, const std::vector<Literal>& values) {
    std::vector<std::string> places;
    for (const Literal& value : values) places.push_back(parameter(value_of(field, value)));
    return fmt::format("({})", fmt::join(places, ", "));
  }

  std::string like_text(const Field& field, const std::string& left, const Comparison& comparison) {
    const Literal& literal = comparison.values.front();
    if (!field.is_text() || literal.kind != LiteralKind::string) {
      throw fault("INVALID_QUERY_FILTER_OPERATOR", comparison.field.offset, "invalid operator");
    }
    return left + " LIKE " + parameter(unescape_pattern(string_token(literal), query_.text)) + " ESCAPE '\\'";
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

  std::string parameter(sql::Value value) {
    result_.parameters.push_back(std::move(value));
    return fmt::format("${}", result_.parameters.size());
  }

  static Token string_token(const Literal& literal) { return {TokenKind::string, literal.text, literal.offset}; }

  // ORDER BY, LIMIT, OFFSET

  std::string order_text() {
    std::string text;
    for (const Order& order : query_.order) {
      const ResolvedField resolved = resolve(order.field);
      if (!resolved.field->sortable || !resolved.field->stored()) {
        throw fault("INVALID_FIELD", order.field.offset,
                    fmt::format("field '{}' can not be sorted in a query call", resolved.field->name));
      }
      text += fmt::format("{} {} NULLS {}, ", column(resolved.source, *resolved.field),
                          order.descending ? "DESC" : "ASC", order.nulls_last ? "LAST" : "FIRST");
    }
    // What the query leaves open, the order of creation decides, so that pages and tests can rely on it.
    return text + "t0." + std::string(number_column);
  }

  std::string limit_text() {
    if (query_.offset > query_offset_max) {
      throw ApiError{400, "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000"};
    }
    if (!query_.limit && query_.offset == 0) return "";
    const std::string limit = parameter(query_.limit.value_or(-1));
    return fmt::format(" LIMIT {} OFFSET {}", limit, parameter(query_.offset));
  }

  // Faults

  ApiError fault(std::string code, std::size_t offset, std::string_view message) const {
    return query_error(std::move(code), query_.text, offset, message);
  }

  ApiError unknown_object() const {
    return fault(
        "INVALID_TYPE", query_.object.offset,
        fmt::format("sObject type '{}' is not supported. If you are attempting to use a custom object, be sure to "
                    "append the '__c' after the entity name. {}",
                    query_.object.names.front(), see_describe));
  }

  ApiError wrong_type(const Field& field, const Literal& literal, std::string_view type, std::string_view how) const {
    return fault(
        "INVALID_FIELD", literal.offset,
        fmt::format("value of filter criterion for field '{}' must be of type {} and {}", field.name, type, how));
  }

  const Query& query_;
  const Schema& schema_;
  bool deleted_too_;
  std::vector<Source> sources_;
  std::vector<std::string> columns_;
  std::string joins_;
  CompiledQuery result_;
};

}  // namespace

CompiledQuery compile(const Query& query, const Schema& schema, bool deleted_too) {
  return Compiler(query, schema, deleted_too).compile();
}

}  // namespace local_org::soql
