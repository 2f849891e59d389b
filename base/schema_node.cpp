#include "base/schema_node.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/findings.hpp"

namespace base {
namespace {

constexpr std::pair<std::string_view, JsonType> type_words[] = {
    {"null", JsonType::null},     {"boolean", JsonType::boolean}, {"integer", JsonType::integer},
    {"number", JsonType::number}, {"string", JsonType::string},   {"array", JsonType::array},
    {"object", JsonType::object},
};

[[noreturn]] void refuse_schema(const std::string& at, std::string_view what) {
  throw std::invalid_argument(fmt::format("schema at '{}': {}", at, what));
}

// `at` is where in the schema the keyword stands.
struct SchemaKeyword {
  const nlohmann::json& value;
  std::string at;
};

JsonType read_type_word(const SchemaKeyword& keyword, const nlohmann::json& word) {
  for (const auto& [name, type] : type_words) {
    if (word == name) return type;
  }
  refuse_schema(keyword.at, fmt::format("{} is no type", word.dump()));
}

std::vector<JsonType> read_types(const SchemaKeyword& keyword) {
  std::vector<JsonType> types;
  if (!keyword.value.is_array()) return {read_type_word(keyword, keyword.value)};
  for (const nlohmann::json& word : keyword.value) types.push_back(read_type_word(keyword, word));
  if (types.empty()) refuse_schema(keyword.at, "no type is named");
  return types;
}

std::size_t read_count(const SchemaKeyword& keyword) {
  const bool whole = keyword.value.is_number() && keyword.value >= 0 && keyword.value <= (1u << 30) &&
                     keyword.value.get<double>() == static_cast<double>(keyword.value.get<std::int64_t>());
  if (!whole) refuse_schema(keyword.at, "this must be a whole number, 0 or more");
  return keyword.value.get<std::size_t>();
}

const nlohmann::json* read_bound(const SchemaKeyword& keyword) {
  if (!keyword.value.is_number()) refuse_schema(keyword.at, "this must be a number");
  return &keyword.value;
}

const nlohmann::json* read_choices(const SchemaKeyword& keyword) {
  if (!keyword.value.is_array() || keyword.value.empty()) refuse_schema(keyword.at, "this must be a list of values");
  return &keyword.value;
}

std::vector<std::string> read_names(const SchemaKeyword& keyword) {
  std::vector<std::string> names;
  if (!keyword.value.is_array()) refuse_schema(keyword.at, "this must be a list of names");
  for (const nlohmann::json& name : keyword.value) {
    if (!name.is_string()) refuse_schema(keyword.at, "this must be a list of names");
    names.push_back(name.get<std::string>());
  }
  return names;
}

bool read_flag(const SchemaKeyword& keyword) {
  if (!keyword.value.is_boolean()) refuse_schema(keyword.at, "this must be true or false");
  return keyword.value.get<bool>();
}

std::string read_words(const SchemaKeyword& keyword) {
  if (!keyword.value.is_string()) refuse_schema(keyword.at, "this must be a text");
  return keyword.value.get<std::string>();
}

std::string read_example(const SchemaKeyword& keyword) {
  if (!keyword.value.is_array()) refuse_schema(keyword.at, "this must be a list of values");
  return keyword.value.empty() ? "" : keyword.value.front().dump();
}

class SchemaCompiler {
 public:
  CompiledSchema compile(const nlohmann::json& schema) {
    result_.root = node({schema, ""});
    for (const auto& [from, target] : references_) from->ref = resolve(target);
    for (const auto& [from, target] : references_) refuse_circle(*from, target);
    return std::move(result_);
  }

  struct Rule {
    std::string_view keyword;
    void (*read)(SchemaCompiler&, const SchemaKeyword&, SchemaNode&);
  };
  static const std::vector<Rule>& rules();

 private:
  struct Reference {
    std::string at;
    std::string to;
  };

  SchemaNode::Child node(const SchemaKeyword& schema) {
    auto compiled = std::make_unique<SchemaNode>();
    if (schema.value.is_boolean()) {
      compiled->forbidden = !schema.value.get<bool>();
      return compiled;
    }
    if (!schema.value.is_object()) refuse_schema(schema.at, "a schema is an object, or true or false");
    for (const auto& [name, value] : schema.value.items()) {
      const SchemaKeyword keyword{value, schema.at + pointer_token(name)};
      const auto rule = std::find_if(rules().begin(), rules().end(), [&](const Rule& r) { return r.keyword == name; });
      if (rule == rules().end()) refuse_schema(schema.at, fmt::format("the keyword '{}' is not supported", name));
      rule->read(*this, keyword, *compiled);
    }
    if (schema.value.contains("$ref")) refuse_what_a_reference_hides(schema);
    return compiled;
  }

  std::map<std::string, SchemaNode::Child> nodes(const SchemaKeyword& schemas) {
    std::map<std::string, SchemaNode::Child> compiled;
    if (!schemas.value.is_object()) refuse_schema(schemas.at, "this must be an object of schemas");
    for (const auto& [name, schema] : schemas.value.items()) {
      compiled.emplace(name, node({schema, schemas.at + pointer_token(name)}));
    }
    return compiled;
  }

  void define(const SchemaKeyword& definitions) {
    if (definitions.at != "/definitions") refuse_schema(definitions.at, "definitions stand at the top only");
    result_.definitions = nodes(definitions);
  }

  void refer(const SchemaKeyword& ref, SchemaNode& from) {
    references_.emplace_back(&from, Reference{ref.at, read_words(ref)});
  }

