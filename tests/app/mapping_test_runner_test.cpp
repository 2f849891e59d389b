// Mapping tests of every kind, played on local orgs: what passes, each way to fail, and files that are broken.
#include <string>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "app/loop_run.hpp"
#include "app/mapping_test_runner.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using Lines = std::vector<std::string>;

constexpr const char* flow_of_cases = R"({
  "name": "Score",
  "trigger": {"type": "survey_response", "when": {"value": "${q://QID1/SelectedChoicesRecode}", "at_least": 0}},
  "tasks": {
    "contact": {"type": "salesforce_find", "account": "crm",
                "with": {"object": "Contact", "match": {"Email": "reyes@example.com"}, "return": ["Id"], "if_none": "continue", "if_many": "fail"}},
    "answer":  {"type": "salesforce_upsert", "account": "crm",
                "with": {"object": "Survey_Response__c", "key": {"Response_Id__c": "${rm://Field/ResponseID}"},
                         "fields": {"Score__c": {"value": "${q://QID1/SelectedChoicesRecode}", "as": "number"}, "Contact__c": "${task://contact/Id}"}}}
  }
})";

// A folder with the workflow, a response of score 9, and one test file.
class MappingFolder {
 public:
  MappingFolder() {
    test::write_file(directory_.file("workflow.json"), flow_of_cases);
    test::write_file(
        directory_.file("response.json"),
        R"({"responseId":"R_1","values":{"QID1":9,"recordedDate":"2026-05-01T07:25:37Z"},"labels":{},"displayedFields":["QID1"],"displayedValues":{}})");
    test::write_file(
        directory_.file("no_number.json"),
        R"({"responseId":"R_2","values":{"QID1":"many"},"labels":{},"displayedFields":["QID1"],"displayedValues":{}})");
  }

  // Members of one case, beside its name and response.
  app::MappingTestResult play(const std::string& members, const std::string& response = "response.json") {
    return play_file(R"({"workflow":"workflow.json","cases":[
{"name":"the case","response":")" +
                     response + "\"" + (members.empty() ? "" : ",\n" + members) + "}]}");
  }

  app::MappingTestResult play_file(const std::string& text) {
    test::write_file(directory_.file("one.test.json"), text);
    app::run_on(loop_, run_once());
    return std::move(result_);
  }

  std::string path(const char* name) const { return directory_.file(name); }

 private:
  base::awaitable<int> run_once() {
    base::SilentLog log;
    app::MappingTestRunner runner(loop_, log);
    co_await runner.open();
    result_ = co_await runner.run(directory_.file("one.test.json"));
    co_return 0;
  }

  test::TemporaryDirectory directory_;
  boost::asio::io_context loop_{1};
  app::MappingTestResult result_;
};

Lines differences_of(const app::MappingTestResult& result) {
  for (const base::Finding& finding : result.findings) FAIL(base::to_line(finding));
  REQUIRE(result.cases.size() == 1);
  return result.cases.front().differences;
}

std::string only_finding(const app::MappingTestResult& result) {
  REQUIRE(result.findings.size() == 1);
  CHECK(result.cases.empty());
  return base::to_line(result.findings.front());
}

bool has_part(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

constexpr const char* known_contact = R"("org":{"crm":{"Contact":[{"LastName":"Reyes","Email":"reyes@example.com"}]}})";

}  // namespace

TEST_CASE("a case passes when the run wrote what was expected and sent no more than allowed") {
  MappingFolder folder;
  const app::MappingTestResult result = folder.play(std::string(known_contact) + R"(,"calls_at_most":2,"expect":{"crm":{
    "Survey_Response__c":[{"Score__c":9,"Contact__c":"${org://crm/Contact/0/Id}","Response_Id__c":"R_1"}], "Contact":[]}})");
  CHECK(differences_of(result).empty());
  CHECK(result.workflow == "Score");
  CHECK(result.cases.front().calls == 2);
}

