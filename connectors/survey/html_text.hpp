// A label's HTML as the plain text that a person would read.
#pragma once

#include <string>
#include <string_view>

#include "base/value.hpp"

namespace connectors::survey {

// Tags go, the common character references are undone, runs of white space become one blank. A text without HTML that
// merely holds '<' or '&' keeps them.
std::string strip_html(std::string_view html);

// The same for a label as it arrives: a text, or a list of them.
base::Value without_html(const base::Value& label);

}  // namespace connectors::survey
