// The description of the HTTP API, schemas/openapi.json, as far as requests and answers are held against it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/findings.hpp"
#include "base/json_schema.hpp"

namespace app::api {

class ApiDescription {
 public:
  // Throws std::invalid_argument when `text` is no such description. Schemas are compiled when they are first needed.
  explicit ApiDescription(std::string_view text);
  ApiDescription(ApiDescription&&) noexcept;
  ApiDescription& operator=(ApiDescription&&) noexcept;
  ~ApiDescription();

  struct Operation {
    std::string method;   // "GET"
    std::string pattern;  // "/runs/{id}", as routes are written
  };
  std::vector<Operation> operations() const;

  // Everything that is wrong with a body: missing, no JSON, or not what the operation's schema asks for. An operation
  // without a JSON body of its own takes any.
  base::Findings check_body(const Operation& operation, std::string_view body) const;
  // An example of a body that fits; "" for an operation without one.
  std::string example_body(const Operation& operation) const;

  struct Answer {
    std::string media_type;                    // "" when it has no content
    const base::JsonSchema* schema = nullptr;  // null: not JSON
  };
  // nullopt: the operation never answers with this status.
  std::optional<Answer> answer(const Operation& operation, int status) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace app::api
