#include "tasks/duplicate_matches.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "tasks/errors.hpp"
#include "tasks/salesforce_task.hpp"

namespace tasks {

namespace {

using connectors::salesforce::DuplicateMatch;
using connectors::salesforce::Duplicates;

// This program's own bytes, but for the answers to other steps.
std::optional<AskedDuplicates> asked_duplicates_in(const engine::Answer& answer) {
  if (answer.content.text.find(R"("duplicates")") == std::string::npos) return std::nullopt;
  const base::Result<nlohmann::json> json = base::parse_json(answer.content.text);
  if (!json || !json->is_object() || !json->contains("duplicates")) return std::nullopt;
  const nlohmann::json& matches = json->at("duplicates");
  if (!matches.is_array()) return std::nullopt;
  AskedDuplicates asked{.key_value = json->value("key", std::string()), .unclear = json->value("unclear", false)};
  asked.found.rule = json->value("rule", std::string());
  for (const nlohmann::json& match : matches)
    asked.found.matches.push_back({match.value("object", std::string()), match.value("id", std::string())});
  return asked;
}

}  // namespace

engine::Answer duplicates_answer(const AskedDuplicates& asked) {
  base::JsonWriter json;
  json.begin_object();
  json.key("duplicates");
  connectors::salesforce::write_matches(json, asked.found.matches);
  if (!asked.found.rule.empty()) json.field("rule", asked.found.rule);
  if (!asked.key_value.empty()) json.field("key", asked.key_value);
  if (asked.unclear) json.field("unclear", true);
  json.end_object();
  return {base::JsonText{json.take()}};
}

std::optional<AskedDuplicates> asked_duplicates(std::span<const engine::Answer> so_far) {
  return so_far.empty() ? std::nullopt : asked_duplicates_in(so_far.back());
}

namespace {

engine::Note note_on_duplicates(const Duplicates& found) {
  const std::string rule = found.rule.empty() ? "a duplicate rule" : fmt::format("the duplicate rule '{}'", found.rule);
  return {
      .code = std::string(duplicates_allowed),
      .message = fmt::format("{} takes the record for {}; the mapping allows that, so it was sent again to be saved",
                             rule, connectors::salesforce::matches_in_words(found.matches))};
}

}  // namespace

engine::Step write_with(const WriteOptions& options, connectors::salesforce::RecordChange change, engine::Effect effect,
                        const std::optional<AskedDuplicates>& asked, std::vector<engine::Note> notes) {
  const bool allows = options.duplicates == "allow";
  change.assignment_rule = options.assignment_rule;
  change.duplicates = options.duplicates;
  change.asks_first = allows && !asked;
  // What else there is to tell of the record was told when it was sent first.
  if (asked) notes.clear();
  if (asked && allows) notes.push_back(note_on_duplicates(asked->found));
  return write_step(change, effect, std::move(notes));
}

engine::Step done_with_write(std::span<const engine::Answer> so_far) {
  const engine::Answer& last = so_far.back();
  const bool is_unclear = std::any_of(so_far.begin(), so_far.end(), [](const engine::Answer& answer) {
    const std::optional<AskedDuplicates> asked = asked_duplicates_in(answer);
    return asked && asked->unclear;
  });
  if (!is_unclear) return engine::Done{last.content};
  base::Result<nlohmann::json> output = base::parse_json(last.content.text);
  if (!output || !output->is_object()) return engine::Done{last.content};
  (*output)["created"] = nullptr;
  return engine::Done{base::JsonText{output->dump()}};
}

}  // namespace tasks
