#include "engine/condition.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <compare>
#include <optional>

#include <fmt/format.h>
#include <re2/re2.h>
#include <nlohmann/json.hpp>

#include "engine/finding_codes.hpp"

namespace engine {
namespace {

using Op = Condition::Op;
struct ConditionWord {
  std::string_view text;
  Op op;
  bool compares = true;  // needs a `value` beside it
};

constexpr std::array condition_words{
    ConditionWord{"all", Op::all, false},        ConditionWord{"any", Op::any, false},
    ConditionWord{"not", Op::negation, false},   ConditionWord{"equals", Op::equals},
    ConditionWord{"not_equals", Op::not_equals}, ConditionWord{"less_than", Op::less_than},
    ConditionWord{"at_most", Op::at_most},       ConditionWord{"more_than", Op::more_than},
    ConditionWord{"at_least", Op::at_least},     ConditionWord{"in", Op::in},
    ConditionWord{"contains", Op::contains},     ConditionWord{"matches", Op::matches},
    ConditionWord{"is_blank", Op::is_blank},     ConditionWord{"was_shown", Op::was_shown}};

std::string_view word_of(Op op) {
  return std::find_if(condition_words.begin(), condition_words.end(), [&](const auto& word) { return word.op == op; })
      ->text;
}

// ---- reading

base::Value operand_from(const nlohmann::json& document) {
  switch (document.type()) {
    case nlohmann::json::value_t::boolean: return base::Value(document.get<bool>());
    case nlohmann::json::value_t::string: return base::Value(document.get<std::string>());
    case nlohmann::json::value_t::number_integer:
    case nlohmann::json::value_t::number_unsigned:
    case nlohmann::json::value_t::number_float: return base::number(document.dump());
    case nlohmann::json::value_t::array: {
      base::List list;
      for (const nlohmann::json& item : document) list.push_back(operand_from(item));
      return base::Value(std::move(list));
    }
    default: return {};
  }
}

class ConditionReader {
 public:
  explicit ConditionReader(base::Findings& findings) : findings_(findings) {}

  Condition read(const nlohmann::json& document, const std::string& pointer) {
    Condition condition{.pointer = pointer};
    if (findings_.size() >= finding::findings_max) return condition;
    const ConditionWord* word = only_word(document, pointer);
    if (word == nullptr) return condition;
    condition.op = word->op;
    const nlohmann::json& operand = document[std::string(word->text)];
    const std::string at = pointer + base::pointer_token(word->text);
    if (word->compares) {
      read_value(document, condition);
      read_operand(operand, at, condition);
    } else if (word->op == Op::negation) {
      condition.parts.push_back(read(operand, at));
    } else if (operand.is_array()) {
      for (std::size_t i = 0; i < operand.size(); ++i)
        condition.parts.push_back(read(operand[i], fmt::format("{}/{}", at, i)));
    }
    return condition;
  }

 private:
  // The one operator of a condition. Null, with a finding, when there is none, several, or one that does not go with
  // `value`.
  const ConditionWord* only_word(const nlohmann::json& document, const std::string& pointer) {
    if (!document.is_object()) return nullptr;
    std::vector<const ConditionWord*> words;
    for (const ConditionWord& word : condition_words) {
      if (document.contains(word.text)) words.push_back(&word);
    }
    if (words.size() == 1 && words.front()->compares == document.contains("value")) return words.front();
    if (!schema_refused(pointer)) findings_.push_back(unclear(words, pointer));
    return nullptr;
  }

  static base::Finding unclear(const std::vector<const ConditionWord*>& words, const std::string& pointer) {
    base::Finding finding{.code = finding::condition_unclear, .pointer = pointer, .message = ""};
    finding.hint = "write one comparison, such as {\"value\": \"${…}\", \"equals\": 1}, or one of all, any, not";
    if (words.empty()) {
      finding.message = "the condition compares nothing";
    } else if (words.size() > 1) {
      std::string names;
      for (const ConditionWord* word : words) names += fmt::format("{}'{}'", names.empty() ? "" : " and ", word->text);
      finding.message = fmt::format("the condition says {} at once", names);
      finding.hint = "join several conditions with all or any";
    } else if (words.front()->compares) {
      finding.message = fmt::format("'{}' has no 'value' to look at", words.front()->text);
    } else {
      finding.message = fmt::format("'value' means nothing beside '{}'", words.front()->text);
    }
    return finding;
  }

