// A document of our own API read for drawing: members keep their order, and what is absent reads as nothing.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/json_text.hpp"

namespace app::cli {

using Tree = nlohmann::ordered_json;

// An empty object where the text is none.
Tree tree_of(const base::JsonText& document);
// A member's text; of other values their JSON; "" for null and for what is not there.
std::string text_in(const Tree& tree, const char* name);
// Null where it is not there.
const Tree& member(const Tree& tree, const char* name);
// Whether a member is there and true.
bool is_set(const Tree& tree, const char* name);
// The texts of a list's items.
std::vector<std::string> texts_of(const Tree& list);

// JSON for reading: whatever fits into `columns` stands on one line, what does not is opened up, member by member.
std::vector<std::string> json_lines(const Tree& json, std::size_t columns);

}  // namespace app::cli
