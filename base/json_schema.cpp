#include "base/json_schema.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/schema_node.hpp"
#include "base/utf8.hpp"

// Why no library: the messages of those in Debian speak about schemas, and these are read by people who write
// documents.
namespace base {
namespace {

constexpr std::size_t findings_max = 500;  // more than anyone reads, and a bound on what a hostile document costs

std::string in_json(const nlohmann::json& value) {
  return shortened(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

// As it stands in a sentence: a text without its quotes.
std::string in_words(const nlohmann::json& value) {
  return value.is_string() ? shortened(value.get_ref<const std::string&>()) : in_json(value);
}

std::string counted(std::size_t count, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", count, count == 1 ? singular : plural);
}

bool is_whole_number(const nlohmann::json& value) {
  if (value.is_number_integer()) return true;
  return value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>();
}

bool is_of(JsonType type, const nlohmann::json& value) {
  switch (type) {
    case JsonType::null: return value.is_null();
    case JsonType::boolean: return value.is_boolean();
    case JsonType::integer: return is_whole_number(value);
    case JsonType::number: return value.is_number();
    case JsonType::string: return value.is_string();
    case JsonType::array: return value.is_array();
    case JsonType::object: return value.is_object();
  }
  return false;
}

std::string_view type_in_words(JsonType type) {
  switch (type) {
    case JsonType::null: return "null";
    case JsonType::boolean: return "true or false";
    case JsonType::integer: return "a whole number";
    case JsonType::number: return "a number";
    case JsonType::string: return "a text";
    case JsonType::array: return "a list";
    case JsonType::object: return "an object";
  }
  return "something else";
}

std::string types_in_words(const std::vector<JsonType>& types) {
  std::string words;
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (i > 0) words += i + 1 == types.size() ? " or " : ", ";
    words += type_in_words(types[i]);
  }
  return words;
}

// "not a text", and the value itself where that says more.
std::string found_in_words(const nlohmann::json& value) {
  if (value.is_string()) return "a text";
  if (value.is_array()) return "a list";
  if (value.is_object()) return "an object";
  return in_json(value);
}

// Where a value stands, as a chain up to the root; written out only when there is something to say about it.
struct ValuePlace {
  const ValuePlace* parent = nullptr;
  const std::string* key = nullptr;  // null: an element
  std::size_t index = 0;
  bool name_itself = false;  // the key is what is judged, not its value

  std::string pointer() const {
    if (!parent) return "";
    return parent->pointer() + (key ? pointer_token(*key) : "/" + std::to_string(index));
  }

  std::string path() const {
    if (!parent) return "";
    const std::string before = parent->path();
    if (!key) return before + "[" + std::to_string(index) + "]";
    return before.empty() ? shortened(*key) : before + "." + shortened(*key);
  }
};

std::string last_token(const std::string& pointer) {
  std::string token = pointer.substr(pointer.rfind('/') + 1);
  for (const auto& [escaped, plain] : {std::pair{"~1", "/"}, std::pair{"~0", "~"}}) {
    for (std::size_t i = 0; (i = token.find(escaped, i)) != token.npos; ++i) token.replace(i, 2, plain);
  }
  return token;
}

class SchemaCheck {
 public:
  SchemaCheck(const std::string& at, Findings& findings) : at_(at), findings_(findings) {}

  void check(const SchemaNode& schema, const nlohmann::json& value, const ValuePlace& place) {
    if (findings_.size() >= findings_max) return;
    const SchemaNode& node = followed(schema);
    if (node.forbidden) return add(place, "schema_unknown_property", "{} must not be given", subject(place));
    if (!check_type(schema, node, value, place)) return;  // the other rules would only say the same again
    if (!check_choice(node, value, place)) return;
    if (value.is_number()) check_number(node, value, place);
    if (value.is_string()) check_text(node, value, place);
    if (value.is_array()) check_list(node, value, place);
    if (value.is_object()) check_object(node, value, place);
  }

 private:
  static const SchemaNode& followed(const SchemaNode& schema) {
    const SchemaNode* node = &schema;
    while (node->ref) node = node->ref;
    return *node;
  }

  static std::string example_of(const SchemaNode& schema) {
    return !schema.example.empty() || !schema.ref ? schema.example : example_of(*schema.ref);
  }

  bool check_type(const SchemaNode& schema, const SchemaNode& node, const nlohmann::json& value,
                  const ValuePlace& place) {
    const auto fits = [&](JsonType type) { return is_of(type, value); };
    if (node.types.empty() || std::any_of(node.types.begin(), node.types.end(), fits)) return true;
    add(place, "schema_type", "{} must be {}, not {}", subject(place), types_in_words(node.types),
        found_in_words(value));
    if (const std::string example = example_of(schema); !example.empty()) {
      findings_.back().hint = "for example " + shortened(example);
    }
    return false;
  }

  bool check_choice(const SchemaNode& node, const nlohmann::json& value, const ValuePlace& place) {
    if (node.constant && value != *node.constant) {
      add(place, "schema_enum", "{} must be {}, not {}", subject(place), in_json(*node.constant), in_json(value));
      return false;
    }
    if (!node.one_of || std::find(node.one_of->begin(), node.one_of->end(), value) != node.one_of->end()) return true;
    std::vector<std::string> texts;
    std::string all;
    for (const nlohmann::json& choice : *node.one_of) {
      if (choice.is_string()) texts.push_back(choice.get<std::string>());
      all += (all.empty() ? "" : ", ") + in_words(choice);
    }
    add(place, "schema_enum", "{} must be one of: {}", subject(place), all);
    if (value.is_string()) suggest(nearest(value.get_ref<const std::string&>(), texts));
    return false;
  }

  void check_number(const SchemaNode& node, const nlohmann::json& value, const ValuePlace& place) {
    const auto bound = [&](const nlohmann::json* limit, auto holds, std::string_view words) {
      if (!limit || holds(value, *limit)) return;
      add(place, "schema_range", "{} must be {} {}, not {}", subject(place), words, in_json(*limit), in_json(value));
    };
    bound(node.minimum, std::greater_equal<>(), "at least");
    bound(node.exclusive_minimum, std::greater<>(), "more than");
    bound(node.maximum, std::less_equal<>(), "at most");
    bound(node.exclusive_maximum, std::less<>(), "less than");
  }

  void check_text(const SchemaNode& node, const nlohmann::json& value, const ValuePlace& place) {
    const std::size_t characters = utf8_characters(value.get_ref<const std::string&>());
    check_count(node.characters, characters, place, "schema_length", {"have", "character", "characters"});
  }

  void check_list(const SchemaNode& node, const nlohmann::json& list, const ValuePlace& place) {
    check_count(node.items_count, list.size(), place, "schema_length", {"hold", "item", "items"});
    if (node.unique_items) check_unique(list, place);
    if (!node.items) return;
    for (std::size_t i = 0; i < list.size(); ++i) {
      check(*node.items, list[i], ValuePlace{.parent = &place, .key = nullptr, .index = i});
    }
  }

  void check_unique(const nlohmann::json& list, const ValuePlace& place) {
    const auto smaller = [](const nlohmann::json* a, const nlohmann::json* b) { return *a < *b; };
    std::set<const nlohmann::json*, decltype(smaller)> seen(smaller);
    for (std::size_t i = 0; i < list.size() && findings_.size() < findings_max; ++i) {
      if (seen.insert(&list[i]).second) continue;
      const ValuePlace item{.parent = &place, .key = nullptr, .index = i};
      add(item, "schema_duplicate_item", "{} stands in the list twice", in_json(list[i]));
    }
  }

  void check_object(const SchemaNode& node, const nlohmann::json& object, const ValuePlace& place) {
    check_count(node.properties_count, object.size(), place, "schema_length", {"hold", "entry", "entries"});
    std::set<std::string> meant;  // names that an unknown one was most likely meant to be
    for (const auto& [name, value] : object.items()) {
      const ValuePlace member{.parent = &place, .key = &name};
      if (node.property_names) {
        check(*node.property_names, name, ValuePlace{.parent = &place, .key = &name, .index = 0, .name_itself = true});
      }
      const auto known = node.properties.find(name);
      if (known != node.properties.end()) {
        check(*known->second, value, member);
      } else if (node.additional && followed(*node.additional).forbidden) {
        meant.insert(add_unknown(node, object, name, member));
      } else if (node.additional) {
        check(*node.additional, value, member);
      }
    }
    for (const std::string& name : node.required) {
      if (!object.contains(name) && !meant.contains(name)) add_missing(node, name, place);
    }
  }

  // Returns the name that was most likely meant, or "".
  std::string add_unknown(const SchemaNode& node, const nlohmann::json& object, const std::string& name,
                          const ValuePlace& place) {
    std::vector<std::string> free_names;
    for (const auto& [known, schema] : node.properties) {
      if (!object.contains(known) && !followed(*schema).forbidden) free_names.push_back(known);
    }
    add(place, "schema_unknown_property", "unknown property '{}'", shortened(name));
    std::string guess = nearest(name, free_names);
    suggest(guess);
    return guess;
  }

  void add_missing(const SchemaNode& node, const std::string& name, const ValuePlace& place) {
    const std::string inside = place.path();
    add(place, "schema_missing_property", "'{}' is missing", inside.empty() ? name : inside + "." + name);
    const auto property = node.properties.find(name);
    const std::string example = property == node.properties.end() ? "" : example_of(*property->second);
    if (!example.empty()) findings_.back().hint = fmt::format("for example \"{}\": {}", name, shortened(example));
  }

  struct CountWords {
    std::string_view verb, singular, plural;
  };

  void check_count(const SchemaNode::CountRange& range, std::size_t count, const ValuePlace& place,
                   std::string_view code, const CountWords& words) {
    const auto limit = [&](std::string_view bound, std::size_t number) {
      add(place, code, "{} must {} {} {}, not {}", subject(place), words.verb, bound,
          counted(number, words.singular, words.plural), count);
    };
    if (count == 0 && range.min == 1) {
      add(place, code, "{} must not be empty", subject(place));
    } else if (count < range.min) {
      limit("at least", range.min);
    } else if (count > range.max) {
      limit("at most", range.max);
    }
  }

  std::string subject(const ValuePlace& place) const {
    if (place.name_itself) return "the name '" + shortened(*place.key) + "'";
    if (place.parent) return "'" + place.path() + "'";
    return at_.empty() ? "the document" : "'" + last_token(at_) + "'";
  }

  template <class... Words>
  void add(const ValuePlace& place, std::string_view code, fmt::format_string<Words...> sentence, Words&&... words) {
    findings_.push_back({.code = std::string(code),
                         .pointer = at_ + place.pointer(),
                         .message = fmt::format(sentence, std::forward<Words>(words)...)});
  }

  void suggest(const std::string& name) {
    if (!name.empty()) findings_.back().hint = "did you mean '" + name + "'?";
  }

  const std::string& at_;
  Findings& findings_;
};

}  // namespace

struct JsonSchema::Impl {
  explicit Impl(nlohmann::json&& schema) : document(std::move(schema)), compiled(compile_schema(document)) {}

  nlohmann::json document;
  CompiledSchema compiled;
};

JsonSchema::JsonSchema(std::string_view schema_text) {
  Result<nlohmann::json> schema = parse_json(schema_text);
  if (!schema) throw std::invalid_argument("schema: " + schema.error().message);
  impl_ = std::make_unique<Impl>(*std::move(schema));
}

JsonSchema::JsonSchema(JsonSchema&&) noexcept = default;
JsonSchema& JsonSchema::operator=(JsonSchema&&) noexcept = default;
JsonSchema::~JsonSchema() = default;

Findings JsonSchema::check(const nlohmann::json& value, const std::string& at) const {
  Findings findings;
  SchemaCheck(at, findings).check(*impl_->compiled.root, value, ValuePlace{});
  return findings;
}

std::vector<std::string_view> JsonSchema::allowed_keywords() { return schema_keywords(); }

}  // namespace base
