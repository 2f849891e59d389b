// A pipe as a list to do something for each item of: the rows of a question, or the choices that were picked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"
#include "connectors/survey/pipe_family.hpp"

namespace connectors::survey {

struct ListItem {
  std::string id;  // of the row or choice: the same in every response
  std::vector<std::pair<std::string, base::Value>> members{};
  bool is_blank = false;  // a row without an answer
};
using AnswerList = std::vector<ListItem>;

// nullopt: the pipe finds a plain value, whose items have nothing but themselves.
std::optional<base::Result<AnswerList>> find_list(const PipeContext& context, std::string_view scheme,
                                                  std::string_view path);

// The names of an item's members; empty for a plain value's.
std::vector<std::string> list_members(std::string_view scheme, std::string_view path);

}  // namespace connectors::survey
