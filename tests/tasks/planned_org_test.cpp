// A plan answers each task as the org would, while the org stays as it is: the same tasks are carried out on one org
// and planned on another that holds the same records.
#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tasks/planned_task.hpp"
#include "tests/tasks/linked_org.hpp"

namespace {

using nlohmann::json;
using task_bench::LinkedOrg;

struct SeedRecord {
  std::string object;
  json fields;
};

// `$0`, `$1`: the ids of the records that are there; `#0`, `#1`: of what the tasks before have answered.
struct OneTask {
  std::string type;
  json with;
};

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string code_or_answer(const std::string& told) {
  if (told.starts_with("done ")) return told;
  const std::size_t code = told.find("\"errorCode\":\"");
  const std::string word = told.substr(0, told.find_first_of(" :"));
  if (code == std::string::npos) return word;
  const std::size_t start = code + std::string("\"errorCode\":\"").size();
  return word + " " + told.substr(start, told.find('"', start) - start);
}

// What each task has come to, with ids by the order in which they were first seen.
std::vector<std::string> answers_of_tasks(LinkedOrg& org, const std::vector<SeedRecord>& records,
                                          const std::vector<OneTask>& tasks) {
  std::vector<std::pair<std::string, std::string>> names;
  for (std::size_t i = 0; i < records.size(); ++i) {
    std::string fields = records[i].fields.dump();
    for (const auto& [name, id] : names) replace_all(fields, name, id);
    names.emplace_back("$" + std::to_string(i), org.org.insert(records[i].object, {fields}));
  }
  std::vector<std::string> told;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    std::string with = tasks[i].with.dump();
    for (const auto& [name, id] : names) replace_all(with, name, id);
    std::string answer =
        code_or_answer(org.carry_out(tasks[i].type, with, task_bench::Values({}), "key_" + std::to_string(i)));
    if (answer.starts_with("done ")) {
      const json done = json::parse(answer.substr(5));
      const json id = done.contains("id") ? done["id"] : done.contains("Id") ? done["Id"] : json();
      if (id.is_string()) names.emplace_back("#" + std::to_string(i), id.get<std::string>());
    }
    for (const auto& [name, id] : names) replace_all(answer, id, name);
    told.push_back(std::move(answer));
  }
  return told;
}

// Plans the tasks and carries them out; both have to come to the same.
std::vector<std::string> planned(const std::vector<SeedRecord>& records, const std::vector<OneTask>& tasks) {
  LinkedOrg real;
  const std::vector<std::string> done = answers_of_tasks(real, records, tasks);
  tasks::PlannedWrites writes;
  LinkedOrg org(&writes);
  std::vector<std::string> told = answers_of_tasks(org, records, tasks);
  for (const local_org::Call& call : org.org.calls()) {
    INFO(call.method << " " << call.path);
    CHECK((call.method == "GET" || call.path.find("/oauth2/") != std::string::npos));
  }
  CHECK(told == done);
  return told;
}

OneTask a_find(const json& match, const std::string& object = "Contact", json more = json::object()) {
  json with{{"object", object}, {"match", match}, {"if_none", "continue"}};
  with.update(more);
  return {"salesforce_find", with};
}
OneTask a_create(const std::string& object, const json& fields) {
  return {"salesforce_create", {{"object", object}, {"fields", fields}}};
}
OneTask an_update(const std::string& object, const std::string& id, const json& fields) {
  return {"salesforce_update", {{"object", object}, {"id", id}, {"fields", fields}}};
}
OneTask a_keyed_write(const json& key, const json& fields, const std::string& object = "Survey_Response__c") {
  return {"salesforce_upsert", {{"object", object}, {"key", key}, {"fields", fields}}};
}
OneTask a_delete(const std::string& object, const std::string& id) {
  return {"salesforce_delete", {{"object", object}, {"id", id}}};
}

OneTask a_post(const std::string& record) {
  return {"salesforce_chatter_post", {{"record", record}, {"text", "hello"}}};
}

const SeedRecord seeded_ana{"Contact", {{"LastName", "Reyes"}, {"Email", "ana@example.com"}, {"Title", "CEO"}}};

}  // namespace

