// The schema of a task type's `with`, whole: the parts that several types share are pasted in.
#pragma once

#include <string>
#include <string_view>

namespace tasks {

// Reads schemas/tasks/<type>.schema.json as it was embedded at build time. Throws std::out_of_range when it or a part
// that it refers to is missing: a mistake of whoever adds a type, found by the first start.
std::string task_schema(std::string_view type);

}  // namespace tasks
