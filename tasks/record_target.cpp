#include "tasks/record_target.hpp"

#include <utility>

#include "base/json_writer.hpp"
#include "tasks/errors.hpp"
#include "tasks/with.hpp"

namespace tasks {

namespace {

base::Result<TargetState> target_of_choice(base::Result<std::optional<FoundRecord>> choice) {
  if (!choice) return std::move(choice).error();
  return *choice ? TargetState((*choice)->id) : TargetState(NoRecord{});
}

}  // namespace

RecordTarget read_record_target(With& with) {
  if (with.has("id") == with.has("match"))
    with.fault(record_not_named_once, "",
               with.has("id") ? "the record is named by \"id\" and by \"match\"" : "nothing says which record is meant",
               "give either \"id\", or \"match\" with the fields by which the record is found");
  if (with.has("match")) return {read_record_match(with)};
  return {with.piped_text("id")};
}

void know_types(RecordTarget& target, const connectors::salesforce::ObjectSchema& schema) {
  if (auto* match = std::get_if<RecordMatch>(&target.by)) know_types(*match, schema);
}

base::Result<TargetState> find_target(const RecordTarget& target, const engine::TaskInput& input,
                                      std::span<const engine::Answer> answers) {
  if (const auto* text = std::get_if<engine::PipedText>(&target.by)) {
    base::Result<std::string> id = required_text(*text, "id", input.values);
    return id ? base::Result<TargetState>(TargetState(*std::move(id))) : std::move(id).error();
  }
  const RecordMatch& match = std::get<RecordMatch>(target.by);
  if (!answers.empty()) return target_of_choice(choose(match, answers.front()));
  base::Result<std::optional<engine::Read>> question = question_of(match, input.values);
  if (!question) return std::move(question).error();
  if (!*question) return target_of_choice(choose_none(match));
  return TargetState(**std::move(question));
}

engine::Step done_with(const std::string* id, std::string_view what) {
  base::JsonWriter out;
  out.begin_object();
  out.key("id");
  id ? out.string(*id) : out.null();
  out.field(what, id != nullptr);
  out.end_object();
  return engine::Done{base::JsonText{out.take()}};
}

std::size_t answers_of_finding(const RecordTarget& target) {
  return std::holds_alternative<RecordMatch>(target.by) ? 1 : 0;
}

}  // namespace tasks
