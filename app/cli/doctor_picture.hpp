// The doctor's findings as people and as test runners read them.
#pragma once

#include <string>
#include <vector>

#include "app/cli/terminal_text.hpp"
#include "app/cli/verb.hpp"
#include "base/json_text.hpp"

namespace app::cli {

// One line a requirement, aligned; a failed one, or one that cannot be told, with its fix and its place in Setup.
// `document` is what the API answers.
std::string doctor_picture(const base::JsonText& document, const PictureOptions& options);

// A JUnit suite with a case for each requirement: failed, skipped where it cannot be told or is not asked for, passed.
std::string doctor_junit(const base::JsonText& document, const std::string& account);

// fine when nothing failed; failed; with `strict`, unverifiable when something cannot be told.
int doctor_exit(const base::JsonText& document, bool strict);

}  // namespace app::cli
