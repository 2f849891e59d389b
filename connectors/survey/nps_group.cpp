#include "connectors/survey/nps_group.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <string>

#include <fmt/format.h>

#include "connectors/survey/pipe_family.hpp"

namespace connectors::survey {

namespace {

constexpr std::array<NpsGroup, 3> nps_groups{NpsGroup::detractor, NpsGroup::passive, NpsGroup::promoter};

// The key of the group beside the key of the score. On the stack: without a definition every choice is asked for one.
class GroupKey {
 public:
  explicit GroupKey(std::string_view question) { fmt::format_to(std::back_inserter(text_), "{}_NPS_GROUP", question); }
  std::string_view view() const { return {text_.data(), text_.size()}; }

 private:
  fmt::basic_memory_buffer<char, 64> text_;
};

std::optional<NpsGroup> group_of_answer(const base::Value* score) {
  if (!score) return std::nullopt;
  if (const auto* number = std::get_if<base::Number>(&score->data)) return group_of_score(number->value);
  const auto* text = std::get_if<std::string>(&score->data);
  return text ? group_of_score(*text) : std::nullopt;
}

// 3, "3" or "Promoter", whatever the export has.
std::optional<NpsGroup> group_named(const base::Value* carried) {
  if (!carried) return std::nullopt;
  const std::string text = base::to_text(*carried);
  for (const NpsGroup group : nps_groups) {
    if (text == to_string(group) || text == std::to_string(static_cast<int>(group))) return group;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(NpsGroup group) {
  switch (group) {
    case NpsGroup::detractor: return "Detractor";
    case NpsGroup::passive: return "Passive";
    case NpsGroup::promoter: break;
  }
  return "Promoter";
}

std::optional<NpsGroup> group_of_score(double score) {
  if (!(score >= 0 && score <= 10) || std::floor(score) != score) return std::nullopt;
  if (score <= 6) return NpsGroup::detractor;
  return score <= 8 ? NpsGroup::passive : NpsGroup::promoter;
}

std::optional<NpsGroup> group_of_score(std::string_view score) {
  int number = -1;
  const auto [end, fault] = std::from_chars(score.data(), score.data() + score.size(), number);
  if (fault != std::errc{} || end != score.data() + score.size()) return std::nullopt;
  return group_of_score(static_cast<double>(number));
}

bool asks_nps(const Response& response, std::string_view question, const Question* definition) {
  if (definition) return definition->kind == QuestionKind::nps;
  const GroupKey key(question);
  return response.displayed.contains(key.view()) || response.values.contains(key.view()) ||
         response.labels.contains(key.view());
}

std::optional<NpsGroup> nps_group(const Response& response, std::string_view question) {
  if (const auto group = group_of_answer(find_value(response.values, question))) return group;
  const GroupKey key(question);
  if (const auto group = group_named(find_value(response.values, key.view()))) return group;
  return group_named(find_value(response.labels, key.view()));
}

}  // namespace connectors::survey