  bool schema_refused(const std::string& pointer) const {
    return std::any_of(findings_.begin(), findings_.end(), [&](const base::Finding& finding) {
      return finding.pointer == pointer || finding.pointer.starts_with(pointer + "/");
    });
  }

  void read_value(const nlohmann::json& document, Condition& condition) {
    const nlohmann::json& value = document["value"];
    if (!value.is_string()) return;
    const std::string at = condition.pointer + "/value";
    base::Result<PipedText> text = parse_piped_text(value.get_ref<const std::string&>());
    if (!text) {
      findings_.push_back({.code = std::string(text.error().code.name),
                           .pointer = at,
                           .message = text.error().message,
                           .hint = "a pipe reads ${scheme://path}; write $${ for a plain ${"});
      return;
    }
    if (text->pipes().empty()) {
      findings_.push_back({.code = finding::value_without_pipe,
                           .pointer = at,
                           .message = fmt::format("'{}' is the same for every response", to_string(*text)),
                           .hint = "a pipe such as ${q://QID1/SelectedChoicesRecode} looks a value up",
                           .severity = base::Severity::warning});
    }
    condition.value = std::move(*text);
  }

  void read_operand(const nlohmann::json& operand, const std::string& at, Condition& condition) {
    condition.operand = operand_from(operand);
    if (condition.op == Op::matches) {
      if (operand.is_string()) read_expression(operand.get_ref<const std::string&>(), at, condition);
    } else if (operand.is_array()) {
      for (std::size_t i = 0; i < operand.size(); ++i) check_literal(operand[i], fmt::format("{}/{}", at, i));
    } else {
      check_literal(operand, at);
    }
  }

  void read_expression(const std::string& text, const std::string& at, Condition& condition) {
    auto expression = std::make_shared<const re2::RE2>(text, re2::RE2::Quiet);
    if (!expression->ok()) {
      findings_.push_back({.code = finding::regex_invalid,
                           .pointer = at,
                           .message = fmt::format("'{}' is not a regular expression: {}", text, expression->error()),
                           .hint = "the syntax is RE2's: no look-ahead, no back-references"});
      return;
    }
    condition.expression = std::move(expression);
  }

  // The right side stands for itself. That it does is said here, rather than found out by a comparison that never
  // holds.
  void check_literal(const nlohmann::json& operand, const std::string& at) {
    if (!operand.is_string()) return;
    const std::string& text = operand.get_ref<const std::string&>();
    if (text.empty()) {
      findings_.push_back({.code = finding::compared_with_blank,
                           .pointer = at,
                           .message = "nothing compares with a blank",
                           .hint = "ask with \"is_blank\": true or false"});
    }
    const base::Result<PipedText> piped = parse_piped_text(text);
    if (piped && !piped->pipes().empty()) {
      findings_.push_back({.code = finding::pipe_in_operand,
                           .pointer = at,
                           .message = fmt::format("'{}' is taken literally here; only 'value' looks a pipe up", text),
                           .hint = "put the pipe into 'value' and a literal here"});
    }
  }

