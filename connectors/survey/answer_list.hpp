// A pipe as a list to do something for each item of: the rows of a question, the choices that were picked,
// or the loops of a loop & merge.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_text.hpp"
#include "base/result.hpp"
#include "base/value.hpp"
#include "connectors/survey/pipe_family.hpp"

namespace connectors::survey {

struct ListItem {
  std::string id;  // of the row, choice or loop: the same in every response
  std::vector<std::pair<std::string, base::Value>> members{};
  bool is_blank = false;  // a row or loop without an answer
};
using AnswerList = std::vector<ListItem>;

// nullopt: the pipe finds a plain value, whose items have nothing but themselves.
std::optional<base::Result<AnswerList>> find_list(const PipeContext& context, std::string_view scheme,
                                                  std::string_view path);

// The list of objects or lists that stands in the response where the pipe (event://values/KEY, e://Field/KEY) points;
// nullptr where there is none.
const base::JsonText* find_nested_list(const PipeContext& context, std::string_view scheme, std::string_view path);

// The names of an item's members; empty for a plain value's.
std::vector<std::string> list_members(std::string_view scheme, std::string_view path);

// What stands behind `member` in an item beside its members: nullopt where the list's items have no more than those.
std::optional<base::Result<base::Value>> find_in_item(const PipeContext& context, std::string_view scheme,
                                                      std::string_view path, std::string_view item_id,
                                                      std::string_view member);
// "" when it means something in an item of the list, else what is wrong with it; nullopt as above.
std::optional<std::string> what_is_wrong_in_item(std::string_view scheme, std::string_view path,
                                                 std::string_view member, const Survey* survey = nullptr);

}  // namespace connectors::survey
