// A value as an error shows it.
#pragma once

#include <string>

#include "base/value.hpp"

namespace tasks {

// `'Ana'`; long answers are not repeated whole.
std::string shown_value(const base::Value& value);
// "a text", "a number", "true or false", "a list of 3", "nothing"
std::string class_of_value(const base::Value& value);

}  // namespace tasks
