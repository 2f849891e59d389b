// What is wrong with a document that a person wrote: every fault, its place, and what would be right.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace base {

enum class Severity { error, warning, note };

struct Finding {
  std::string code;     // e.g. "unknown_task"
  std::string pointer;  // JSON Pointer into the document, "" for the whole
  std::string message;  // what is wrong
  std::string hint{};   // what would be right; may be empty
  Severity severity = Severity::error;
  int line = 0;    // 1-based; 0 where the place is not known (yet)
  int column = 0;  // 1-based, in bytes
  std::string file{};
};

using Findings = std::vector<Finding>;

bool has_errors(const Findings& findings);

// `workflow.json:12:7: /tasks/answer/after/0: there is no task 'anser' · did you mean 'answer'? [unknown_task]`
std::string to_line(const Finding& finding);
// A JSON array of {code, severity, file, line, column, pointer, message, hint}.
std::string to_json(const Findings& findings);

// The name of `names` nearest to `wrong`, or "" when none is near enough to be meant.
std::string nearest(std::string_view wrong, const std::vector<std::string>& names);

// One token of a JSON Pointer, escaped (~0, ~1) and with its slash.
std::string pointer_token(std::string_view key);

}  // namespace base
