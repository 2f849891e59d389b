#include "engine/failure_cause.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/id.hpp"
#include "base/json_reader.hpp"
#include "base/utf8.hpp"
#include "engine/errors.hpp"
#include "engine/folded_message.hpp"

namespace engine {
namespace {

// A rule's author writes 255 characters at most; an Apex trace is cut.
constexpr std::size_t message_bytes_max = 1'000;

// One error as the other side told it.
struct OrgError {
  std::string code;
  std::string message;
  std::vector<std::string> fields;
};

std::string text_of_member(const nlohmann::json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

// {"errors":[{"errorCode","message","fields"}]}; whatever has another shape tells of none.
std::vector<OrgError> org_errors(const std::string& details) {
  std::vector<OrgError> errors;
  if (details.empty()) return errors;
  const base::Result<nlohmann::json> tree = base::parse_json(details);
  if (!tree || !tree->is_object()) return errors;
  const auto list = tree->find("errors");
  if (list == tree->end() || !list->is_array()) return errors;
  for (const nlohmann::json& one : *list) {
    if (!one.is_object()) continue;
    OrgError error{text_of_member(one, "errorCode"), text_of_member(one, "message"), {}};
    if (const auto fields = one.find("fields"); fields != one.end() && fields->is_array()) {
      for (const nlohmann::json& field : *fields)
        if (field.is_string()) error.fields.push_back(field.get<std::string>());
    }
    if (!error.code.empty() || !error.message.empty()) errors.push_back(std::move(error));
  }
  return errors;
}

void add_once(std::vector<std::string>& all, const std::string& one) {
  if (!one.empty() && std::ranges::find(all, one) == all.end()) all.push_back(one);
}

std::string folded_error(const OrgError& error, const MessageOrigin& origin) {
  const bool is_authors = error.code == "FIELD_CUSTOM_VALIDATION_EXCEPTION";
  return is_authors ? error.message : folded_message(error.message, origin);
}

// Our own messages about a mapping begin with the field's name, and its type where that is known: "Email (email): …".
std::optional<std::string> field_named_first(std::string_view message, std::string_view names) {
  const std::string_view name = message.substr(0, std::min(message.find(": "), message.find(" (")));
  if (name.size() == message.size() || !names_word(names, name)) return std::nullopt;
  return std::string(name);
}

}  // namespace

std::optional<FailureCause> cause_of(const Fact& fact, const TaskDefinition& task, std::string_view sent) {
  if (fact.code == items_failed.name) return std::nullopt;
  const MessageOrigin origin{.sent = sent, .names = task.with.text};
  FailureCause cause{.task = task.id, .code = fact.code};
  std::vector<std::string> codes, messages;
  for (const OrgError& error : org_errors(fact.details)) {
    add_once(codes, error.code);
    add_once(messages, folded_error(error, origin));
    for (const std::string& field : error.fields) add_once(cause.fields, field);
  }
  cause.org_code = fmt::format("{}", fmt::join(codes, ", "));
  cause.message = fmt::format("{}", fmt::join(messages, "; "));
  if (messages.empty()) {
    cause.message = folded_message(fact.message, origin);
    if (const auto field = field_named_first(fact.message, origin.names)) add_once(cause.fields, *field);
  }
  cause.message = base::shortened(cause.message, message_bytes_max);
  std::ranges::sort(cause.fields);
  return cause;
}

std::string join_fields(const std::vector<std::string>& fields) { return fmt::format("{}", fmt::join(fields, ",")); }

std::vector<std::string> split_fields(std::string_view joined) {
  std::vector<std::string> fields;
  while (!joined.empty()) {
    const std::size_t comma = joined.find(',');
    fields.emplace_back(joined.substr(0, comma));
    joined.remove_prefix(comma == std::string_view::npos ? joined.size() : comma + 1);
  }
  return fields;
}

std::string cause_id(BrandId brand, std::int64_t workflow_no, const FailureCause& cause) {
  return base::derived_id("cau_", {std::to_string(brand.no), std::to_string(workflow_no), cause.task, cause.code,
                                   cause.org_code, join_fields(cause.fields), cause.message});
}

std::string in_words(const FailureCause& cause) {
  std::string words = cause.org_code.empty() ? cause.code : cause.org_code;
  if (!cause.fields.empty()) words += fmt::format(" on {}", fmt::join(cause.fields, ", "));
  return cause.message.empty() ? words : fmt::format("{}: {}", words, cause.message);
}

}  // namespace engine
