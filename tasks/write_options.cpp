#include "tasks/write_options.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "connectors/salesforce/record_id.hpp"
#include "tasks/api_name.hpp"
#include "tasks/errors.hpp"
#include "tasks/with.hpp"

namespace tasks {

namespace {

// Salesforce looks at its assignment rules for these alone.
constexpr std::array<std::string_view, 3> assigned_objects{"Account", "Case", "Lead"};

}  // namespace

WriteOptions read_write_options(With& with) {
  WriteOptions options{.assignment_rule = with.text_or_flag("assignment_rule"),
                       .duplicates = with.word("duplicates", "")};
  if (options.assignment_rule.empty()) return options;
  const std::string object = with.word("object", "");
  const bool is_assigned = std::any_of(assigned_objects.begin(), assigned_objects.end(),
                                       [&](std::string_view known) { return same_name(known, object); });
  if (!is_assigned)
    with.fault(mapping_options_conflict, "/assignment_rule", fmt::format("no assignment rule looks at {}", object),
               "Salesforce has assignment rules for Account, Case and Lead: leave it out");
  if (options.assignment_rule == "true")
    options.assignment_rule = "TRUE";
  else if (options.assignment_rule == "false")
    options.assignment_rule = "FALSE";
  else if (!connectors::salesforce::is_record_id(options.assignment_rule))
    with.fault(mapping_options_conflict, "/assignment_rule",
               fmt::format("'{}' is no rule's id", options.assignment_rule),
               "write true for the rule that is active, false for none, or the rule's id of 15 or 18 characters");
  return options;
}
}  // namespace tasks
