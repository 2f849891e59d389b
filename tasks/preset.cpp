#include "tasks/preset.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace tasks {

namespace {

constexpr std::array<std::pair<std::string_view, Preset>, 4> preset_names{{{"nps", Preset::nps},
                                                                           {"matrix_rows", Preset::matrix_rows},
                                                                           {"multi_select", Preset::multi_select},
                                                                           {"rank", Preset::rank}}};

// Behind q://QID1/
std::string_view form_of_nps_part(std::string_view part) {
  if (part == "score") return "SelectedChoicesRecode";
  if (part == "group") return "NetPromoterScore/Group";
  if (part == "group_recode") return "NetPromoterScore/GroupRecode";
  return "";
}

}  // namespace

std::optional<Preset> preset_named(std::string_view name) {
  const auto* found =
      std::find_if(preset_names.begin(), preset_names.end(), [&](const auto& known) { return known.first == name; });
  return found == preset_names.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> named_parts(Preset preset) {
  if (preset == Preset::nps) return {"score", "group", "group_recode"};
  if (preset == Preset::multi_select) return {"all"};
  return {};
}

std::optional<PresetPart> part_of_preset(Preset preset, std::string_view question, std::string_view part,
                                         bool by_label) {
  const std::string_view whole = by_label ? "ChoiceGroup/SelectedChoices" : "SelectedChoicesRecode";
  switch (preset) {
    case Preset::nps: {
      const std::string_view form = form_of_nps_part(part);
      if (form.empty()) return std::nullopt;
      return PresetPart{fmt::format("q://{}/{}", question, form)};
    }
    case Preset::matrix_rows:
      return PresetPart{fmt::format("q://{}/{}/{}", question,
                                    by_label ? "ChoiceGroup/SelectedAnswers" : "SelectedChoicesRecode", part)};
    case Preset::multi_select:
      if (part == "all") return PresetPart{fmt::format("q://{}/{}", question, whole)};
      return PresetPart{fmt::format("q://{}/SelectedChoicesRecode", question), std::string(part)};
    case Preset::rank: return PresetPart{fmt::format("q://{}/ChoiceNumericEntryValue/Rank/{}", question, part)};
  }
  return std::nullopt;
}

std::string proof_of_type(Preset preset, std::string_view question) {
  switch (preset) {
    case Preset::nps: return fmt::format("q://{}/NetPromoterScore/Group", question);
    case Preset::multi_select: return fmt::format("q://{}/SelectedChoicesCount", question);
    // Each of their parts is such a pipe already.
    case Preset::matrix_rows:
    case Preset::rank: break;
  }
  return "";
}

}  // namespace tasks
