// A refusal in Salesforce's words: status, error code, message, fields.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace local_org {

// Thrown, although it is no operator's matter: it crosses parser, rules and storage to the one place that answers, and
// rolls the request's transaction back on its way.
struct ApiError {
  int status = 400;
  std::string code;
  std::string message;
  // Errors of records carry fields, even when there are none; those of routing, queries and sessions do not.
  std::optional<std::vector<std::string>> fields{};
  std::string duplicate_result{};  // JSON, of DUPLICATES_DETECTED
};

inline ApiError not_found() { return {404, "NOT_FOUND", "The requested resource does not exist"}; }

// A record was refused because of `fields`.
inline ApiError record_error(std::string code, std::string message, std::vector<std::string> fields = {}) {
  return {400, std::move(code), std::move(message), std::move(fields)};
}

}  // namespace local_org