  base::Findings& findings_;
};

// ---- judging

std::optional<double> as_number(const base::Value& value) {
  if (const base::Number* number = std::get_if<base::Number>(&value.data)) return number->value;
  const std::string* text = std::get_if<std::string>(&value.data);
  if (text == nullptr) return std::nullopt;
  double number = 0;
  const auto [end, fault] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (fault != std::errc{} || end != text->data() + text->size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

// Both sides are not blank.
std::weak_ordering compare_values(const base::Value& left, const base::Value& right) {
  const std::optional<double> a = as_number(left);
  const std::optional<double> b = as_number(right);
  if (a && b) {
    if (*a < *b) return std::weak_ordering::less;
    if (*a > *b) return std::weak_ordering::greater;
    // Above 2^53 different digits share one double; ids and phone numbers live there.
    constexpr double exact_max = 9007199254740992.0;
    if (std::abs(*a) < exact_max) return std::weak_ordering::equivalent;
  }
  return base::to_text(left) <=> base::to_text(right);
}

bool equal_values(const base::Value& left, const base::Value& right) {
  return !left.is_blank() && !right.is_blank() && compare_values(left, right) == 0;
}

bool contains_value(const base::Value& whole, const base::Value& part) {
  if (whole.is_blank() || part.is_blank()) return false;
  if (const base::List* list = std::get_if<base::List>(&whole.data)) {
    return std::any_of(list->begin(), list->end(), [&](const base::Value& item) { return equal_values(item, part); });
  }
  return base::to_text(whole).find(base::to_text(part)) != std::string::npos;
}

bool says_yes(const base::Value& operand) {
  const bool* yes = std::get_if<bool>(&operand.data);
  return yes != nullptr && *yes;
}

bool never_shown(const base::Value& value) {
  const base::Blank* blank = std::get_if<base::Blank>(&value.data);
  return blank != nullptr && !blank->shown;
}

bool in_order(Op op, std::weak_ordering order) {
  switch (op) {
    case Op::less_than: return order < 0;
    case Op::at_most: return order <= 0;
    case Op::more_than: return order > 0;
    default: return order >= 0;
  }
}

bool comparison_holds(const Condition& condition, const base::Value& value) {
  switch (condition.op) {
    case Op::equals: return equal_values(value, condition.operand);
    case Op::not_equals: return !equal_values(value, condition.operand);
    case Op::in: {
      const base::List* list = std::get_if<base::List>(&condition.operand.data);
      return list != nullptr &&
             std::any_of(list->begin(), list->end(), [&](const auto& item) { return equal_values(value, item); });
    }
    case Op::contains: return contains_value(value, condition.operand);
    case Op::matches:
      return !value.is_blank() && condition.expression &&
             re2::RE2::PartialMatch(base::to_text(value), *condition.expression);
    case Op::is_blank: return value.is_blank() == says_yes(condition.operand);
    case Op::was_shown: return !never_shown(value) == says_yes(condition.operand);
    default:
      return !value.is_blank() && !condition.operand.is_blank() &&
             in_order(condition.op, compare_values(value, condition.operand));
  }
}

// ---- showing

std::string joined_parts(const Condition& condition, std::string_view between) {
  std::string text;
  for (const Condition& part : condition.parts) {
    const bool group = (part.op == Op::all || part.op == Op::any) && part.parts.size() > 1;
    text +=
        fmt::format("{}{}", text.empty() ? "" : between, group ? fmt::format("({})", to_text(part)) : to_text(part));
  }
  return text;
}

void collect_condition_pipes(const Condition& condition, std::vector<std::pair<Pipe, std::string>>& found) {
  for (Pipe& pipe : condition.value.pipes()) found.emplace_back(std::move(pipe), condition.pointer);
  for (const Condition& part : condition.parts) collect_condition_pipes(part, found);
}

}  // namespace

Condition read_condition(const nlohmann::json& document, const std::string& pointer, base::Findings& findings) {
  return ConditionReader(findings).read(document, pointer);
}

base::Result<bool> holds(const Condition& condition, const ValueSource& values) {
  if (condition.op == Op::negation) {
    const base::Result<bool> inner = holds(condition.parts.front(), values);
    return inner ? base::Result<bool>(!*inner) : inner;
  }
  if (condition.op == Op::all || condition.op == Op::any) {
    const bool decides = condition.op == Op::any;  // the first part that says so decides the whole
    for (const Condition& part : condition.parts) {
      const base::Result<bool> inner = holds(part, values);
      if (!inner || *inner == decides) return inner;
    }
    return !decides;
  }
  const base::Result<base::Value> value = resolve(condition.value, values);
  if (!value) return value.error();
  return comparison_holds(condition, *value);
}

std::string to_text(const Condition& condition) {
  switch (condition.op) {
    case Op::all: return joined_parts(condition, " and ");
    case Op::any: return joined_parts(condition, " or ");
    case Op::negation: return fmt::format("not ({})", to_text(condition.parts.front()));
    default:
      return fmt::format("{} {} {}", to_string(condition.value), word_of(condition.op),
                         base::to_json(condition.operand));
  }
}

std::vector<std::pair<Pipe, std::string>> pipes_of(const Condition& condition) {
  std::vector<std::pair<Pipe, std::string>> found;
  collect_condition_pipes(condition, found);
  return found;
}

}  // namespace engine
