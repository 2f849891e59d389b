// Answers of several choices that an export has split: a column for each choice, all under one import id.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "connectors/survey/response.hpp"
#include "connectors/survey/survey.hpp"

namespace connectors::survey {

struct SplitColumn {
  std::string_view key;                // "QID3", "QID10_1", "QID3_DO"
  std::string_view choice;             // by its id: "2"
  std::string_view name;               // as the export's first row calls it
  const Question* question = nullptr;  // where the definition is at hand
};

// "" when the answers of such a column can be put together again, else why not.
std::string why_not_put_together(const SplitColumn& column);

// Of one row.
class SplitAnswers {
 public:
  // `cell` is not blank: 1, or the choice's own recode or wording, where it was chosen; 0 where it was not; its place
  // in a display order. An error names the column.
  base::Status take(const SplitColumn& column, std::string_view cell);
  // Lists of recodes with their wordings, as the API gives them. An error where the answer stands elsewhere too.
  base::Status give_to(Response& response) &&;

 private:
  struct Chosen {
    int place = 0;  // in a display order
    std::string recode;
    std::string label;
  };
  struct Answer {
    std::string key;
    std::vector<Chosen> chosen{};
    bool has_labels = false;
  };

  Answer& answer_to(std::string_view key);

  std::vector<Answer> answers_;
};

}  // namespace connectors::survey
