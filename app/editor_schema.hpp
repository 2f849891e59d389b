// The one schema that editors complete a workflow's document from, as a text for people.
#pragma once

#include <string>

namespace app {

// Indented, with a line end.
std::string editor_schema();

}  // namespace app
