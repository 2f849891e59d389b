// A secret from the person at the keyboard: never an argument, never shown.
#pragma once

#include <string>

#include "base/secret.hpp"

namespace app::cli {

// From the file, else from the environment variable, else asked for without echo where stdin is a terminal. Empty where
// none of them has it.
base::Secret secret_input(const std::string& file, const char* variable, const std::string& question);

}  // namespace app::cli
