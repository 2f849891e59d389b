#include "app/record_comparison.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/time.hpp"
#include "base/utf8.hpp"

namespace app {
namespace {

bool is_empty_field(const nlohmann::json& value) {
  return value.is_null() || (value.is_string() && value.get_ref<const std::string&>().empty());
}

bool is_same_instant(const nlohmann::json& expected, const nlohmann::json& found) {
  if (!expected.is_string() || !found.is_string()) return false;
  const std::string& text = expected.get_ref<const std::string&>();
  // A plain date is a date's value, not a point in time.
  if (text.find('T') == std::string::npos) return false;
  const base::Result<base::TimePoint> a = base::from_iso8601(text);
  const base::Result<base::TimePoint> b = base::from_iso8601(found.get_ref<const std::string&>());
  return a && b && *a == *b;
}

bool is_as_expected(const nlohmann::json& expected, const nlohmann::json& found) {
  if (is_empty_field(expected)) return is_empty_field(found);
  return expected == found || is_same_instant(expected, found);
}

std::string shown_value(const nlohmann::json& value) {
  return value.is_null() ? "nothing" : base::shortened(value.dump(), 200);
}

// Only what a person would look at: Salesforce adds `attributes` to every record.
std::string shown_record(nlohmann::json record) {
  for (const char* noise : {"attributes", "SystemModstamp"}) record.erase(noise);
  return base::shortened(record.dump(), 200);
}

void compare_fields(const std::string& where, const nlohmann::json& expected, const nlohmann::json& found,
                    std::vector<std::string>& differences) {
  for (const auto& [field, value] : expected.items()) {
    const nlohmann::json& has = found.contains(field) ? found.at(field) : nlohmann::json();
    if (!is_as_expected(value, has))
      differences.push_back(
          fmt::format("{}.{}: expected {}, found {}", where, field, shown_value(value), shown_value(has)));
  }
}

}  // namespace

std::vector<std::string> record_differences(const std::string& whose, const std::vector<base::JsonText>& expected,
                                            const std::vector<base::JsonText>& found) {
  std::vector<std::string> differences;
  for (std::size_t i = 0; i < std::max(expected.size(), found.size()); ++i) {
    const std::string where = fmt::format("{}[{}]", whose, i);
    if (i >= found.size()) {
      differences.push_back(fmt::format("{}: expected {}, but the run wrote only {}", where,
                                        shown_record(nlohmann::json::parse(expected[i].text)), found.size()));
    } else if (i >= expected.size()) {
      differences.push_back(fmt::format("{}: not expected, but the run wrote {}", where,
                                        shown_record(nlohmann::json::parse(found[i].text))));
    } else {
      compare_fields(where, nlohmann::json::parse(expected[i].text), nlohmann::json::parse(found[i].text), differences);
    }
  }
  return differences;
}

bool is_same_field_value(const base::JsonText& expected, const base::JsonText& found) {
  return is_as_expected(nlohmann::json::parse(expected.text), nlohmann::json::parse(found.text));
}

}  // namespace app
