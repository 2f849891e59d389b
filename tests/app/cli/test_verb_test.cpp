// `sluice test` as a person types it: reports for build servers, and expectations rewritten on request.
#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/xml.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/source_path.hpp"
#include "tests/support/temporary_directory.hpp"

using nlohmann::json;
using test::Ended;

namespace {

// A copy of a sample whose tests pass.
struct SampleFolder {
  explicit SampleFolder(const std::string& sample = "nps_to_contact") {
    std::filesystem::copy(test::source_path("samples/" + sample), folder());
  }

  std::string folder() const { return directory.file("tests"); }
  std::string file(const std::string& name) const { return folder() + "/" + name; }
  std::string tests() const { return test::read_file(file("tests.test.json")); }
  void replace(const std::string& old, const std::string& by) const {
    std::string text = tests();
    REQUIRE(text.find(old) != std::string::npos);
    test::write_file(file("tests.test.json"), text.replace(text.find(old), old.size(), by));
  }
  Ended run(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"test", folder()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return test::run_program(arguments);
  }

  test::TemporaryDirectory directory;
};

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("complaint 18: a mistake in a mapping is found without any org, by case, field, expected and got") {
  const SampleFolder sample;
  std::string workflow = test::read_file(sample.file("workflow.json"));
  const std::string right = R"("Promoter": "A")";
  REQUIRE(workflow.find(right) != std::string::npos);
  test::write_file(sample.file("workflow.json"),
                   workflow.replace(workflow.find(right), right.size(), R"("Promoter": "C")"));

  const Ended ended = sample.run();

  CHECK(ended.code == 1);
  INFO(ended.output);
  CHECK(ended.output.find("✗ a promoter with a known address") != std::string::npos);
  CHECK(ended.output.find(R"(Survey_Response__c[0].Segment__c: expected "A", found "C")") != std::string::npos);
}

TEST_CASE("a text that is cut to fit is told beside its case, which passes all the same") {
  const SampleFolder sample;
  std::string workflow = test::read_file(sample.file("workflow.json"));
  const std::string whole = R"("on_too_long": "truncate")";
  test::write_file(sample.file("workflow.json"),
                   workflow.replace(workflow.find(whole), whole.size(), whole + R"(, "max_length": 10)"));
  json tests = json::parse(sample.tests());
  for (json& one : tests.at("cases")) one["expect"] = json::object();
  test::write_file(sample.file("tests.test.json"), tests.dump());

  const Ended drawn = sample.run();
  const Ended document = sample.run({"--json"});

  INFO(drawn.output << drawn.complaint);
  CHECK(count(drawn.output, "note: answer: Comment__c: cut from ") >= 1);
  CHECK(count(document.output, "\"answer: Comment__c: cut from ") == count(drawn.output, "Comment__c: cut from "));
}

TEST_CASE("a JUnit report has a case for each case, and says of one that fails what differs") {
  const SampleFolder sample;
  sample.replace(R"("Segment__c": "A")", R"("Segment__c": "B")");

  const Ended ended = sample.run({"--junit", sample.directory.file("report.xml")});

  CHECK(ended.code == 1);
  CHECK(ended.output.find("4 passed, 1 failed") != std::string::npos);  // the table stays
  const std::string report = test::read_file(sample.directory.file("report.xml"));
  INFO(report);
  REQUIRE(base::parse_xml(report));
  CHECK(report.find(R"(tests="5" failures="1" skipped="0")") != std::string::npos);
  CHECK(count(report, "<testcase ") == 5);
  CHECK(report.find(R"(name="a promoter with a known address" time=")") != std::string::npos);
  CHECK(report.find("<failure message=\"crm Survey_Response__c[0].Segment__c: expected &quot;B&quot;, found "
                    "&quot;A&quot;\">") != std::string::npos);
}

TEST_CASE("a JUnit report on stdout stands there alone, and a file that is broken is a failure in it") {
  const SampleFolder sample;
  sample.replace(R"("detractor.json")", R"("nobody.json")");

  const Ended ended = sample.run({"--junit", "-"});

  CHECK(ended.code == 65);
  CHECK(ended.output.starts_with("<?xml"));
  CHECK(ended.output.find("<testcase classname=\"" + sample.file("tests.test.json")) != std::string::npos);
  CHECK(ended.output.find("nobody.json") != std::string::npos);
}

TEST_CASE("--update makes what was changed pass again and gives the file its old bytes back") {
  const SampleFolder sample;
  const std::string good = sample.tests();
  sample.replace(R"("Segment__c": "A")", R"("Segment__c": "B")");
  sample.replace(R"("Contact__c": "${org://crm/Contact/0/Id}",
              "Score__c": 10)",
                 R"("Contact__c": null,
              "Score__c": 3)");

  const Ended ended = sample.run({"--update"});

  INFO(ended.output << ended.complaint);
  CHECK(ended.code == 0);
  CHECK(sample.tests() == good);
  CHECK(ended.output.find(R"(a promoter with a known address: crm Survey_Response__c[0].Score__c: 10 instead of 3)") !=
        std::string::npos);
  CHECK(count(ended.output, "rewritten: ") == 3);
}

TEST_CASE("--update rewrites which tasks are refused, and how many records there are") {
  const SampleFolder sample;
  const json good = json::parse(sample.tests());
  sample.replace(R"("refused": { "contact": "find_many" })", R"("refused": { "contact": "find_none" })");
  sample.replace(R"("refused": { "answer": "mapping_value_not_a_number" })",
                 R"("expect": { "crm": { "FeedItem": [] } })");
  sample.replace(R"("expect": {
        "crm": {
          "Survey_Response__c": [{ "Score__c": 4,)",
                 R"("expect": {
        "crm": {
          "Survey_Response__c": [], "Contact": [{ "LastName": "Reyes" }], "Case": [{ "Score__c": 4,)");
  sample.replace(R"("Case": [{ "Score__c": 4, "Segment__c": "C", "Contact__c": "${org://crm/Contact/0/Id}" }],)", "");

  const Ended ended = sample.run({"--update"});

  INFO(ended.output << ended.complaint << sample.tests());
  const json now = json::parse(sample.tests());
  CHECK(now.at("cases").at(3) == good.at("cases").at(3));
  CHECK(now.at("cases").at(4).at("refused") == good.at("cases").at(4).at("refused"));
  const json& detractor = now.at("cases").at(1).at("expect").at("crm");
  CHECK(detractor.at("Contact").empty());
  REQUIRE(detractor.at("Survey_Response__c").size() == 1);
  CHECK(detractor.at("Survey_Response__c").at(0).at("Score__c") == 4);
  CHECK(detractor.at("Survey_Response__c").at(0).at("Contact__c") == "${org://crm/Contact/0/Id}");
  CHECK(sample.run().code == 0);
}

TEST_CASE("--update leaves alone what no expectation can say, and tells it") {
  const SampleFolder sample;
  sample.replace(R"("calls_at_most": 3)", R"("calls_at_most": 1)");
  const std::string before = sample.tests();

  const Ended ended = sample.run({"--update"});

  CHECK(ended.code == 1);
  CHECK(sample.tests() == before);
  CHECK(ended.output.find("nothing in \"expect\" or \"refused\" would make it pass") != std::string::npos);
}

TEST_CASE("--update leaves out the key of an insert, which is another one in every run") {
  const SampleFolder sample("case_from_low_score");
  sample.replace(R"([
            {
              "ContactId": "${org://crm/Contact/0/Id}",
              "Subject": "Score 2 in the support survey",
              "Description": "The engine leaks oil again",
              "Priority": "High",
              "Origin": "Web"
            }
          ])",
                 "[]");
  sample.replace(R"("SuppliedName": "Kim Doe")", R"("Sluice_Key__c": "eff_xwj3jkr3ra4e5ru74a3i7rp2jy")");

  const Ended ended = sample.run({"--update"});

  INFO(ended.output << ended.complaint << sample.tests());
  CHECK(ended.code == 0);
  CHECK(sample.tests().find("eff_") == std::string::npos);
  CHECK(ended.output.find("Case[0].Sluice_Key__c: left out, since it holds the run's key") != std::string::npos);
  const json rewritten = json::parse(sample.tests()).at("cases").at(0).at("expect").at("crm").at("Case");
  REQUIRE(rewritten.size() == 1);
  CHECK(rewritten.at(0).at("Subject") == "Score 2 in the support survey");
  CHECK(sample.run().code == 0);
}

TEST_CASE("an account that no task of the folder names is refused: nothing would be asked of it") {
  const SampleFolder sample;
  test::write_file(sample.file("crm.json"), "{}");

  const Ended ended = sample.run({"--account", "crn=" + sample.file("crm.json"), "--json"});

  INFO(ended.output << ended.complaint);
  CHECK(ended.code == 65);
  const json error = json::parse(ended.output).at("error");
  CHECK(error.at("code") == "workflow_without_account");
  CHECK(error.dump().find("did you mean 'crm'?") != std::string::npos);
}

TEST_CASE("with --json stdout holds one document: no second report, and a fault where there is no test") {
  const SampleFolder sample;
  const Ended both = sample.run({"--json", "--junit", "-"});
  CHECK(both.code == 64);
  CHECK(both.output.empty());
  CHECK(both.complaint.find("--junit FILE") != std::string::npos);
  CHECK(sample.run({"--json", "--junit", sample.directory.file("report.xml")}).code == 0);

  const Ended nowhere = test::run_program({"test", sample.directory.file("nowhere"), "--json"});
  CHECK(nowhere.code == 65);
  CHECK(json::parse(nowhere.output).at("error").at("code") == "mapping_test_missing");
}

TEST_CASE("--clean and --update say what they need") {
  const SampleFolder sample;
  CHECK(sample.run({"--clean"}).code == 64);
  CHECK(sample.run({"--update", "--account", "crm=" + sample.file("crm.json")}).code == 64);
}
