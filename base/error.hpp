// What went wrong, as a value: a code with a kind, and a sentence for the person who reads the run's history.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

// What the engine does about an error follows from its kind alone.
enum class Kind {
  transient,  // not done for sure; worth another try
  throttled,  // not done, the other side asks for patience; a try that does not count
  uncertain,  // may have been done: the answer was lost
  blocked,    // not done; a person has to lift something first
  permanent,  // not done, and another try would end the same way
};

std::string_view to_string(Kind kind);

// Codes are constants named like their text, e.g. `inline constexpr ErrorCode account_removed{"account_removed",
// Kind::blocked};` and stand in a room's `errors.hpp`. Each has a page in docs/errors/. Two codes are equal when their
// names are.
struct ErrorCode {
  std::string_view name;
  Kind kind = Kind::permanent;

  friend bool operator==(const ErrorCode& a, const ErrorCode& b) { return a.name == b.name; }
};

struct Error {
  ErrorCode code;
  std::string message{};                                   // which thing, what is wrong with it; never a secret
  std::optional<std::chrono::milliseconds> retry_after{};  // the other side's wish, where it said one
  std::vector<std::string> waits_on{};                     // keys that lift a block, e.g. "account:acc_…"
  std::string lifted_by{};                                 // who can lift a block and how, in a sentence; may be empty
  std::string details{};                                   // JSON text kept from the other side, or empty
};

}  // namespace base
