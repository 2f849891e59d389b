// A fact as a person reads it in a run's history.
#pragma once

#include <string>

#include "engine/fact.hpp"

namespace engine {

// One line without an answer of the response: "attempt 2 begins".
std::string in_words(const Fact& fact);

}  // namespace engine
