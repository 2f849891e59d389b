// Each task type as the machine it is: its steps from what it knows, without a network.
#include <string>

#include <catch2/catch.hpp>

#include "connectors/salesforce/record.hpp"
#include "tests/tasks/task_bench.hpp"

namespace {

using task_bench::Machine;
using task_bench::told;
using task_bench::Values;

const Values ana_reyes{
    {"m://Email", "ana_reyes@example.com"}, {"m://LastName", "Reyes"}, {"rm://Field/ResponseID", "R_1"}};

connectors::salesforce::RecordChange frozen_change(const base::Result<engine::Step>& step) {
  REQUIRE(step);
  REQUIRE(std::holds_alternative<engine::Write>(*step));
  return *connectors::salesforce::read_record_change(std::get<engine::Write>(*step).record.text);
}

engine::Effect effect_of(const base::Result<engine::Step>& step) { return std::get<engine::Write>(*step).effect; }

bool asks(const base::Result<engine::Step>& step, const std::string& soql) {
  return told(step).find("\"soql\":\"" + soql + "\"") != std::string::npos;
}

}  // namespace

using connectors::salesforce::Operation;

TEST_CASE("create freezes an insert that nothing protects, and ends with its answer") {
  Machine create("salesforce_create", R"({"object":"Lead","fields":{"LastName":"${m://LastName}","Company":"?"}})");

  base::Result<engine::Step> first = create.next(ana_reyes);
  base::Result<engine::Step> last = create.next(ana_reyes, {R"({"id":"00Q1","created":true})"});

  CHECK(frozen_change(first).operation == Operation::create);
  CHECK(frozen_change(first).object == "Lead");
  CHECK(frozen_change(first).fields.text == R"({"Company":"?","LastName":"Reyes"})");
  CHECK(effect_of(first) == engine::Effect::author_decides);
  CHECK(told(last) == R"(done {"id":"00Q1","created":true})");
}

TEST_CASE("create with an idempotency field is an upsert under the effect key") {
  Machine create("salesforce_create",
                 R"({"object":"Case","idempotency":"Sluice_Key__c","fields":{"Subject":"hello"}})");

  base::Result<engine::Step> step = create.next(ana_reyes);

  CHECK(frozen_change(step).operation == Operation::upsert);
  CHECK(frozen_change(step).key_field == "Sluice_Key__c");
  CHECK(frozen_change(step).key_value == "key_of_this_write");
  CHECK(frozen_change(step).fields.text == R"({"Subject":"hello"})");
  CHECK(effect_of(step) == engine::Effect::keyed);
}

TEST_CASE("upsert is known by its key and refuses a blank one") {
  Machine upsert("salesforce_upsert",
                 R"({"object":"Survey_Response__c","key":{"Response_Id__c":"${rm://Field/ResponseID}"},)"
                 R"("fields":{"Score__c":9}})");

  base::Result<engine::Step> step = upsert.next(ana_reyes);

  CHECK(frozen_change(step).operation == Operation::upsert);
  CHECK(frozen_change(step).key_field == "Response_Id__c");
  CHECK(frozen_change(step).key_value == "R_1");
  CHECK(frozen_change(step).fields.text == R"({"Score__c":9})");
  CHECK(effect_of(step) == engine::Effect::repeatable);
  CHECK(told(upsert.next(Values{})) ==
        "mapping_value_missing: Response_Id__c: the key is blank, so no record can be named by it");
  CHECK(told(upsert.next(ana_reyes, {R"({"id":"a001","created":null})"})) == R"(done {"id":"a001","created":null})");
}

TEST_CASE("update by id writes at once") {
  Machine update("salesforce_update", R"({"object":"Contact","id":"${task://contact/Id}","fields":{"Title":"Dr."}})");
  const Values found{{"task://contact/Id", "0031"}};

  base::Result<engine::Step> step = update.next(found);

  CHECK(frozen_change(step).operation == Operation::update);
  CHECK(frozen_change(step).id == "0031");
  CHECK(effect_of(step) == engine::Effect::repeatable);
  CHECK(told(update.next(found, {R"({"id":"0031","created":false})"})) == R"(done {"id":"0031","updated":true})");
  CHECK(told(update.next(Values{})) == "mapping_value_missing: id: there is no value");
}

TEST_CASE("update by match asks first and writes to what it found") {
  Machine update("salesforce_update",
                 R"({"object":"Contact","match":{"Email":"${m://Email}"},"fields":{"Title":"Dr."}})");
  const std::string one_row = R"([{"attributes":{"type":"Contact"},"Id":"0031"}])";

  CHECK(asks(update.next(ana_reyes),
             "SELECT Id FROM Contact WHERE Email = 'ana_reyes@example.com' ORDER BY Id ASC LIMIT 2"));
  CHECK(frozen_change(update.next(ana_reyes, {one_row})).id == "0031");
  CHECK(told(update.next(ana_reyes, {one_row, R"({"id":"0031","created":false})"})) ==
        R"(done {"id":"0031","updated":true})");
  CHECK(told(update.next(ana_reyes, {"[]"})) == "find_none: no Contact has this Email");
  CHECK(told(update.next(ana_reyes, {R"([{"Id":"0031"},{"Id":"0032"}])"})) ==
        "find_many: more than one Contact has this Email");
}

TEST_CASE("delete that finds nothing has nothing to do where that is fine") {
  Machine strict("salesforce_delete", R"({"object":"Contact","match":{"Email":"${m://Email}"}})");
  Machine lenient("salesforce_delete", R"({"object":"Contact","match":{"Email":"${m://Email}"},"if_none":"continue"})");

  CHECK(told(strict.next(ana_reyes, {"[]"})) == "find_none: no Contact has this Email");
  CHECK(told(lenient.next(ana_reyes, {"[]"})) == R"(done {"id":null,"deleted":false})");
  CHECK(told(lenient.next(Values{})) == R"(done {"id":null,"deleted":false})");
}

TEST_CASE("delete by id is repeatable") {
  Machine remove("salesforce_delete", R"({"object":"Case","id":"${task://case/id}"})");
  const Values made{{"task://case/id", "5001"}};

  CHECK(frozen_change(remove.next(made)).operation == Operation::remove);
  CHECK(effect_of(remove.next(made)) == engine::Effect::repeatable);
  CHECK(told(remove.next(made, {R"({"id":"5001","created":false})"})) == R"(done {"id":"5001","deleted":true})");
}

TEST_CASE("find asks for what it returns, and hands it on") {
  Machine find("salesforce_find",
               R"({"object":"Contact","match":{"Email":"${m://Email}"},"return":["Id","Account.Name"]})");

  CHECK(asks(find.next(ana_reyes),
             "SELECT Id, Account.Name FROM Contact WHERE Email = 'ana_reyes@example.com' ORDER BY Id ASC LIMIT 2"));
  CHECK(told(find.next(ana_reyes, {R"([{"attributes":{},"Id":"0031","Account":{"attributes":{},"Name":"Acme"}}])"})) ==
        R"(done {"Account":{"Name":"Acme"},"Id":"0031","found":1})");
  CHECK(told(find.next(ana_reyes, {R"([{"Id":"0031","Account":null}])"})) ==
        R"(done {"Account":{"Name":null},"Id":"0031","found":1})");
}

TEST_CASE("capitals of a field's name do not matter, as with Salesforce itself") {
  Machine find("salesforce_find",
               R"({"object":"Contact","match":{"Email":"${m://Email}"},"return":["id","account.name"]})");

  CHECK(asks(find.next(ana_reyes),
             "SELECT Id, account.name FROM Contact WHERE Email = 'ana_reyes@example.com' ORDER BY Id ASC LIMIT 2"));
  CHECK(told(find.next(ana_reyes, {R"([{"Id":"0031","Account":{"Name":"Acme"}}])"})) ==
        R"(done {"account":{"name":"Acme"},"found":1,"id":"0031"})");
}

TEST_CASE("find declares what none and many mean") {
  const std::string by_email = R"({"object":"Contact","match":{"Email":"${m://Email}"})";
  Machine strict("salesforce_find", by_email + "}");
  Machine lenient("salesforce_find", by_email + R"(,"if_none":"continue","if_many":"newest"})");
  const std::string two_rows = R"([{"Id":"0032"},{"Id":"0031"}])";

  CHECK(told(strict.next(ana_reyes, {"[]"})) == "find_none: no Contact has this Email");
  CHECK(told(strict.next(ana_reyes, {two_rows})) == "find_many: more than one Contact has this Email");
  CHECK(told(lenient.next(ana_reyes, {"[]"})) == R"(done {"Id":null,"found":0})");
  CHECK(told(lenient.next(ana_reyes, {two_rows})) == R"(done {"Id":"0032","found":2})");
  CHECK(
      asks(lenient.next(ana_reyes),
           "SELECT Id FROM Contact WHERE Email = 'ana_reyes@example.com' ORDER BY CreatedDate DESC, Id DESC LIMIT 2"));
}

TEST_CASE("a blank finds nothing, and never the records that lack a value") {
  const std::string by_email = R"({"object":"Contact","match":{"Email":"${m://Email}"})";

  CHECK(told(Machine("salesforce_find", by_email + "}").next(Values{})) == "find_none: no Contact has this Email");
  CHECK(told(Machine("salesforce_find", by_email + R"(,"if_none":"continue"})").next(Values{})) ==
        R"(done {"Id":null,"found":0})");
}

TEST_CASE("a match compares as the document says, not as the respondent typed") {
  Machine find("salesforce_find",
               R"({"object":"Contact","match":{"A__c":"${a://b}","B__c":{"value":"${a://b}","as":"number"},)"
               R"("C__c":true,"D__c":7}})");

  CHECK(asks(find.next(Values{{"a://b", "007"}}),
             "SELECT Id FROM Contact WHERE A__c = '007' AND B__c = 7 AND C__c = true AND D__c = 7 "
             "ORDER BY Id ASC LIMIT 2"));
}

TEST_CASE("an answer cannot leave its literal") {
  Machine find("salesforce_find", R"({"object":"Contact","match":{"LastName":"${a://b}"}})");

  CHECK(told(find.next(Values{{"a://b", "x' OR Name != '"}})).find(R"(LastName = 'x\\' OR Name != \\'')") !=
        std::string::npos);
}

TEST_CASE("a Chatter post is a text on a record, and the author decides about its repetition") {
  Machine post("salesforce_chatter_post",
               R"({"record":"${task://contact/Id}","text":"Score ${q://QID1/SelectedChoicesRecode}"})");
  const Values low{{"task://contact/Id", "0031"}, {"q://QID1/SelectedChoicesRecode", base::number(4)}};

  base::Result<engine::Step> step = post.next(low);

  CHECK(frozen_change(step).operation == Operation::chatter_post);
  CHECK(frozen_change(step).id == "0031");
  CHECK(frozen_change(step).fields.text == R"("Score 4")");
  CHECK(effect_of(step) == engine::Effect::author_decides);
  CHECK(told(post.next(Values{})) == "mapping_value_missing: record: there is no value");
  CHECK(told(post.next(low, {R"({"id":"0D51","created":true})"})) == R"(done {"id":"0D51","created":true})");
}
