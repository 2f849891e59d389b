// Draft-07 schemas over documents that people write: every fault at its pointer, in a sentence. Only user of valijson.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/findings.hpp"

namespace base {

class JsonSchema {
 public:
  // Throws std::invalid_argument when `schema_text` is no schema or uses a keyword outside the allow-list
  // (allowed_keywords()). `resolve` gives the text of a schema that a `$ref` names by file, e.g. "tasks/mapping.schema.json".
  explicit JsonSchema(std::string_view schema_text);
  JsonSchema(JsonSchema&&) noexcept;
  JsonSchema& operator=(JsonSchema&&) noexcept;
  ~JsonSchema();

  // Leaf findings only, pointers start with `at`. Unknown properties suggest the nearest known name.
  Findings check(const nlohmann::json& value, const std::string& at = "") const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace base
