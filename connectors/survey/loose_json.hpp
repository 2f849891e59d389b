// Reading JSON whose writer is not of one mind: the same member as text, number or nothing, under one of two names.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/findings.hpp"

namespace connectors::survey {

class LooseJson {
 public:
  // `at` is the place of `value` in its document, a JSON Pointer.
  LooseJson(const nlohmann::json* value, std::string at) : value_(value), at_(std::move(at)) {}

  bool is_there() const;  // neither absent nor null
  bool is_object() const;
  bool is_array() const;
  const std::string& at() const { return at_; }

  // The first of these members that is there; otherwise one that is not.
  LooseJson member(std::initializer_list<std::string_view> names) const;
  LooseJson operator[](std::string_view name) const { return member({name}); }

  // Texts as they are, numbers and yes/no as they are written; "" for everything else.
  std::string text() const;
  // true, 1, "true", "1"
  bool is_yes() const;

  // What an object or a list holds. Keys of a list are its indices; those of an object come in the order of numbers
  // where they are numbers.
  std::vector<std::pair<std::string, LooseJson>> items() const;

 private:
  const nlohmann::json* value_;
  std::string at_;
};

// What is wrong with a survey's definition, as findings.
class SurveyFaults {
 public:
  void note(const std::string& at, std::string message, base::Severity severity = base::Severity::error);
  // Notes a fault when it is there and neither an object nor a list; true when it can be read.
  bool holds_items(const LooseJson& value, std::string_view what);
  base::Findings take() { return std::move(findings_); }

 private:
  base::Findings findings_;
};

}  // namespace connectors::survey
