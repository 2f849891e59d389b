// What tasks of a run have answered, as a mapping test has it in their place: with records of the test's own for the
// org's, and without what the org holds of people.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/stand_ins.hpp"
#include "base/json_text.hpp"

namespace app {

struct TaskAnswer {
  std::string task;
  std::string alias;
  std::string object;  // of its `with`; may be empty
  base::JsonText output{"{}"};
};

// The describe text of an alias's object; "" where it is not known.
using DescribeOf = std::function<std::string_view(const std::string& alias, const std::string& object)>;

struct SavedAnswers {
  base::JsonText org{"{}"};         // the records that the outputs refer to, as a case names them
  base::JsonText outputs{"{}"};     // by task
  std::vector<std::string> keys{};  // TASK/MEMBER of the values that were changed, sorted
};

// Records are the test's own: the same one for the same id, wherever it stands. An id of no record that could be made
// becomes one that is nobody's.
SavedAnswers answers_with_own_records(const std::vector<TaskAnswer>& answers, const DescribeOf& describe_of);

// The same, and every text and longer number is a stand-in. Choices, scores and counts stay, and so do the values of
// the keys in `kept`.
SavedAnswers redacted_answers(const std::vector<TaskAnswer>& answers, const DescribeOf& describe_of,
                              const std::set<std::string>& kept, StandIns& stand_ins);

}  // namespace app