  const SchemaNode* resolve(const Reference& reference) const {
    constexpr std::string_view prefix = "#/definitions/";
    if (reference.to == "#") return result_.root.get();
    if (reference.to.starts_with(prefix)) {
      for (const auto& [name, definition] : result_.definitions) {
        if (pointer_token(name) == reference.to.substr(prefix.size() - 1)) return definition.get();
      }
    }
    refuse_schema(reference.at,
                  fmt::format("there is no '{}' here; only '#' and '#/definitions/…' can be meant", reference.to));
  }

  // Draft-07 ignores every rule beside a $ref. Its writer surely meant it.
  static void refuse_what_a_reference_hides(const SchemaKeyword& schema) {
    static const std::set<std::string_view> harmless{"$ref",     "$comment",    "title",   "description", "default",
                                                     "examples", "definitions", "$schema", "$id"};
    for (const auto& [name, value] : schema.value.items()) {
      if (!harmless.contains(name)) refuse_schema(schema.at, fmt::format("'{}' has no effect beside '$ref'", name));
    }
  }

  void refuse_circle(const SchemaNode& from, const Reference& reference) const {
    std::size_t steps = 0;
    for (const SchemaNode* node = &from; node->ref; node = node->ref) {
      if (++steps > references_.size()) refuse_schema(reference.at, "this reference leads back to itself");
    }
  }

  CompiledSchema result_;
  std::vector<std::pair<SchemaNode*, Reference>> references_;
};

const std::vector<SchemaCompiler::Rule>& SchemaCompiler::rules() {
  using Compiler = SchemaCompiler;
  using Node = SchemaNode;
  static const std::vector<Rule> all{
      {"$schema", [](Compiler&, const SchemaKeyword& k, Node&) { read_words(k); }},
      {"$id",
       [](Compiler&, const SchemaKeyword& k, Node&) {
         // Further down it would change what a $ref means.
         if (k.at != "/$id") refuse_schema(k.at, "an $id stands at the top only");
         read_words(k);
       }},
      {"$comment", [](Compiler&, const SchemaKeyword& k, Node&) { read_words(k); }},
      {"title", [](Compiler&, const SchemaKeyword& k, Node&) { read_words(k); }},
      {"description", [](Compiler&, const SchemaKeyword& k, Node&) { read_words(k); }},
      {"default", [](Compiler&, const SchemaKeyword&, Node&) {}},
      {"examples", [](Compiler&, const SchemaKeyword& k, Node& n) { n.example = read_example(k); }},
      {"definitions", [](Compiler& c, const SchemaKeyword& k, Node&) { c.define(k); }},
      {"$ref", [](Compiler& c, const SchemaKeyword& k, Node& n) { c.refer(k, n); }},
      {"type", [](Compiler&, const SchemaKeyword& k, Node& n) { n.types = read_types(k); }},
      {"enum", [](Compiler&, const SchemaKeyword& k, Node& n) { n.one_of = read_choices(k); }},
      {"const", [](Compiler&, const SchemaKeyword& k, Node& n) { n.constant = &k.value; }},
      {"minimum", [](Compiler&, const SchemaKeyword& k, Node& n) { n.minimum = read_bound(k); }},
      {"maximum", [](Compiler&, const SchemaKeyword& k, Node& n) { n.maximum = read_bound(k); }},
      {"exclusiveMinimum", [](Compiler&, const SchemaKeyword& k, Node& n) { n.exclusive_minimum = read_bound(k); }},
      {"exclusiveMaximum", [](Compiler&, const SchemaKeyword& k, Node& n) { n.exclusive_maximum = read_bound(k); }},
      {"minLength", [](Compiler&, const SchemaKeyword& k, Node& n) { n.characters.min = read_count(k); }},
      {"maxLength", [](Compiler&, const SchemaKeyword& k, Node& n) { n.characters.max = read_count(k); }},
      {"items", [](Compiler& c, const SchemaKeyword& k, Node& n) { n.items = c.node(k); }},
      {"minItems", [](Compiler&, const SchemaKeyword& k, Node& n) { n.items_count.min = read_count(k); }},
      {"maxItems", [](Compiler&, const SchemaKeyword& k, Node& n) { n.items_count.max = read_count(k); }},
      {"uniqueItems", [](Compiler&, const SchemaKeyword& k, Node& n) { n.unique_items = read_flag(k); }},
      {"properties", [](Compiler& c, const SchemaKeyword& k, Node& n) { n.properties = c.nodes(k); }},
      {"required", [](Compiler&, const SchemaKeyword& k, Node& n) { n.required = read_names(k); }},
      {"additionalProperties", [](Compiler& c, const SchemaKeyword& k, Node& n) { n.additional = c.node(k); }},
      {"propertyNames", [](Compiler& c, const SchemaKeyword& k, Node& n) { n.property_names = c.node(k); }},
      {"minProperties", [](Compiler&, const SchemaKeyword& k, Node& n) { n.properties_count.min = read_count(k); }},
      {"maxProperties", [](Compiler&, const SchemaKeyword& k, Node& n) { n.properties_count.max = read_count(k); }},
  };
  return all;
}

}  // namespace

CompiledSchema compile_schema(const nlohmann::json& schema) { return SchemaCompiler().compile(schema); }

std::vector<std::string_view> schema_keywords() {
  std::vector<std::string_view> names;
  for (const SchemaCompiler::Rule& rule : SchemaCompiler::rules()) names.push_back(rule.keyword);
  return names;
}

}  // namespace base
