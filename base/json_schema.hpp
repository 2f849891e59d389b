// Draft-07 schemas over documents that people write: every fault at its pointer, in a sentence.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/findings.hpp"

namespace base {

// A part of draft-07, chosen so that each fault has one place and one sentence: there is no anyOf, oneOf or not (a
// choice is made by code that knows what was meant), no pattern and no format.
class JsonSchema {
 public:
  // Throws std::invalid_argument when `schema_text` is no schema, uses a keyword outside allowed_keywords(), or has a
  // `$ref` to anything but "#" and "#/definitions/<name>". Nothing in a schema is ever ignored.
  explicit JsonSchema(std::string_view schema_text);
  JsonSchema(JsonSchema&&) noexcept;
  JsonSchema& operator=(JsonSchema&&) noexcept;
  ~JsonSchema();

  // Leaf findings only, pointers start with `at`. Unknown properties suggest the nearest known name.
  Findings check(const nlohmann::json& value, const std::string& at = "") const;

  static std::vector<std::string_view> allowed_keywords();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace base
