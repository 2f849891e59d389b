// One schema, compiled: what it demands of a value, with all references resolved.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

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

  std::vector<JsonType> types{};           // empty: any
  std::optional<nlohmann::json> one_of{};  // the array of `enum`
  std::optional<nlohmann::json> constant{};

  std::optional<nlohmann::json> minimum{}, maximum{}, exclusive_minimum{}, exclusive_maximum{};
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

// Throws std::invalid_argument, naming the place in the schema.
CompiledSchema compile_schema(const nlohmann::json& schema);

std::vector<std::string_view> schema_keywords();

}  // namespace base
