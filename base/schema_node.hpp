// One schema, compiled: what it demands of a value, with all references resolved.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace base {

enum class JsonType : unsigned {
  null = 1,
  boolean = 2,
  integer = 4,
  number = 8,
  string = 16,
  array = 32,
  object = 64,
};

struct SchemaNode {
  using Child = std::unique_ptr<SchemaNode>;  // null: anything goes

  struct CountRange {
    std::size_t min = 0;
    std::size_t max = static_cast<std::size_t>(-1);
  };

  bool forbidden = false;           // the schema `false`
  const SchemaNode* ref = nullptr;  // stands for this one

  std::vector<JsonType> types{};  // empty: any
  // Into the schema's document; null where it says nothing.
  const nlohmann::json* one_of = nullptr;  // the array of `enum`
  const nlohmann::json* constant = nullptr;
  const nlohmann::json* minimum = nullptr;
  const nlohmann::json* maximum = nullptr;
  const nlohmann::json* exclusive_minimum = nullptr;
  const nlohmann::json* exclusive_maximum = nullptr;

  CountRange characters{}, items_count{}, properties_count{};

  Child items{};
  bool unique_items = false;

  std::map<std::string, Child> properties{};
  std::vector<std::string> required{};
  Child additional{};
  Child property_names{};

  std::string example{};  // the first of `examples`, as JSON
};

struct CompiledSchema {
  SchemaNode::Child root;
  std::map<std::string, SchemaNode::Child> definitions;
};

// Throws std::invalid_argument, naming the place in the schema. `schema` must outlive the result.
CompiledSchema compile_schema(const nlohmann::json& schema);

std::vector<std::string_view> schema_keywords();

}  // namespace base
