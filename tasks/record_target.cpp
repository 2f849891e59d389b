#include "tasks/record_target.hpp"

#include <utility>

#include "tasks/errors.hpp"
#include "tasks/with.hpp"

namespace tasks {

namespace {

base::Result<TargetState> target_by_id(const engine::PipedText& text, const engine::ValueSource& values) {
  base::Result<base::Value> id = engine::resolve(text, values);
  if (!id) return std::move(id).error();
  if (id->is_blank()) return base::Error{mapping_value_missing, "id: it is blank, so no record is named by it"};
  return TargetState(base::to_text(*id));
}

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

base::Result<TargetState> find_target(const RecordTarget& target, const engine::TaskInput& input,
                                      std::span<const engine::Answer> answers) {
  if (const auto* id = std::get_if<engine::PipedText>(&target.by)) return target_by_id(*id, input.values);
  const RecordMatch& match = std::get<RecordMatch>(target.by);
  if (!answers.empty()) return target_of_choice(choose(match, answers.front()));
  base::Result<std::optional<engine::Read>> question = question_of(match, input.values);
  if (!question) return std::move(question).error();
  if (!*question) return target_of_choice(choose_none(match));
  return TargetState(**std::move(question));
}

std::size_t answers_of_finding(const RecordTarget& target) {
  return std::holds_alternative<RecordMatch>(target.by) ? 1 : 0;
}

}  // namespace tasks
