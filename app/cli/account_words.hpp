// Linked accounts as they are shown to people.
#pragma once

#include <string>

#include "app/cli/document_tree.hpp"
#include "app/cli/resource_names.hpp"
#include "app/cli/terminal_text.hpp"

namespace app::cli {

Ink ink_of_account(const Tree& account);
// The status in words, e.g. `Account Token Expired`.
std::string words_of_account_state(const Tree& account);
// `personal, slot 2 of 5` or `shared`.
std::string words_of_origin(const Tree& account);
// Everything that its document says, aligned below its name.
std::string account_picture(const Tree& account, NameBook& names);
// What would be lost with it: workflows by name and alias, and runs; "" when nothing depends on it.
std::string dependants_picture(const Tree& dependants);

// Changes answer with the account itself or around it.
const Tree& account_in(const Tree& answer);

}  // namespace app::cli
