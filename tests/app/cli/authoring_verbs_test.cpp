// The verbs of authors, run as they run them: validate, graph, schema, explain, new.
#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json_schema.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/source_path.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using nlohmann::json;
using test::Ended;
using test::run_program;

const std::string authoring_samples = test::source_path("samples/");

constexpr const char* flow_with_a_wrong_edge = R"({
  "name": "Wrong edge",
  "trigger": {"type": "survey_response"},
  "tasks": {
    "answer": {"type": "salesforce_find", "account": "crm", "with": {"object": "Contact", "match": {"Email": "a"}, "return": ["Id"]}},
    "after":  {"type": "salesforce_find", "account": "crm", "after": ["anser"],
               "with": {"object": "Contact", "match": {"Email": "a"}, "return": ["Id"]}}
  }
})";

}  // namespace

TEST_CASE("validate says of a sound workflow what protects each of its writes") {
  const Ended ended = run_program({"validate", authoring_samples + "nps_to_contact/workflow.json"});
  CHECK(ended.code == 0);
  CHECK(ended.complaint.empty());
  CHECK(ended.output.find("workflow.json: sound · NPS to contact · 3 tasks\n") != std::string::npos);
  CHECK(ended.output.find("  contact  reads only\n") != std::string::npos);
  CHECK(ended.output.find("  answer   written once: repeating it changes nothing\n") != std::string::npos);
  CHECK(ended.output.find("  alarm    not protected: an unclear try is held for a person\n") != std::string::npos);
}

TEST_CASE("validate tells a fault with its place and what was meant, on one line of stderr") {
  const test::TemporaryDirectory directory;
  const std::string file = directory.file("flow.json");
  test::write_file(file, flow_with_a_wrong_edge);
  const Ended ended = run_program({"validate", file});
  CHECK(ended.code == 65);
  CHECK(ended.output.empty());
  CHECK(ended.complaint.starts_with(file + ":6:"));
  CHECK(ended.complaint.find("/tasks/after/after/0") != std::string::npos);
  CHECK(ended.complaint.find("did you mean 'answer'?") != std::string::npos);
  CHECK(std::count(ended.complaint.begin(), ended.complaint.end(), '\n') == 1);
}

TEST_CASE("validate goes on after a broken file and fails as a whole") {
  const test::TemporaryDirectory directory;
  test::write_file(directory.file("broken.json"), "{\"name\": ");
  const Ended ended = run_program({"validate", directory.file("broken.json"), directory.file("missing.json"),
                                   authoring_samples + "two_instances/workflow.json"});
  CHECK(ended.code == 65);
  CHECK(ended.complaint.find("broken.json:1:") != std::string::npos);
  CHECK(ended.complaint.find("missing.json") != std::string::npos);
  CHECK(ended.output.find("two_instances/workflow.json: sound") != std::string::npos);
}

TEST_CASE("validate --json gives one document with every file and finding") {
  const test::TemporaryDirectory directory;
  test::write_file(directory.file("flow.json"), flow_with_a_wrong_edge);
  const Ended ended = run_program(
      {"validate", "--json", directory.file("flow.json"), authoring_samples + "two_instances/workflow.json"});
  CHECK(ended.code == 65);
  const json document = json::parse(ended.output);
  REQUIRE(document["files"].size() == 2);
  CHECK(document["files"][0]["sound"] == false);
  CHECK(document["files"][0]["findings"][0]["line"] == 6);
  CHECK(document["files"][1]["sound"] == true);
  CHECK(document["files"][1]["tasks"][0] ==
        json{{"id", "answer"}, {"type", "salesforce_upsert"}, {"effect", "repeatable"}});
}

TEST_CASE("graph gives Mermaid, Graphviz's language, and a picture drawn by Graphviz") {
  const std::string flow = authoring_samples + "nps_to_contact/workflow.json";
  const Ended mermaid = run_program({"graph", flow});
  CHECK(mermaid.code == 0);
  CHECK(mermaid.output.starts_with("flowchart LR\n"));
  const Ended dot = run_program({"graph", flow, "--format", "dot"});
  CHECK(dot.output.starts_with("digraph \"NPS to contact\" {"));
  const test::TemporaryDirectory directory;
  const Ended svg = run_program({"graph", flow, "--format", "svg", "-o", directory.file("flow.svg")});
  // 69: Graphviz is not installed here, which the error says.
  if (svg.code == 69) {
    CHECK(svg.complaint.find("[graphviz_missing]") != std::string::npos);
  } else {
    CHECK(svg.code == 0);
    CHECK(test::read_file(directory.file("flow.svg")).find("<svg") != std::string::npos);
  }
}

