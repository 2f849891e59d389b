// Turns a SOQL query into one SQL statement and the shape of its rows.
#include "local_org/soql/compiler.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "local_org/api_error.hpp"
#include "local_org/record_store.hpp"
#include "local_org/soql/conditions.hpp"
#include "local_org/soql/errors.hpp"
#include "local_org/soql/sources.hpp"

namespace local_org::soql {
namespace {

constexpr std::int64_t query_offset_max = 2000;
constexpr std::int64_t field_group_limit_max = 200;

class Compiler {
 public:
  Compiler(const Query& query, const Access& access, bool deleted_too)
      : query_(query), sources_(query, access, "t"), statement_{access, deleted_too} {}

  CompiledQuery compile() {
    result_.counts = query_.counts;
    if (!query_.counts) select();
    const std::string where = where_text(query_, sources_, statement_);
    const std::string order = order_text();
    result_.sql = fmt::format("SELECT {} FROM {} WHERE {} ORDER BY {}{}", columns_text(), sources_.from_text(), where,
                              order, limit_text());
    if (query_.counts) result_.sql = fmt::format("SELECT count(*) FROM ({})", result_.sql);
    result_.parameters = std::move(statement_.parameters);
    result_.objects = std::move(statement_.objects_of_sub_selects);
    for (const Source& source : sources_.all()) result_.objects.push_back(source.object);
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
    const ResolvedField resolved = sources_.resolve(path);
    RowShape& shape = shape_of(resolved.source);
    add_item(shape, resolved, path);
  }

  void select_group(const Selected& selected) {
    if (*selected.group != FieldGroup::standard && query_.limit.value_or(query_offset_max) > field_group_limit_max) {
      throw fault("MALFORMED_QUERY", selected.field.offset,
                  "The SOQL FIELDS function must have a LIMIT of at most 200");
    }
    bool any = false;
    for (const Field& field : sources_.object(0).fields) {
      if (!statement_.access.may_read(sources_.object(0), field)) continue;
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
      for (const Field* part : sources_.object(resolved.source).parts_of(resolved.field->name)) {
        item.columns.push_back(add_column(resolved.source, *part));
      }
    }
    shape.items.push_back(std::move(item));
  }

  RowShape new_shape(std::size_t source) {
    const Object& object = sources_.object(source);
    return {&object, add_column(source, *object.find("Id")), {}};
  }

  // The shape that holds the fields of a source; parents nest in the order of their first field.
  RowShape& shape_of(std::size_t source) {
    RowShape* shape = &result_.shape;
    std::string_view rest = sources_.all()[source].path;
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
    item.parent.push_back(new_shape(sources_.source_at(path)));
    child.items.push_back(std::move(item));
    return child.items.back().parent.front();
  }

  std::size_t add_column(std::size_t source, const Field& field) {
    columns_.push_back(sources_.column(source, field));
    return columns_.size() - 1;
  }

  std::string columns_text() const { return query_.counts ? "1" : fmt::format("{}", fmt::join(columns_, ", ")); }

  // ORDER BY, LIMIT, OFFSET

  std::string order_text() {
    std::string text;
    for (const Order& order : query_.order) {
      const ResolvedField resolved = sources_.resolve(order.field);
      if (!resolved.field->sortable || !resolved.field->stored()) {
        throw fault("INVALID_FIELD", order.field.offset,
                    fmt::format("field '{}' can not be sorted in a query call", resolved.field->name));
      }
      text += fmt::format("{} {} NULLS {}, ", sources_.column(resolved.source, *resolved.field),
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
    const std::string limit = statement_.parameter(query_.limit.value_or(-1));
    return fmt::format(" LIMIT {} OFFSET {}", limit, statement_.parameter(query_.offset));
  }

  // Faults

  ApiError fault(std::string code, std::size_t offset, std::string_view message) const {
    return query_error(std::move(code), query_.text, offset, message);
  }

  const Query& query_;
  Sources sources_;
  Statement statement_;
  std::vector<std::string> columns_;
  CompiledQuery result_;
};

}  // namespace

CompiledQuery compile(const Query& query, const Access& access, bool deleted_too) {
  return Compiler(query, access, deleted_too).compile();
}

}  // namespace local_org::soql
