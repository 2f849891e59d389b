// What a task asks the org to do beside the write itself: Salesforce takes it as headers of the call.
#pragma once

#include <string>

namespace tasks {

class With;

// As they stand in a frozen change; empty where the document leaves them to the org.
struct WriteOptions {
  std::string assignment_rule{};  // TRUE, FALSE, or a rule's id
  std::string duplicates{};       // allow, refuse
};

// Reads `assignment_rule` and `duplicates`, after `object`.
WriteOptions read_write_options(With& with);

}  // namespace tasks
