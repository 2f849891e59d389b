#include "tasks/planned_search.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

#include "tasks/api_name.hpp"

namespace tasks {

namespace {

using base::Value;
using connectors::salesforce::FieldSchema;
using connectors::salesforce::ObjectSchema;

bool is_path(std::string_view name) { return name.find('.') != std::string_view::npos; }

void add_once(std::vector<std::string>& names, const std::string& name) {
  const bool is_there =
      std::any_of(names.begin(), names.end(), [&](const std::string& known) { return same_name(known, name); });
  if (!is_there) names.push_back(name);
}

// A parent's field is compared by what its value looks like: which field it is, is judged where the org is asked.
FieldSchema compared_field(const ObjectSchema& schema, const RecordQuestion::Equals& part) {
  const FieldSchema* known = is_path(part.field) ? nullptr : schema.find(part.field);
  if (known) return *known;
  FieldSchema field;
  field.name = part.field;
  using connectors::salesforce::FieldKind;
  using connectors::salesforce::LiteralKind;
  field.kind = part.kind == LiteralKind::number     ? FieldKind::number
               : part.kind == LiteralKind::boolean  ? FieldKind::boolean
               : part.kind == LiteralKind::date     ? FieldKind::date
               : part.kind == LiteralKind::datetime ? FieldKind::datetime
                                                    : FieldKind::text;
  field.scale = 18;  // of a parent's number it is not known
  return field;
}

nlohmann::json::json_pointer pointer_of_path(std::string path) {
  std::replace(path.begin(), path.end(), '.', '/');
  return nlohmann::json::json_pointer("/" + path);
}

}  // namespace

std::vector<PlannedRecord> records_of_rows(const std::string& object, std::vector<NamedValues> rows) {
  std::vector<PlannedRecord> records;
  for (NamedValues& row : rows) {
    PlannedRecord record{.object = object};
    for (auto& [name, value] : row)
      if (!name.starts_with("attributes.")) record.values[folded_name(name)] = std::move(value);
    record.id = base::to_text(record.value("Id"));
    records.push_back(std::move(record));
  }
  return records;
}

PlannedSearch::PlannedSearch(const RecordQuestion& question, const PlannedRecords& planned)
    : question_(question), planned_(planned) {
  for (const std::string& field : question.select)
    if (is_path(field)) add_once(parent_paths_, field);
  for (const RecordQuestion::Equals& part : question.where)
    if (is_path(part.field)) add_once(parent_paths_, part.field);
}

bool PlannedSearch::is_touched() const {
  return !planned_.empty() && (!parent_paths_.empty() || planned_.has_any(question_.object));
}

std::vector<RecordQuestion> PlannedSearch::questions(const ObjectSchema& schema) const {
  // Nothing in the org names a record that is not there yet.
  const bool is_about_new = std::any_of(question_.where.begin(), question_.where.end(), [&](const auto& part) {
    const PlannedRecord* named = planned_.find(base::to_text(part.value));
    return named && named->is_new;
  });
  if (is_about_new) return {};
  RecordQuestion wide = question_;
  for (const char* needed : {"Id", "CreatedDate"})
    if (schema.find(needed)) add_once(wide.select, needed);
  for (const std::string& path : parent_paths_)
    if (const FieldSchema* lookup = schema.find_relationship(path.substr(0, path.find('.'))))
      add_once(wide.select, lookup->name);
  // As many of the rows as the plan has changed may not be rows any more.
  wide.limit += planned_.count_changed(question_.object);

  // … nor those whose parents it has changed, of which there may be many.
  constexpr std::size_t children_of_changed_parents = 200;
  if (!parent_paths_.empty()) wide.limit += children_of_changed_parents;

  std::vector<RecordQuestion> all{wide};
  for (const RecordQuestion::Equals& part : question_.where) {
    if (!is_path(part.field)) continue;
    const FieldSchema* lookup = schema.find_relationship(part.field.substr(0, part.field.find('.')));
    if (!lookup) continue;
    for (const std::string& object : lookup->refers_to) {
      for (const PlannedRecord* parent : planned_.of(object)) {
        if (parent->is_new || parent->is_removed) continue;  // nothing in the org belongs to it
        RecordQuestion of_parent = wide;
        std::erase_if(of_parent.where, [](const RecordQuestion::Equals& other) { return is_path(other.field); });
        of_parent.where.push_back({lookup->name, Value(parent->id)});
        all.push_back(std::move(of_parent));
      }
    }
  }
  return all;
}

void PlannedSearch::take(std::vector<NamedValues> rows) {
  for (Candidate& found : records_of_rows(question_.object, std::move(rows))) {
    const bool is_there = std::any_of(candidates_.begin(), candidates_.end(),
                                      [&](const Candidate& other) { return other.id == found.id; });
    if (is_there || planned_.find(found.id)) continue;
    clear_lookups(found.values, planned_);
    candidates_.push_back(std::move(found));
  }
}

// Only those that fit by their own fields: the others need not be completed.
void PlannedSearch::take_planned(const ObjectSchema& schema) {
  std::vector<PlannedRecords::Held> own;
  for (const RecordQuestion::Equals& part : question_.where)
    if (!is_path(part.field)) own.push_back({compared_field(schema, part), part.value});
  for (const PlannedRecord* record : planned_.that_may_hold(question_.object, own)) {
    const bool may_be_row =
        !record->is_removed && std::all_of(own.begin(), own.end(), [&](const PlannedRecords::Held& held) {
          return is_found_by(record->value(held.field.name), held.value, held.field);
        });
    if (may_be_row) candidates_.push_back(*record);
  }
}

// The org has judged its own fields by itself; a parent's may be part of the plan.
bool PlannedSearch::is_row(const Candidate& candidate, const ObjectSchema& schema) const {
  return std::all_of(question_.where.begin(), question_.where.end(), [&](const RecordQuestion::Equals& part) {
    return !is_path(part.field) || is_found_by(candidate.value(part.field), part.value, compared_field(schema, part));
  });
}

base::JsonText PlannedSearch::rows(const ObjectSchema& schema) const {
  std::vector<const Candidate*> found;
  for (const Candidate& candidate : candidates_)
    if (is_row(candidate, schema)) found.push_back(&candidate);
  // New records come after all that are there, in the order in which they would be made.
  const bool by_date = same_name(question_.order_by, "CreatedDate");
  const auto place = [&](const Candidate& candidate) {
    return std::tuple(candidate.is_new,
                      by_date && !candidate.is_new ? base::to_text(candidate.value("CreatedDate")) : "", candidate.id);
  };
  std::stable_sort(found.begin(), found.end(), [&](const Candidate* a, const Candidate* b) {
    return question_.descending ? place(*b) < place(*a) : place(*a) < place(*b);
  });
  if (found.size() > question_.limit) found.resize(question_.limit);

  nlohmann::json rows = nlohmann::json::array();
  for (const Candidate* candidate : found) {
    nlohmann::json row = nlohmann::json::object();
    for (const std::string& field : question_.select)
      row[pointer_of_path(field)] = nlohmann::json::parse(base::to_json(candidate->value(field)));
    rows.push_back(std::move(row));
  }
  return base::JsonText{rows.dump()};
}

}  // namespace tasks