TEST_CASE("a wrong value, a missing record and one too many are told field by field") {
  MappingFolder folder;
  CHECK(differences_of(folder.play(R"("expect":{"crm":{"Survey_Response__c":[{"Score__c":10}]}})")) ==
        Lines{"crm Survey_Response__c[0].Score__c: expected 10, found 9.0"});
  CHECK(differences_of(folder.play(R"("expect":{"crm":{"Survey_Response__c":[{"Score__c":9},{"Score__c":1}]}})")) ==
        Lines{R"(crm Survey_Response__c[1]: expected {"Score__c":1}, but the run wrote only 1)"});
  const Lines surplus = differences_of(folder.play(R"("expect":{"crm":{"Survey_Response__c":[]}})"));
  REQUIRE(surplus.size() == 1);
  CHECK(has_part(surplus.front(), "crm Survey_Response__c[0]: not expected, but the run wrote"));
}

TEST_CASE("records that were there and that the run left alone are not its own; changed ones are") {
  MappingFolder folder;
  CHECK(
      differences_of(
          folder.play(
              R"("org":{"crm":{"Survey_Response__c":[{"Response_Id__c":"R_0","Score__c":1},{"Response_Id__c":"R_1","Score__c":2}]}},
    "expect":{"crm":{"Survey_Response__c":[{"Response_Id__c":"R_1","Score__c":9}]}})"))
          .empty());
}

TEST_CASE("a task that fails without being expected to fails the case, with its reason") {
  MappingFolder folder;
  const Lines differences = differences_of(folder.play("", "no_number.json"));
  REQUIRE(differences.size() == 1);
  CHECK(has_part(differences.front(), "answer: failed · mapping_value_not_a_number: "));
}

TEST_CASE("refused wants a task to fail with that code and no other") {
  MappingFolder folder;
  CHECK(differences_of(folder.play(R"("refused":{"answer":"mapping_value_not_a_number"})", "no_number.json")).empty());
  const Lines other = differences_of(folder.play(R"("refused":{"answer":"mapping_value_too_long"})", "no_number.json"));
  REQUIRE(other.size() == 1);
  CHECK(
      has_part(other.front(),
               "answer: expected to fail with mapping_value_too_long, but it is failed · mapping_value_not_a_number"));
  CHECK(differences_of(folder.play(R"("refused":{"answer":"mapping_value_not_a_number"})")) ==
        Lines{"answer: expected to fail with mapping_value_not_a_number, but it is succeeded"});
}

TEST_CASE("more calls than allowed fail the case; log-ins and descriptions are none") {
  MappingFolder folder;
  CHECK(differences_of(folder.play(R"("calls_at_most":1)")) == Lines{"calls: expected at most 1, sent 2"});
}

TEST_CASE("an output stands for its task, which is not run") {
  MappingFolder folder;
  const app::MappingTestResult result =
      folder.play(std::string(known_contact) + R"(,"outputs":{"contact":{"Id":"${org://crm/Contact/0/Id}","found":1}},
    "calls_at_most":1,"expect":{"crm":{"Survey_Response__c":[{"Contact__c":"${org://crm/Contact/0/Id}"}]}})");
  CHECK(differences_of(result).empty());
}

TEST_CASE("records refer to each other in whatever order they stand") {
  MappingFolder folder;
  CHECK(
      differences_of(
          folder.play(
              R"("org":{"crm":{"Account":[{"Name":"of ${org://crm/Contact/0/LastName}"}],"Case":[{"ContactId":"${org://crm/Contact/0/Id}"}],
    "Contact":[{"LastName":"Reyes","Email":"reyes@example.com"}]}},"expect":{"crm":{"Survey_Response__c":[{"Contact__c":"${org://crm/Contact/0/Id}"}]}})"))
          .empty());
}

TEST_CASE("a response that starts nothing passes where nothing is expected, and says why where something is") {
  MappingFolder folder;
  test::write_file(
      folder.path("low.json"),
      R"({"responseId":"R_3","values":{"QID1":-1},"labels":{},"displayedFields":[],"displayedValues":{}})");
  CHECK(differences_of(folder.play(R"("expect":{"crm":{"Survey_Response__c":[]}},"calls_at_most":0)", "low.json"))
            .empty());
  const app::MappingTestResult result =
      folder.play(R"("expect":{"crm":{"Survey_Response__c":[{"Score__c":9}]}})", "low.json");
  CHECK(differences_of(result).size() == 1);
  CHECK(has_part(result.cases.front().not_started, "[trigger_condition_false]"));
}

TEST_CASE("cases do not see each other's records") {
  MappingFolder folder;
  const std::string one = R"("response":"response.json",)" + std::string(known_contact) +
                          R"(,"expect":{"crm":{"Survey_Response__c":[{"Contact__c":"${org://crm/Contact/0/Id}"}]}})";
  const app::MappingTestResult result = folder.play_file(R"({"workflow":"workflow.json","cases":[{"name":"a",)" + one +
                                                         R"(},{"name":"b",)" + one + "}]}");
  REQUIRE(result.cases.size() == 2);
  CHECK(result.cases[0].passed());
  CHECK(result.cases[1].passed());
}

TEST_CASE("a file may have as many cases as it likes: an account logs in once for all of them") {
  MappingFolder folder;
  std::string cases;
  for (int i = 0; i < 30; ++i)
    cases += (i == 0 ? "" : ",") + (R"({"name":"case )" + std::to_string(i)) +
             R"(","response":"response.json","expect":{"crm":{"Survey_Response__c":[{"Score__c":9}]}}})";
  const app::MappingTestResult result = folder.play_file(R"({"workflow":"workflow.json","cases":[)" + cases + "]}");
  CHECK(result.cases.size() == 30);
  for (const app::MappingCaseResult& of_case : result.cases) {
    INFO(of_case.name);
    CHECK(of_case.differences.empty());
  }
}

TEST_CASE("a broken test file is told with the place of its fault, and nothing is run") {
  MappingFolder folder;
  const std::string at = folder.path("one.test.json") + ":3:";
  struct Fault {
    const char* members;
    const char* says;
  };
  for (const Fault& fault :
       {Fault{R"("org":{"crn":{"Contact":[]}},"expect":{"crn":{"Case":[]}})", "did you mean 'crm'?"},
        Fault{R"("refused":{"anser":"x"})", "did you mean 'answer'?"},
        Fault{R"("expect":{"crm":{"Case":[{"ContactId":"${org://crm/Contact/0/Id}"}]}})", "has no such record"},
        Fault{R"("expect":{"crm":{"Case":[{"ContactId":"${org://crm/Id}"}]}})", "is no reference to a record"},
        Fault{R"("org":{"crm":{"Contact":[{"LastName":"${org://crm/Contact/0/Id}"}]}})", "in a circle"},
        Fault{R"("expect":{"crm":{"Survey_Response__c":[{"Scor__c":1}]}})", "No such column 'Scor__c'"},
        Fault{R"("org":{"crm":{"Contact":[{"Email":"a@b.c"}]}})", "REQUIRED_FIELD_MISSING"},
        Fault{R"("calls_at_mst":1)", "calls_at_most"}}) {
    INFO(fault.members);
    const std::string line = only_finding(folder.play(fault.members));
    INFO(line);
    CHECK(line.starts_with(at));
    CHECK(has_part(line, fault.says));
  }
}

TEST_CASE("files that a test names and that are not there are named") {
  MappingFolder folder;
  CHECK(has_part(only_finding(folder.play("", "gone.json")), "gone.json"));
  CHECK(has_part(
      only_finding(folder.play_file(R"({"workflow":"gone.json","cases":[{"name":"a","response":"response.json"}]})")),
      "gone.json"));
}
