#include "app/mapping_test_update.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/json_text_edit.hpp"
#include "app/org_reference.hpp"
#include "app/record_comparison.hpp"
#include "connectors/salesforce/record_id.hpp"

namespace app {
namespace {

// Orgs write 10.0; people write 10.
nlohmann::json shortest_number(const nlohmann::json& number) {
  const double value = number.get<double>();
  if (std::abs(value) < 1e15 && std::trunc(value) == value) return static_cast<std::int64_t>(value);
  return number;
}

// With references for the ids of the case's own records, also within a sentence.
std::string with_references_back(std::string text, const SeededRecords& seeded) {
  for (const auto& [key, record] : seeded) {
    const std::string id = nlohmann::json::parse(record.text).at("Id");
    const auto& [alias, object, index] = key;
    const std::string reference = fmt::format("${{org://{}/{}/{}/Id}}", alias, object, index);
    for (std::size_t at = text.find(id); at != std::string::npos; at = text.find(id, at + reference.size()))
      text.replace(at, id.size(), reference);
  }
  return text;
}

// As a test can say it; nothing for what is another every time.
std::optional<nlohmann::json> expected_value(const nlohmann::json& found, const SeededRecords& seeded) {
  if (found.is_number_float()) return shortest_number(found);
  if (!found.is_string()) return found;
  std::string text = with_references_back(found.get<std::string>(), seeded);
  if (connectors::salesforce::is_record_id(text)) return std::nullopt;
  return text;
}

std::vector<std::string> fields_of(const base::JsonText& record) {
  std::vector<std::string> fields;
  const nlohmann::json members = nlohmann::json::parse(record.text);
  for (const auto& [field, value] : members.items()) fields.push_back(field);
  return fields;
}

// Rewrites the expectations of one case.
class CaseUpdate {
 public:
  CaseUpdate(std::string& text, const MappingCase& one, const MappingCaseResult& result,
             const std::vector<tasks::EffectKeyField>& effect_keys, std::vector<std::string>& told)
      : text_(text), one_(one), result_(result), effect_keys_(effect_keys), told_(told) {}

  void rewrite() {
    const std::size_t before = told_.size();
    if (result_.outcome.written.size() == one_.expect.size()) {
      for (std::size_t i = 0; i < one_.expect.size(); ++i) rewrite_records(one_.expect[i], result_.outcome.written[i]);
    }
    rewrite_refused();
    if (told_.size() == before) say("nothing in \"expect\" or \"refused\" would make it pass");
  }

 private:
  void say(const std::string& what) { told_.push_back(fmt::format("{}: {}", one_.name, what)); }

  void rewrite_records(const ExpectedRecords& expected, const std::vector<base::JsonText>& written) {
    const bool is_as_many = written.size() == expected.records.size();
    for (std::size_t i = 0; is_as_many && i < written.size(); ++i) rewrite_fields(expected, i, written[i]);
    if (is_as_many) return;
    nlohmann::json records = nlohmann::json::array();
    for (std::size_t i = 0; i < written.size(); ++i) {
      const std::vector<std::string> fields = i < expected.records.size() ? fields_of(expected.records[i])
                                              : expected.fields.empty()   ? fields_written(expected, written[i])
                                                                          : expected.fields;
      records.push_back(nlohmann::json::parse(as_expected_record(written[i], fields, result_.outcome.seeded).text));
    }
    const std::size_t slash = expected.pointer.rfind('/');
    text_ = with_json_member(text_, expected.pointer.substr(0, slash), expected.object, {records.dump()});
    say(fmt::format("{} {}: {} records instead of {}", expected.alias, expected.object, written.size(),
                    expected.records.size()));
  }

  // Nobody has named any: those that have a value which is the same in the next run.
  std::vector<std::string> fields_written(const ExpectedRecords& expected, const base::JsonText& record) const {
    std::vector<std::string> fields;
    const nlohmann::json members = nlohmann::json::parse(record.text);
    for (const auto& [field, value] : members.items()) {
      if (field != "Id" && field != "SystemModstamp" && field != "attributes" && !value.is_null() &&
          !is_effect_key(expected, field))
        fields.push_back(field);
    }
    return fields;
  }

  bool is_effect_key(const ExpectedRecords& expected, std::string_view field) const {
    return tasks::is_effect_key(effect_keys_, expected.alias, expected.object, field);
  }

  void rewrite_fields(const ExpectedRecords& expected, std::size_t at, const base::JsonText& written) {
    const nlohmann::json wanted =
        nlohmann::json::parse(with_references(expected.records[at], result_.outcome.seeded).text);
    const nlohmann::json found = nlohmann::json::parse(written.text);
    for (const auto& [field, value] : wanted.items()) {
      const nlohmann::json has = found.contains(field) ? found.at(field) : nlohmann::json();
      if (is_same_field_value({value.dump()}, {has.dump()})) continue;
      const std::string pointer = fmt::format("{}/{}", expected.pointer, at);
      const std::string where = fmt::format("{} {}[{}].{}", expected.alias, expected.object, at, field);
      if (is_effect_key(expected, field)) {
        text_ = without_json_member(text_, pointer, field);
        say(where + ": left out, since it holds the run's key, which is another one each time");
      } else if (const std::optional<nlohmann::json> now = expected_value(has, result_.outcome.seeded)) {
        text_ = with_json_member(text_, pointer, field, {now->dump()});
        say(fmt::format("{}: {} instead of {}", where, now->dump(), value.dump()));
      } else {
        text_ = without_json_member(text_, pointer, field);
        say(where + ": left out, since it holds the id of a record that the run makes");
      }
    }
  }

  void rewrite_refused() {
    const std::map<std::string, std::string>& failed = result_.outcome.refused;
    if (failed == one_.refused) return;
    if (failed.empty()) {
      text_ = without_json_member(text_, one_.pointer, "refused");
      return say("no task is refused any more");
    }
    text_ = with_json_member(text_, one_.pointer, "refused", {nlohmann::json(failed).dump()});
    for (const auto& [task, code] : failed) say(fmt::format("{} is refused with {}", task, code));
  }

  std::string& text_;
  const MappingCase& one_;
  const MappingCaseResult& result_;
  const std::vector<tasks::EffectKeyField>& effect_keys_;
  std::vector<std::string>& told_;
};

}  // namespace

base::JsonText as_expected_record(const base::JsonText& record, const std::vector<std::string>& fields,
                                  const SeededRecords& seeded) {
  const nlohmann::json found = nlohmann::json::parse(record.text);
  nlohmann::json expected = nlohmann::json::object();
  for (const std::string& field : fields) {
    const nlohmann::json has = found.contains(field) ? found.at(field) : nlohmann::json();
    if (std::optional<nlohmann::json> value = expected_value(has, seeded)) expected[field] = *std::move(value);
  }
  return {expected.dump()};
}

UpdatedExpectations with_what_happened(std::string text, const MappingTest& test, const MappingTestResult& result) {
  UpdatedExpectations updated{.text = std::move(text)};
  for (const MappingCase& one : test.cases) {
    const auto of_case = std::find_if(result.cases.begin(), result.cases.end(),
                                      [&](const MappingCaseResult& other) { return other.pointer == one.pointer; });
    if (of_case == result.cases.end() || of_case->passed()) continue;
    CaseUpdate(updated.text, one, *of_case, result.effect_keys, updated.told).rewrite();
  }
  return updated;
}

}  // namespace app
