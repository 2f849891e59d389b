// What a question type is usually mapped to, said in one word: the pipes that a preset stands for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tasks {

enum class Preset { nps, matrix_rows, multi_select, rank };

std::optional<Preset> preset_named(std::string_view name);

// One thing that a preset brings.
struct PresetPart {
  std::string pipe;                     // without `${` and `}`
  std::optional<std::string> chosen{};  // a recode: the part is whether it was chosen
};

// The parts that have names of their own; of a matrix, a ranking and single choices they are the survey's own ids.
std::vector<std::string> named_parts(Preset preset);

// `part`: score, group or group_recode of an NPS question; a row's or an item's id; all, or a choice's recode.
// `by_label`: the wording rather than the recode, where there are both. nullopt: the preset has no such part.
std::optional<PresetPart> part_of_preset(Preset preset, std::string_view question, std::string_view part,
                                         bool by_label);

// A pipe that only questions of the preset's type have: what is wrong with it tells that the preset does not fit.
std::string proof_of_type(Preset preset, std::string_view question);

}  // namespace tasks