TEST_CASE("graph refuses a broken workflow with its findings") {
  const test::TemporaryDirectory directory;
  test::write_file(directory.file("flow.json"), flow_with_a_wrong_edge);
  const Ended ended = run_program({"graph", directory.file("flow.json")});
  CHECK(ended.code == 65);
  CHECK(ended.output.empty());
  CHECK(ended.complaint.find("anser") != std::string::npos);
}

TEST_CASE("schema lists what there is, and each name prints a schema") {
  const Ended list = run_program({"schema"});
  CHECK(list.code == 0);
  for (const std::string name : {"workflow", "account", "response", "mapping_test", "tasks/salesforce_upsert"}) {
    INFO(name);
    CHECK(("\n" + list.output).find("\n" + name + " ") != std::string::npos);
    const Ended one = run_program({"schema", name});
    CHECK(one.code == 0);
    CHECK(json::parse(one.output)["$schema"] == "http://json-schema.org/draft-07/schema#");
  }
}

TEST_CASE("a name that is nearly a schema's is answered with that one") {
  const Ended ended = run_program({"schema", "workflw"});
  CHECK(ended.code == 64);
  CHECK(ended.complaint.find("did you mean 'workflow'?") != std::string::npos);
}

TEST_CASE("explain shows a code's page, lists all, and guesses what was meant") {
  const Ended page = run_program({"explain", "account_token_expired"});
  CHECK(page.code == 0);
  CHECK(page.output == test::read_file(test::source_path("docs/errors/account_token_expired.md")));
  const Ended list = run_program({"explain"});
  CHECK(list.code == 0);
  for (const auto& entry : std::filesystem::directory_iterator(test::source_path("docs/errors"))) {
    INFO(entry.path());
    CHECK(list.output.find(entry.path().stem().string() + " ") != std::string::npos);
  }
  const Ended wrong = run_program({"explain", "acount_token_expired"});
  CHECK(wrong.code == 64);
  CHECK(wrong.complaint.find("did you mean 'account_token_expired'?") != std::string::npos);
}

TEST_CASE("a new folder validates, its test passes, and its schemas hold for its files") {
  const test::TemporaryDirectory directory;
  const std::string folder = directory.file("Visit \"Q3\"");
  CHECK(run_program({"new", folder}).code == 0);
  CHECK(run_program({"validate", folder + "/workflow.json"}).code == 0);
  CHECK(json::parse(test::read_file(folder + "/workflow.json"))["name"] == "Visit \"Q3\"");
  CHECK(test::read_file(folder + "/README.md").starts_with("# Visit \"Q3\"\n"));
  const Ended tests = run_program({"test", folder});
  CHECK(tests.code == 0);
  CHECK(tests.output.ends_with("2 passed, 0 failed\n"));
  const base::JsonSchema account(test::read_file(folder + "/account.schema.json"));
  CHECK(account.check(json::parse(test::read_file(folder + "/account.example.json"))).empty());
  CHECK(json::parse(test::read_file(folder + "/workflow.schema.json")).contains("definitions"));
}

TEST_CASE("new touches no folder that holds something, and takes an empty one") {
  const test::TemporaryDirectory directory;
  test::write_file(directory.file("mine.txt"), "mine");
  const Ended refused = run_program({"new", directory.path()});
  CHECK(refused.code == 64);
  CHECK(refused.complaint.find("[folder_not_empty]") != std::string::npos);
  CHECK(!std::filesystem::exists(directory.file("workflow.json")));
  std::filesystem::remove(directory.file("mine.txt"));
  CHECK(run_program({"new", directory.path()}).code == 0);
}

TEST_CASE("S36: who types the former name of workflows is told the present one, and nothing is run under it") {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"actions"}, {"actions", "list"}}) {
    const Ended ended = run_program(words);
    CHECK(ended.code == 64);
    CHECK(ended.output.empty());
    CHECK(ended.complaint.find("did you mean 'workflows'?") != std::string::npos);
  }
}