TEST_CASE("a search of a plan finds what the plan would have made and changed, and not what it would have deleted") {
  const auto told = planned({seeded_ana}, {
                                              a_create("Contact", {{"LastName", "Li"}, {"Email", "li@example.com"}}),
                                              a_find({{"Email", "LI@example.com"}}),
                                              an_update("Contact", "$0", {{"Email", "reyes@example.com"}}),
                                              a_find({{"Email", "ana@example.com"}}),
                                              a_find({{"Email", "reyes@example.com"}, {"Title", "ceo"}}),
                                              a_delete("Contact", "$0"),
                                              a_find({{"Email", "reyes@example.com"}}),
                                              a_delete("Contact", "$0"),
                                              an_update("Contact", "$0", {{"Title", "CTO"}}),
                                          });
  CHECK(told[1] == R"(done {"Id":"#0","found":1})");
  CHECK(told[3] == R"(done {"Id":null,"found":0})");
  CHECK(told[4] == R"(done {"Id":"$0","found":1})");
  CHECK(told[6] == R"(done {"Id":null,"found":0})");
  CHECK(told[8] == "salesforce_refused ENTITY_IS_DELETED");
}

TEST_CASE("of many, the first is one that is there already, and the newest one that the plan has made") {
  const SeedRecord other{"Contact", {{"LastName", "Reyes"}, {"Email", "b@example.com"}}};
  planned({seeded_ana, other}, {
                                   a_create("Contact", {{"LastName", "Reyes"}}),
                                   a_find({{"LastName", "Reyes"}}, "Contact", {{"if_many", "first"}}),
                                   a_find({{"LastName", "Reyes"}}, "Contact", {{"if_many", "fail"}}),
                                   a_delete("Contact", "$0"),
                                   a_find({{"LastName", "reyes"}}, "Contact", {{"if_many", "first"}}),
                                   a_delete("Contact", "$1"),
                                   a_find({{"LastName", "reyes"}}, "Contact", {{"if_many", "fail"}}),
                               });
}

TEST_CASE("an upsert of a plan meets the record of an earlier one, whatever the capitals of its key") {
  const auto told = planned({{"Survey_Response__c", {{"Response_Id__c", "There"}}}},
                            {
                                a_keyed_write({{"Response_Id__c", "R_1"}}, {{"Score__c", 1}}),
                                a_keyed_write({{"Response_Id__c", "r_1"}}, {{"Score__c", 2}}),
                                a_keyed_write({{"Response_Id__c", "there"}}, {{"Score__c", 3}}),
                                a_find({{"Score__c", 2}}, "Survey_Response__c"),
                                a_find({{"Score__c", 3.0}}, "Survey_Response__c"),
                            });
  CHECK(told[0] == R"(done {"id":"#0","created":true})");
  CHECK(told[1] == R"(done {"id":"#0","created":false})");
  CHECK(told[2] == R"(done {"id":"$0","created":false})");
}

TEST_CASE("a plan refuses what the org would refuse, by the same code") {
  const SeedRecord keyed{"Survey_Response__c", {{"Response_Id__c", "R_1"}, {"Sluice_Key__c", "taken"}}};
  const SeedRecord twin{"Contact", {{"LastName", "Twin"}, {"Email", "ana@example.com"}}};
  const auto told =
      planned({seeded_ana, keyed, twin}, {
                                             a_create("Contact", {{"FirstName", "Ana"}}),
                                             an_update("Contact", "$0", {{"LastName", nullptr}}),
                                             a_create("Survey_Response__c", {{"Sluice_Key__c", "TAKEN"}}),
                                             a_keyed_write({{"Response_Id__c", "R_2"}}, {{"Sluice_Key__c", "taken"}}),
                                             a_keyed_write({{"Response_Id__c", "R_1"}}, {{"Sluice_Key__c", "taken"}}),
                                             a_create("Survey_Response__c", {{"Contact__c", "003000000000099AAA"}}),
                                             a_delete("Contact", "$0"),
                                             a_create("Survey_Response__c", {{"Contact__c", "$0"}}),
                                             a_keyed_write({{"Title", "CEO"}}, {{"LastName", "X"}}, "Contact"),
                                             an_update("Contact", "003000000000099AAA", {{"Title", "X"}}),
                                             a_delete("Contact", "003000000000099AAA"),
                                         });
  CHECK(told[0] == "salesforce_refused REQUIRED_FIELD_MISSING");
  CHECK(told[2] == "salesforce_duplicate_value DUPLICATE_VALUE");
  CHECK(told[7] == "salesforce_refused INVALID_CROSS_REFERENCE_KEY");
}

TEST_CASE("a post of a plan has to have its record, too") {
  const auto told = planned({seeded_ana}, {
                                              a_post("$0"),
                                              a_post("003000000000099AAA"),
                                              a_post("no id"),
                                              a_create("Contact", {{"LastName", "Li"}}),
                                              a_post("#3"),
                                              a_delete("Contact", "$0"),
                                              a_post("$0"),
                                          });
  CHECK(told[1] == "salesforce_refused INVALID_CROSS_REFERENCE_KEY");
  CHECK(told[2] == "salesforce_refused MALFORMED_ID");
  CHECK(told[6] == "salesforce_refused INVALID_CROSS_REFERENCE_KEY");
}

TEST_CASE("a key that several records have is refused, and is none any more once the plan has deleted all but one") {
  const SeedRecord twin{"Contact", {{"LastName", "Twin"}, {"Email", "ana@example.com"}}};
  const auto told =
      planned({seeded_ana, twin}, {
                                      a_keyed_write({{"Email", "ana@example.com"}}, {{"LastName", "X"}}, "Contact"),
                                  });
  CHECK(told[0] == "salesforce_several_match");
}

TEST_CASE("a search by a parent's field sees a parent that the plan has changed") {
  const SeedRecord answer{"Survey_Response__c", {{"Response_Id__c", "R_1"}}};
  planned({seeded_ana, answer},
          {
              an_update("Survey_Response__c", "$1", {{"Contact__c", "$0"}}),
              a_find({{"Contact__r.Title", "CEO"}}, "Survey_Response__c"),
              an_update("Contact", "$0", {{"Title", "CTO"}}),
              a_find({{"Contact__r.Title", "CEO"}}, "Survey_Response__c"),
              a_find({{"Contact__r.Title", "CTO"}}, "Survey_Response__c",
                     {{"return", {"Id", "Contact__r.LastName", "Response_Id__c"}}}),
              a_create("Contact", {{"LastName", "Li"}, {"Title", "Clerk"}}),
              an_update("Survey_Response__c", "$1", {{"Contact__c", "#5"}}),
              a_find({{"Contact__r.Title", "Clerk"}}, "Survey_Response__c"),
              a_delete("Contact", "#5"),
              a_find({{"Response_Id__c", "R_1"}}, "Survey_Response__c", {{"return", {"Contact__c"}}}),
          });
}

TEST_CASE("what a plan would have made is found by its id, and what would belong to it by the lookup") {
  const auto told = planned({}, {
                                    a_create("Contact", {{"LastName", "Li"}}),
                                    a_find({{"Id", "#0"}}, "Contact", {{"return", {"Id", "LastName"}}}),
                                    a_create("Survey_Response__c", {{"Contact__c", "#0"}}),
                                    a_find({{"Contact__c", "#0"}}, "Survey_Response__c"),
                                });
  CHECK(told[3] == R"(done {"Id":"#2","found":1})");
}

TEST_CASE("a lookup takes no record of another object, also where it may point at several") {
  const SeedRecord a_case{"Case", {{"Subject", "Late"}}};
  const auto told = planned({seeded_ana, a_case}, {
                                                      a_create("Case", {{"ContactId", "$1"}}),
                                                      a_create("Case", {{"OwnerId", "$0"}}),
                                                      a_create("Case", {{"ContactId", "0039999999999999AA"}}),
                                                      a_create("Case", {{"ContactId", "0039999999999999"}}),
                                                      a_create("Survey_Response__c", {{"Contact__c", "$1"}}),
                                                      a_create("Survey_Response__c", {{"Contact__c", "$0"}}),
                                                  });
  CHECK(told[0] == "salesforce_refused FIELD_INTEGRITY_EXCEPTION");
}

TEST_CASE("of those made in the same second a plan chooses the one that a run chooses") {
  const SeedRecord twin{"Contact", {{"LastName", "Twin"}, {"Email", "t@example.com"}}};
  for (const char* which : {"first", "newest"}) {
    planned({twin, twin, twin}, {
                                    a_create("Contact", {{"LastName", "Other"}}),
                                    a_find({{"Email", "t@example.com"}}, "Contact", {{"if_many", which}}),
                                });
  }
}

TEST_CASE("a parent's change reaches children that the plan has not touched") {
  const SeedRecord answer{"Survey_Response__c", {{"Response_Id__c", "R_1"}, {"Contact__c", "$0"}}};
  const auto told = planned({seeded_ana, answer}, {
                                                      an_update("Contact", "$0", {{"Title", "CTO"}}),
                                                      a_find({{"Contact__r.Title", "CTO"}}, "Survey_Response__c"),
                                                      a_find({{"Contact__r.Title", "CEO"}}, "Survey_Response__c"),
                                                  });
  CHECK(told[1] == R"(done {"Id":"$1","found":1})");
}

TEST_CASE("a new record of a plan holds its defaults and its composed name") {
  planned({}, {
                  a_create("Contact", {{"FirstName", "Ana"}, {"LastName", "Reyes"}}),
                  a_find({{"Name", "Ana Reyes"}}, "Contact", {{"return", {"Id", "Name", "DoNotCall"}}}),
                  a_create("Lead", {{"LastName", "Li"}, {"Company", "Acme"}}),
                  a_find({{"Status", "Open - Not Contacted"}}, "Lead", {{"return", {"Id", "Status"}}}),
              });
}

TEST_CASE("what a plan notes of a write is what it would change") {
  tasks::PlannedWrites writes;
  LinkedOrg org(&writes);
  const std::string id = org.org.insert("Contact", {seeded_ana.fields.dump()});

  org.carry_out("salesforce_update",
                json{{"object", "Contact"}, {"id", id}, {"fields", {{"Title", "CTO"}, {"LastName", "Reyes"}}}}.dump(),
                task_bench::Values({}), "key");

  const tasks::PlannedChange* change = writes.find("key");
  REQUIRE(change);
  CHECK(change->doing == tasks::PlannedDoing::updates);
  CHECK(change->id == id);
  CHECK(change->fields == std::vector<tasks::FieldDifference>{{"Title", base::Value("CEO"), base::Value("CTO")}});
  CHECK_FALSE(writes.find("another key"));
}
