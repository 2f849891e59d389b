// Changing one member of a JSON document that a person wrote, and no other byte of it.
#pragma once

#include <string>
#include <string_view>

#include "base/json_text.hpp"

namespace app {

// `pointer` names an object in `text`; both are sound. Its member `key` gets this value, in the document's own
// indentation: in place of the old one, or behind the last member.
std::string with_json_member(std::string_view text, std::string_view pointer, std::string_view key,
                             const base::JsonText& value);
// Without the member; the text itself where there is none.
std::string without_json_member(std::string_view text, std::string_view pointer, std::string_view key);

// As people write JSON: what fits stands on one line, the rest is broken, members keep their order. `indent`: of the
// line on which it begins; `used`: columns of it that are taken.
std::string people_json(const base::JsonText& value, std::size_t indent = 0, std::size_t used = 0);

}  // namespace app
