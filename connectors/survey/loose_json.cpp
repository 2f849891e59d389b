#include "connectors/survey/loose_json.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "connectors/survey/survey_document.hpp"

namespace connectors::survey {

namespace {

bool is_number_key(std::string_view key) {
  return !key.empty() && key.size() < 10 &&
         std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// 2 before 10, and both before x2.
bool comes_before(std::string_view a, std::string_view b) {
  if (is_number_key(a) != is_number_key(b)) return is_number_key(a);
  if (is_number_key(a) && a.size() != b.size()) return a.size() < b.size();
  return a < b;
}

}  // namespace

bool LooseJson::is_there() const { return value_ && !value_->is_null(); }
bool LooseJson::is_object() const { return value_ && value_->is_object(); }
bool LooseJson::is_array() const { return value_ && value_->is_array(); }

LooseJson LooseJson::member(std::initializer_list<std::string_view> names) const {
  if (is_object()) {
    for (std::string_view name : names) {
      auto found = value_->find(name);
      if (found != value_->end() && !found->is_null()) return {&*found, at_ + base::pointer_token(name)};
    }
  }
  return {nullptr, at_};
}

std::string LooseJson::text() const {
  if (!is_there()) return "";
  if (value_->is_string()) return value_->get<std::string>();
  if (value_->is_number() || value_->is_boolean()) return value_->dump();
  return "";
}

bool LooseJson::is_yes() const {
  const std::string said = text();
  return said == "true" || said == "1";
}

std::vector<std::pair<std::string, LooseJson>> LooseJson::items() const {
  std::vector<std::pair<std::string, LooseJson>> found;
  if (is_array()) {
    for (std::size_t i = 0; i < value_->size(); ++i) {
      found.emplace_back(std::to_string(i), LooseJson(&(*value_)[i], fmt::format("{}/{}", at_, i)));
    }
  } else if (is_object()) {
    for (const auto& [key, inner] : value_->items()) {
      found.emplace_back(key, LooseJson(&inner, at_ + base::pointer_token(key)));
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return comes_before(a.first, b.first); });
  }
  return found;
}

void SurveyFaults::note(const std::string& at, std::string message, base::Severity severity) {
  constexpr std::size_t findings_max = 500;
  if (findings_.size() >= findings_max) return;
  findings_.push_back(
      {.code = std::string(survey_invalid.name), .pointer = at, .message = std::move(message), .severity = severity});
}

bool SurveyFaults::holds_items(const LooseJson& value, std::string_view what) {
  if (value.is_object() || value.is_array()) return true;
  if (value.is_there()) note(value.at(), fmt::format("{} are an object or a list", what));
  return false;
}

}  // namespace connectors::survey
