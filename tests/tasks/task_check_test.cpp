// What the task types find wrong with a `with`, where, and what they offer instead.
#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json_schema.hpp"
#include "tests/tasks/task_bench.hpp"

namespace {

struct Fault {
  std::string code;
  std::string pointer;
  friend bool operator==(const Fault&, const Fault&) = default;
};

std::ostream& operator<<(std::ostream& out, const Fault& fault) { return out << fault.code << " at " << fault.pointer; }

// Every pipe means something but those of the scheme "wrong".
std::vector<Fault> faults_of(const std::string& type, const std::string& with) {
  engine::Catalog catalog = tasks::make_catalog({});
  engine::TaskDefinition definition = task_bench::a_task(type, with);
  engine::CheckContext context{{}, [](const engine::Pipe& pipe) {
                                 return pipe.scheme == "wrong" ? std::string("it means nothing") : std::string();
                               }};
  std::vector<Fault> faults;
  for (const base::Finding& finding : catalog.task(type)->check(definition, context)) {
    CHECK_FALSE(finding.message.empty());
    faults.push_back({finding.code, finding.pointer});
  }
  return faults;
}

std::vector<Fault> faults_of_field(const std::string& field) {
  return faults_of("salesforce_create", R"({"object":"Lead","fields":{"F__c":)" + field + "}}");
}

const std::string at_field = "/tasks/it/with/fields/F__c";

}  // namespace

