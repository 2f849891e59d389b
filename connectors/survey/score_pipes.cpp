// gr://: what the survey's scoring has made of the answers.
#include <array>

#include <fmt/format.h>

#include "base/findings.hpp"
#include "connectors/survey/pipe_family.hpp"

namespace connectors::survey {

namespace {

// What can be asked of a category, and what follows its id in the response's key.
struct ScoreForm {
  std::string_view name;
  std::string_view suffix;
};

constexpr std::array<ScoreForm, 3> score_forms{
    {{"Score", ""}, {"WeightedMean", "_WeightedMean"}, {"WeightedStdDev", "_WeightedStdDev"}}};

struct ScorePath {
  std::string_view category;
  const ScoreForm* form = nullptr;
};

ScorePath score_path_of(std::string_view path) {
  const std::size_t slash = path.find('/');
  ScorePath read{path.substr(0, slash)};
  const std::string_view name = slash == std::string_view::npos ? "" : path.substr(slash + 1);
  for (const ScoreForm& form : score_forms) {
    if (form.name == name) read.form = &form;
  }
  return read;
}

PipeFault score_fault(const PipePath& pipe, const Survey* survey) {
  const ScorePath asked = score_path_of(pipe.path);
  if (!asked.category.starts_with("SC_") || asked.category.size() < 4) {
    return {fmt::format("'{}' is no scoring category", asked.category), "gr://SC_0/Score"};
  }
  if (!asked.form) {
    return {
        fmt::format("'{}' does not say what of the score is meant: Score, WeightedMean or WeightedStdDev", pipe.path),
        fmt::format("gr://{}/Score", asked.category)};
  }
  // SC_0 is the category of every survey that names none.
  if (!survey || asked.category == "SC_0") return {};
  std::vector<std::string> known;
  for (const ScoringCategory& category : survey->scoring) {
    if (category.id == asked.category) return {};
    known.push_back(category.id);
  }
  const std::string near = base::nearest(asked.category, known);
  return {fmt::format("the survey has no scoring category '{}'", asked.category),
          near.empty() ? "" : fmt::format("gr://{}/{}", near, asked.form->name)};
}

Found find_score(const PipePath& pipe, const PipeContext& context) {
  const ScorePath asked = score_path_of(pipe.path);
  if (!asked.form) return score_fault(pipe, nullptr);
  return value_or_blank(context.response, fmt::format("{}{}", asked.category, asked.form->suffix));
}

}  // namespace

const PipeFamily score_pipes{"gr", "", score_fault, find_score};

}  // namespace connectors::survey
