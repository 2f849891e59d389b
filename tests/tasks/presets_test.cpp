// Presets: questions that are mapped as their type usually is, on real response documents.
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "connectors/salesforce/record.hpp"
#include "connectors/survey/piped_text.hpp"
#include "connectors/survey/response.hpp"
#include "tests/tasks/task_bench.hpp"

namespace {

using task_bench::Machine;

// Pipes as a response of the survey platform answers them.
class ResponseValues final : public engine::ValueSource {
 public:
  explicit ResponseValues(const std::string& values, const std::string& labels = "{}")
      : response_(*connectors::survey::read_response(R"({"responseId":"R_1","values":)" + values + R"(,"labels":)" +
                                                     labels + "}")) {}
  base::Result<base::Value> value(const engine::Pipe& pipe) const override {
    return connectors::survey::look_up(response_, pipe.scheme, pipe.path);
  }

 private:
  connectors::survey::Response response_;
};

std::string written_by(const std::string& presets, const ResponseValues& response) {
  const engine::Catalog catalog = tasks::make_catalog({});
  const engine::TaskDefinition definition =
      task_bench::a_task("salesforce_create", R"({"object":"Answer__c","presets":)" + presets + "}");
  boost::asio::io_context loop;
  const auto task = *support::run(loop, catalog.task("salesforce_create")->compile(definition, {}));
  const base::Result<engine::Step> step = task->next({response, "key"}, {});
  if (!step) return step.error().message;
  return connectors::salesforce::read_record_change(std::get<engine::Write>(*step).record.text)->fields.text;
}

}  // namespace

TEST_CASE("an NPS question brings its score and its group") {
  const ResponseValues response(R"({"QID1":9,"QID1_NPS_GROUP":3})", R"({"QID1":"9","QID1_NPS_GROUP":"Promoter"})");

  CHECK(written_by(R"([{"preset":"nps","question":"QID1","fields":{"score":"Score__c","group":"Group__c",)"
                   R"("group_recode":"Group_Number__c"}}])",
                   response) == R"({"Group__c":"Promoter","Group_Number__c":3,"Score__c":9})");
}

TEST_CASE("the group of an NPS question is that of its score where the response has no name for it, or no group") {
  const std::string preset =
      R"([{"preset":"nps","question":"QID1","fields":{"group":"Group__c","group_recode":"Group_Number__c"}}])";

  CHECK(written_by(preset, ResponseValues(R"({"QID1":3,"QID1_NPS_GROUP":1})")) ==
        R"({"Group__c":"Detractor","Group_Number__c":1})");
  CHECK(written_by(preset, ResponseValues(R"({"QID1":10})")) == R"({"Group__c":"Promoter","Group_Number__c":3})");
}

TEST_CASE("a field or a text that an object is mapped into fails, and names the field and the pipe") {
  const ResponseValues response(R"({"QOBJ":{"a":1},"QNEST":[["a"],["b"]]})");
  for (const char* value : {"${event://values/QOBJ}", "v: ${event://values/QOBJ}", "${event://values/QNEST}"}) {
    INFO(value);
    const std::string error = written_by(R"([],"fields":{"S__c":")" + std::string(value) + R"("})", response);
    CHECK(error.find("S__c") != std::string::npos);
    CHECK(error.find("event://values/Q") != std::string::npos);
    CHECK(error.find("the response holds a") != std::string::npos);
  }
}

TEST_CASE("a part of a preset takes the options of a mapped field") {
  const ResponseValues response(R"({"QID1":3,"QID1_NPS_GROUP":1})", R"({"QID1_NPS_GROUP":"Detractor"})");

  CHECK(written_by(R"([{"preset":"nps","question":"QID1","fields":)"
                   R"({"group":{"field":"Segment__c","map":{"Promoter":"A","*":"B"}}}}])",
                   response) == R"({"Segment__c":"B"})");
}

TEST_CASE("a matrix brings its rows, by recode or by label, and leaves out a row that nobody answered") {
  const ResponseValues response(R"({"QID4_1":5,"QID4_2":2})", R"({"QID4_1":"Very good","QID4_2":"Bad"})");

  CHECK(written_by(R"([{"preset":"matrix_rows","question":"QID4","fields":)"
                   R"({"1":"Speed__c","2":"Price__c","3":"Taste__c"}}])",
                   response) == R"({"Speed__c":5,"Price__c":2})");
  CHECK(written_by(R"([{"preset":"matrix_rows","question":"QID4","by":"label","fields":{"1":"Speed__c"}}])",
                   response) == R"({"Speed__c":"Very good"})");
}

TEST_CASE("several choices are joined, or each has its checkbox") {
  const ResponseValues response(R"({"QID2":["1","4"]})", R"({"QID2":["Mail","Phone"]})");

  CHECK(written_by(R"([{"preset":"multi_select","question":"QID2","fields":)"
                   R"({"all":"Channels__c","1":"Mail__c","2":"Letter__c","4":"Phone__c"}}])",
                   response) == R"({"Mail__c":true,"Letter__c":false,"Phone__c":true,"Channels__c":"Mail;Phone"})");
  CHECK(written_by(R"([{"preset":"multi_select","question":"QID2","by":"recode","fields":{"all":"Channels__c"}}])",
                   response) == R"({"Channels__c":"1;4"})");
}

TEST_CASE("a question that nobody was asked ticks and unticks nothing") {
  const ResponseValues response(R"({"QID9":1})");

  CHECK(written_by(R"([{"preset":"multi_select","question":"QID2","fields":{"1":"Mail__c"}}])", response) == "{}");
}

TEST_CASE("a ranking brings each item's position") {
  const ResponseValues response(R"({"QID12_1":2,"QID12_2":1})");

  CHECK(written_by(R"([{"preset":"rank","question":"QID12","fields":{"1":"Rank_Speed__c","2":"Rank_Price__c"}}])",
                   response) == R"({"Rank_Speed__c":2,"Rank_Price__c":1})");
}
