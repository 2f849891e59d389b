// The objects that a query reads: the one it names, and the parents that its paths lead to. What who asks may not read
// is not there.
#include "local_org/soql/sources.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "local_org/record_store.hpp"
#include "local_org/soql/errors.hpp"

namespace local_org::soql {
namespace {

constexpr std::size_t parent_levels_max = 5;

constexpr std::string_view see_describe = "Please reference your WSDL or the describe call for the appropriate names.";

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return text;
}

}  // namespace

Sources::Sources(const Query& query, const Access& access, std::string alias_start)
    : query_(query), access_(access), alias_start_(std::move(alias_start)) {
  const std::string& name = query.object.names.front();
  const Object* object = access.find_object(name);
  if (!object) {
    throw query_error("INVALID_TYPE", query.text, query.object.offset,
                      fmt::format("sObject type '{}' is not supported. If you are attempting to use a custom object, "
                                  "be sure to append the '__c' after the entity name. {}",
                                  name, see_describe));
  }
  sources_.push_back({object, alias_start_ + "0", ""});
}

ResolvedField Sources::resolve(const Path& path) {
  std::size_t first = 0;
  const bool names_the_object = path.names.size() > 1 && (same_name(path.names[0], sources_[0].object->name) ||
                                                          same_name(path.names[0], query_.alias));
  if (names_the_object) first = 1;
  if (path.names.size() - first > parent_levels_max + 1) {
    throw query_error("INVALID_FIELD", query_.text, path.offset,
                      "Maximum number of relationship levels exceeded in field path " + path.text());
  }
  std::size_t source = 0;
  for (std::size_t i = first; i + 1 < path.names.size(); ++i) source = join(source, path.names[i], path.offset);
  const Object& object = *sources_[source].object;
  const Field* field = access_.find_field(object, path.names.back());
  if (!field) throw no_such_column(object, path);
  return {source, field};
}

std::size_t Sources::join(std::size_t child, const std::string& relationship, std::size_t offset) {
  const Field* lookup = access_.find_relationship(*sources_[child].object, relationship);
  const Object* parent = lookup ? only_parent(*lookup) : nullptr;
  if (!parent) {
    throw query_error(
        "INVALID_FIELD", query_.text, offset,
        fmt::format("Didn't understand relationship '{}' in field path. If you are attempting to use a custom "
                    "relationship, be sure to append the '__r' after the custom relationship name. {}",
                    relationship, see_describe));
  }
  std::string path = sources_[child].path;
  path.append(path.empty() ? "" : ".").append(lower_case(relationship));
  const std::size_t known = source_at(path);
  if (known < sources_.size()) return known;
  sources_.push_back({parent, fmt::format("{}{}", alias_start_, sources_.size()), std::move(path)});
  const Source& added = sources_.back();
  joins_ += fmt::format(" LEFT JOIN {} AS {} ON {}.\"Id\" = {}", quoted_name(parent->name), added.alias, added.alias,
                        column(child, *lookup));
  return sources_.size() - 1;
}

// A lookup that may point at several of the org's objects leads nowhere: its fields are not known.
const Object* Sources::only_parent(const Field& lookup) const {
  const Object* parent = nullptr;
  for (const std::string& name : lookup.references) {
    const Object* object = access_.find_object(name);
    if (object && parent) return nullptr;
    if (object) parent = object;
  }
  return parent;
}

std::size_t Sources::source_at(std::string_view path) const {
  const auto found = std::find_if(sources_.begin(), sources_.end(), [&](const Source& s) { return s.path == path; });
  return static_cast<std::size_t>(found - sources_.begin());
}

std::string Sources::column(std::size_t source, const Field& field) const {
  return sources_[source].alias + "." + quoted_name(field.name);
}

std::string Sources::from_text() const {
  return fmt::format("{} AS {}{}", quoted_name(sources_.front().object->name), sources_.front().alias, joins_);
}

ApiError Sources::no_such_column(const Object& object, const Path& path) const {
  return query_error(
      "INVALID_FIELD", query_.text, path.offset,
      fmt::format("No such column '{}' on entity '{}'. If you are attempting to use a custom field, be sure to "
                  "append the '__c' after the custom field name. {}",
                  path.names.back(), object.name, see_describe));
}

}  // namespace local_org::soql
