// Every kind of question into every kind of field: tests/fixtures/conversions/cases.json says what must come of it.
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/random.hpp"
#include "connectors/survey/piped_text.hpp"
#include "local_org/api_error.hpp"
#include "local_org/server.hpp"
#include "tests/connectors/survey_fixture.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/tasks/every_type.hpp"

namespace {

using nlohmann::json;

// The response to the survey that holds every kind of question.
class Answers final : public engine::ValueSource {
 public:
  base::Result<base::Value> value(const engine::Pipe& pipe) const override {
    return connectors::survey::look_up({response_, &survey_}, pipe.scheme, pipe.path);
  }

 private:
  connectors::survey::Survey survey_ = support::service_check();
  connectors::survey::Response response_ = support::service_check_response();
};

const json& conversion_cases() {
  static const json cases = json::parse(support::fixture("conversions/cases.json"));
  return cases;
}

// What comes of a case, as the table writes it: a value, null for nothing, or {"refused": code}.
json outcome_of(const std::string& pipe, const std::string& field, const Answers& answers) {
  const tasks::ResponseMapping mapping = task_bench::a_known_mapping(json::object({{field, "${" + pipe + "}"}}).dump());
  const base::Result<tasks::WrittenValue> value = tasks::value_of(mapping.fields.front(), answers);
  if (!value) return {{"refused", value.error().code.name}};
  return *value ? json::parse(base::to_json(**value)) : json();
}

struct BareOrg {
  support::ManualClock clock;
  base::SystemRandom random;
  local_org::LocalOrg org{local_org::LocalOrgOptions{.more_describes = {task_bench::every_type_describe()}}, clock,
                          random};

  json insert(const std::string& field, const json& value) {
    const std::string id = org.insert("Every_Type__c", {json::object({{field, value}}).dump()});
    return json::parse(org.query("SELECT " + field + " FROM Every_Type__c WHERE Id = '" + id + "'").text)[0][field];
  }

  // The org's own code, "" when it takes the value.
  std::string refusal_of(const std::string& field, const json& value) {
    try {
      insert(field, value);
      return "";
    } catch (const local_org::ApiError& error) {
      return error.code;
    }
  }
};

// An org keeps seconds of a time, and writes the zone in its own way.
bool is_held_as(const std::string& field, const json& written, const json& held) {
  if (field != "Moment__c") return written == held;
  return held.get<std::string>() == written.get<std::string>().substr(0, 19) + ".000+0000";
}

}  // namespace

TEST_CASE("the table holds every kind of question and every kind of field") {
  std::size_t count = 0;
  for (const json& row : conversion_cases()) count += row.at("fields").size();
  CHECK(count >= 400);
  CHECK(conversion_cases().front().at("fields").size() == 20);
}

TEST_CASE("each kind of question that the survey asks has its rows in the table, with every kind of field") {
  using connectors::survey::QuestionKind;
  const connectors::survey::Survey survey = support::service_check();
  std::set<QuestionKind> in_table;
  for (const json& row : conversion_cases()) {
    const std::string pipe = row.at("pipe").get<std::string>();
    if (!pipe.starts_with("q://") || row.at("fields").size() < 20) continue;
    std::string id = pipe.substr(4, pipe.find('/', 4) - 4);
    if (id.find('_') != std::string::npos) id = id.substr(id.find('_') + 1);  // the pass of a loop
    const connectors::survey::Question* question = survey.question(id);
    REQUIRE(question);
    in_table.insert(question->kind);
    // A column of a side-by-side is a question of its own kind.
    if (id.find('#') != std::string::npos) in_table.insert(QuestionKind::side_by_side);
  }
  for (const connectors::survey::Question& question : survey.questions) {
    if (question.kind == QuestionKind::descriptive || question.kind == QuestionKind::other) continue;
    INFO(question.id << " " << connectors::survey::to_string(question.kind));
    CHECK(in_table.contains(question.kind));
  }
}

TEST_CASE("every kind of question becomes what every kind of field takes, or an error says why not") {
  const Answers answers;
  for (const json& row : conversion_cases()) {
    for (const auto& [field, expected] : row.at("fields").items()) {
      INFO(row.at("question") << " " << row.at("pipe") << " -> " << field);
      CHECK(outcome_of(row.at("pipe").get<std::string>(), field, answers) == expected);
    }
  }
}

TEST_CASE("an org holds exactly what a conversion writes") {
  BareOrg crm;
  for (const json& row : conversion_cases()) {
    for (const auto& [field, expected] : row.at("fields").items()) {
      if (expected.is_null() || expected.is_object()) continue;
      INFO(row.at("question") << " -> " << field << ": " << expected);
      CHECK(is_held_as(field, expected, crm.insert(field, expected)));
    }
  }
}

TEST_CASE("what a conversion refuses, the org would have refused") {
  BareOrg crm;
  const Answers answers;
  for (const json& row : conversion_cases()) {
    const base::Result<engine::PipedText> pipe =
        engine::parse_piped_text("${" + row.at("pipe").get<std::string>() + "}");
    const base::Result<base::Value> answer = engine::resolve(*pipe, answers);
    // Without any conversion, as other programs send it.
    std::string raw = base::to_text(*answer);
    for (std::size_t at = raw.find(", "); std::holds_alternative<base::List>(answer->data) && at != std::string::npos;
         at = raw.find(", "))
      raw.replace(at, 2, ";");
    for (const auto& [field, expected] : row.at("fields").items()) {
      // Several values as one text are a value to an org, though not the one that anybody has given.
      if (!expected.is_object() || expected.at("refused") == "mapping_value_several") continue;
      INFO(row.at("question") << " -> " << field << ": " << raw);
      CHECK_FALSE(crm.refusal_of(field, raw).empty());
    }
  }
}