TEST_CASE("a sound task has no findings") {
  CHECK(faults_of("salesforce_upsert",
                  R"({"object":"Survey_Response__c","key":{"Response_Id__c":"${rm://Field/ResponseID}"},)"
                  R"("fields":{"Score__c":{"value":"${q://QID1/SelectedChoicesRecode}","as":"number"}}})")
            .empty());
}

TEST_CASE("a broken or meaningless pipe is found where it stands") {
  CHECK(faults_of_field(R"("${a://b")") == std::vector<Fault>{{"piped_text_broken", at_field}});
  CHECK(faults_of_field(R"("${wrong://b}")") == std::vector<Fault>{{"pipe_unknown", at_field}});
  CHECK(faults_of_field(R"({"value":"${wrong://b}"})") == std::vector<Fault>{{"pipe_unknown", at_field + "/value"}});
  CHECK(faults_of_field(R"({"value":"${a://b}","if_blank":"default","default":"${wrong://b}"})") ==
        std::vector<Fault>{{"pipe_unknown", at_field + "/default"}});
}

TEST_CASE("options that contradict each other are named") {
  CHECK(faults_of_field(R"({"value":"${a://b}","map":{"1":2},"as":"number"})") ==
        std::vector<Fault>{{"mapping_options_conflict", at_field + "/as"}});
  CHECK(faults_of_field(R"({"value":"${a://b}","if_blank":"default"})") ==
        std::vector<Fault>{{"mapping_options_conflict", at_field + "/if_blank"}});
  CHECK(faults_of_field(R"({"value":"${a://b}","default":"x"})") ==
        std::vector<Fault>{{"mapping_options_conflict", at_field + "/default"}});
  CHECK(faults_of_field(R"({"value":"${a://b}","map":{"x/y":"${a://b}"}})") ==
        std::vector<Fault>{{"mapping_options_conflict", at_field + "/map/x~1y"}});
}

TEST_CASE("a literal that its field cannot take is found before any response comes") {
  CHECK(faults_of_field(R"({"value":"tomorrow","as":"date"})") ==
        std::vector<Fault>{{"mapping_value_not_a_date", at_field + "/value"}});
  CHECK(faults_of_field(R"({"value":"abc","max_length":2})") ==
        std::vector<Fault>{{"mapping_value_too_long", at_field + "/value"}});
}

TEST_CASE("an object without a value is a parent's key, or its options lack their value") {
  CHECK(faults_of_field(R"({"Number__c":"${a://b}"})").empty());
  CHECK(faults_of_field(R"({"as":"number"})") == std::vector<Fault>{{"schema_missing_property", at_field}});
  CHECK(faults_of_field(R"({"vlaue":"${a://b}"})") ==
        std::vector<Fault>{{"schema_missing_property", at_field}, {"schema_unknown_property", at_field + "/vlaue"}});
  CHECK(faults_of_field(R"({"A__c":1,"B__c":2})") ==
        std::vector<Fault>{{"schema_missing_property", at_field},
                           {"schema_unknown_property", at_field + "/A__c"},
                           {"schema_unknown_property", at_field + "/B__c"}});
  CHECK(faults_of_field(R"({"value":"${a://b}","if_blnk":"skip"})") ==
        std::vector<Fault>{{"schema_unknown_property", at_field + "/if_blnk"}});
}

TEST_CASE("a parent is named once: by its id or by its external id") {
  CHECK(faults_of("salesforce_create", R"({"object":"Case","fields":{"ContactId":"1","Contact":{"Email":"x"}}})") ==
        std::vector<Fault>{{"mapping_options_conflict", "/tasks/it/with/fields/Contact"}});
  CHECK(faults_of("salesforce_create", R"({"object":"Case","fields":{"A__c":"1","A__r":{"Number__c":"x"}}})") ==
        std::vector<Fault>{{"mapping_options_conflict", "/tasks/it/with/fields/A__r"}});
  CHECK(faults_of("salesforce_create",
                  R"({"object":"Case","record_type":"Complaint","fields":{"RecordTypeId":"1","Subject":"x"}})") ==
        std::vector<Fault>{{"mapping_options_conflict", "/tasks/it/with/record_type"}});
}

TEST_CASE("an assignment rule is asked for where there are such rules, as yes, no or a rule's id") {
  const auto faults = [](const std::string& object, const std::string& rule) {
    return faults_of("salesforce_create",
                     R"({"object":")" + object + R"(","fields":{"F__c":1},"assignment_rule":)" + rule + "}");
  };
  const std::vector<Fault> conflict{{"mapping_options_conflict", "/tasks/it/with/assignment_rule"}};
  CHECK(faults("Case", "true").empty());
  CHECK(faults("lead", "false").empty());
  CHECK(faults("Account", R"("01Q8d000000AbcD")").empty());
  CHECK(faults("Contact", "true") == conflict);
  CHECK(faults("Case", R"("the first one")") == conflict);
}

TEST_CASE("names that cannot be API names are found") {
  CHECK(faults_of("salesforce_create", R"({"object":"Survey Response","fields":{"Über":1,"9__c":1}})") ==
        std::vector<Fault>{{"api_name_invalid", "/tasks/it/with/object"},
                           {"api_name_invalid", "/tasks/it/with/fields/9__c"},
                           {"api_name_invalid", "/tasks/it/with/fields/Über"}});
  CHECK(faults_of("salesforce_find", R"({"object":"Contact","match":{"Email":"x"},"return":["Id","Account..Name"]})") ==
        std::vector<Fault>{{"api_name_invalid", "/tasks/it/with/return/1"}});
}

TEST_CASE("an upsert has one key, which is no field beside") {
  CHECK(faults_of("salesforce_upsert", R"({"object":"A","key":{"K1__c":"x","K2__c":"y"},"fields":{"B":1}})") ==
        std::vector<Fault>{{"key_not_single", "/tasks/it/with/key"}});
  CHECK(faults_of("salesforce_upsert", R"({"object":"A","key":{"K__c":"x"},"fields":{"K__c":1}})") ==
        std::vector<Fault>{{"key_also_a_field", "/tasks/it/with/fields/K__c"}});
  CHECK(faults_of("salesforce_create", R"({"object":"A","idempotency":"K__c","fields":{"k__c":1}})") ==
        std::vector<Fault>{{"key_also_a_field", "/tasks/it/with/fields/k__c"}});
}

TEST_CASE("two names that differ in capitals only are one field") {
  CHECK(faults_of("salesforce_create", R"({"object":"A","fields":{"S__c":"x","s__C":"y"}})") ==
        std::vector<Fault>{{"mapping_options_conflict", "/tasks/it/with/fields/s__C"}});
  CHECK(faults_of("salesforce_upsert", R"({"object":"A","key":{"K__c":"x"},"fields":{"k__C":1}})") ==
        std::vector<Fault>{{"key_also_a_field", "/tasks/it/with/fields/k__C"}});
  CHECK(faults_of("salesforce_update",
                  R"({"object":"A","id":"1","fields":{"Account":{"K__c":1},"ACCOUNT":{"K__c":2}}})") ==
        std::vector<Fault>{{"mapping_options_conflict", "/tasks/it/with/fields/Account"}});
}

TEST_CASE("a record is named once: by id or by match") {
  CHECK(faults_of("salesforce_delete", R"({"object":"A"})") ==
        std::vector<Fault>{{"record_not_named_once", "/tasks/it/with"}});
  CHECK(faults_of("salesforce_update", R"({"object":"A","id":"1","match":{"B":"2"},"fields":{"C":1}})") ==
        std::vector<Fault>{{"record_not_named_once", "/tasks/it/with"}});
}

TEST_CASE("every pipe of a task is told to the engine") {
  engine::Catalog catalog = tasks::make_catalog({});
  engine::TaskDefinition definition = task_bench::a_task(
      "salesforce_update",
      R"({"object":"A","id":"${task://contact/Id}","fields":{"B":{"value":"${q://QID1/SelectedChoicesRecode}",)"
      R"("if_blank":"default","default":"x ${task://other/y}"}}})");

  const std::vector<engine::Pipe> pipes = catalog.task("salesforce_update")->pipes(definition);

  CHECK(pipes ==
        std::vector<engine::Pipe>{{"task", "contact/Id"}, {"q", "QID1/SelectedChoicesRecode"}, {"task", "other/y"}});
}

TEST_CASE("each type says how a repetition of it would end") {
  engine::Catalog catalog = tasks::make_catalog({});
  auto effect = [&](const std::string& type, const std::string& with) {
    return catalog.task(type)->effect(task_bench::a_task(type, with));
  };

  CHECK(effect("salesforce_create", R"({"object":"A","fields":{"B":1}})") == engine::Effect::author_decides);
  CHECK(effect("salesforce_create", R"({"object":"A","idempotency":"K","fields":{"B":1}})") == engine::Effect::keyed);
  CHECK(effect("salesforce_update", R"({"object":"A","id":"1","fields":{"B":1}})") == engine::Effect::repeatable);
  CHECK(effect("salesforce_upsert", R"({"object":"A","key":{"K":"1"},"fields":{"B":1}})") ==
        engine::Effect::repeatable);
  CHECK(effect("salesforce_delete", R"({"object":"A","id":"1"})") == engine::Effect::repeatable);
  CHECK(effect("salesforce_chatter_post", R"({"record":"1","text":"x"})") == engine::Effect::author_decides);
  CHECK(effect("salesforce_find", R"({"object":"A","match":{"B":"1"}})") == std::nullopt);
}

TEST_CASE("every type belongs to the Salesforce extension and documents all that its with can hold") {
  engine::Catalog catalog = tasks::make_catalog({});
  for (const std::string& name : catalog.task_names()) {
    INFO(name);
    const engine::TaskType& type = *catalog.task(name);
    CHECK(type.extension() == "salesforce");
    const nlohmann::json schema = nlohmann::json::parse(type.schema());
    const base::JsonSchema check(type.schema());
    CHECK(schema.at("additionalProperties") == false);
    for (const nlohmann::json& example : schema.at("examples")) CHECK(check.check(example).empty());
    for (const auto& [property, part] : schema.at("properties").items()) {
      INFO(property);
      CHECK_FALSE(part.at("description").get<std::string>().empty());
      CHECK_FALSE(part.at("examples").empty());
    }
  }
}
