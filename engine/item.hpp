// One item of a list that a task is done for: what it is called, and what `${item://…}` finds in it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_text.hpp"
#include "base/value.hpp"

namespace engine {

// Flat: "Id", or "a/b" for a member of a member.
using Members = std::vector<std::pair<std::string, base::Value>>;

struct Item {
  std::string id{};       // its own: of a row, choice, loop or record; empty: its place in the list stands for it
  Members members{};      // "value" of an item that is one value
  bool is_blank = false;  // there is nothing in it to do a task for
};
using Items = std::vector<Item>;

// A list's items; a single value is a list of one, a blank is an empty list, and a text that is a JSON list is read.
Items items_of(const base::Value& value);
// The same of JSON; objects keep their members.
Items items_of(const base::JsonText& json);
// Of the JSON that stands at `path` ("records", "a/b") inside an object; empty where nothing does. An item with an
// "Id" is known by it: a record keeps its key wherever it stands in the list.
Items items_at(const base::JsonText& object, std::string_view path);

// nullptr where the item has no such member.
const base::Value* find_member(const Members& members, std::string_view name);
// A blank where it has none.
base::Value member_of(const Members& members, std::string_view name);

}  // namespace engine
