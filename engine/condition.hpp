// A `when`: all, any, not, and comparisons on a typed value. No expression language, by design.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/findings.hpp"
#include "base/result.hpp"
#include "base/value.hpp"
#include "engine/pipe.hpp"

namespace re2 {
class RE2;
}

namespace engine {

struct Condition {
  enum class Op {
    all,
    any,
    negation,
    equals,
    not_equals,
    less_than,
    at_most,
    more_than,
    at_least,
    in,
    contains,
    matches,
    is_blank,
    was_shown
  };
  Op op = Op::all;
  std::vector<Condition> parts{};                // of all, any, not
  PipedText value{};                             // of a comparison
  base::Value operand{};                         // what it is compared with; a List for `in`
  std::string pointer{};                         // where it stands in the document
  std::shared_ptr<const re2::RE2> expression{};  // of `matches`, compiled once
};

// Findings: broken pipes, a regular expression that RE2 refuses, a comparison that names none or several operators.
// What the schema has refused (its findings stand in `findings` already) is left out without another word.
Condition read_condition(const nlohmann::json& document, const std::string& pointer, base::Findings& findings);

// Numbers compare as numbers where both sides are one (also a text that is a number), else texts compare as texts. A
// blank equals nothing, and is neither less nor more than anything.
base::Result<bool> holds(const Condition& condition, const ValueSource& values);

// One line for pictures and histories: `${task://contact/Id} is_blank true and ${q://QID1/Score} at_most 6`.
std::string to_text(const Condition& condition);

// Every pipe of it, with the pointer of the comparison it stands in.
std::vector<std::pair<Pipe, std::string>> pipes_of(const Condition& condition);

}  // namespace engine
