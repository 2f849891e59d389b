// The surveys whose definitions are at hand.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/findings.hpp"
#include "connectors/survey/survey.hpp"

namespace connectors::survey {

class SurveyShelf {
 public:
  // Takes the place of one with the same id. What was handed out before stays whole.
  void put(Survey survey);
  // Every survey.json and *.qsf of the folder, not of those below it; a file with faults is left out and named.
  base::Findings put_folder(const std::string& folder);
  void clear() { surveys_.clear(); }

  // The survey with this id; for an empty id the only one that there is. Null otherwise.
  std::shared_ptr<const Survey> find(std::string_view id) const;

 private:
  std::vector<std::shared_ptr<const Survey>> surveys_;
};

}  // namespace connectors::survey
