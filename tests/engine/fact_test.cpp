#include "engine/fact.hpp"

#include <catch2/catch.hpp>

#include "engine/run.hpp"
#include "tests/support/engine_builders.hpp"

namespace {

using engine::Fact;
using engine::What;

std::vector<Fact> there_and_back(const std::vector<Fact>& facts) {
  base::Result<std::vector<Fact>> read = engine::read_facts(engine::to_json(facts));
  REQUIRE(read);
  return *read;
}

Fact a_full_fact() {
  return Fact{.what = What::held,
              .task = 3,
              .at = support::noon(),
              .attempt = 7,
              .is_write = true,
              .effect = engine::Effect::author_decides,
              .content = {R"({"b":1,"a":[true,null,{"x":"y"}]})"},
              .code = "account_removed",
              .kind = base::Kind::permanent,
              .message = "a \"quoted\" \\ line\nand Zürich 🎈",
              .details = R"([{"errorCode":"X"}])",
              .lifted_by = "somebody",
              .keys = {"account:acc_1", "project:prj_1"},
              .due_at = support::noon() + base::Duration{5},
              .epoch = 41,
              .account = "acc_1",
              .environment = "sandbox",
              .org_id = "00D_1",
              .grounds = "grp_1",
              .unclear = true};
}

}  // namespace

TEST_CASE("a fact comes back from the log with everything it held") {
  const Fact fact = a_full_fact();
  const Fact back = there_and_back({fact}).at(0);
  CHECK(back.what == fact.what);
  CHECK(back.task == fact.task);
  CHECK(back.at == fact.at);
  CHECK(back.attempt == fact.attempt);
  CHECK(back.is_write);
  CHECK(back.effect == fact.effect);
  CHECK(back.content.text == fact.content.text);
  CHECK(back.code == fact.code);
  CHECK(back.message == fact.message);
  CHECK(back.details == fact.details);
  CHECK(back.lifted_by == fact.lifted_by);
  CHECK(back.keys == fact.keys);
  CHECK(back.due_at == fact.due_at);
  CHECK(back.epoch == fact.epoch);
  CHECK(back.account == fact.account);
  CHECK(back.environment == fact.environment);
  CHECK(back.org_id == fact.org_id);
  CHECK(back.grounds == fact.grounds);
  CHECK(back.unclear);
}

TEST_CASE("what a task tells of a write comes back from the log") {
  const std::vector<engine::Note> notes{{.code = "text_cut", .field = "Comment__c", .message = "cut from 9 to 4"},
                                        {.code = "duplicates_allowed", .message = "says \"warn\""}};
  const Fact back = there_and_back({{.what = What::started, .notes = notes}, {.what = What::answered}}).at(0);
  CHECK(back.notes == notes);
  CHECK(there_and_back({{.what = What::started, .notes = notes}, {.what = What::answered}}).at(1).notes.empty());
}

TEST_CASE("every kind of fact, of error and of effect keeps its name") {
  for (int i = 0; i <= static_cast<int>(What::ended); ++i) {
    CHECK(there_and_back({{.what = static_cast<What>(i)}}).at(0).what == static_cast<What>(i));
  }
  for (base::Kind kind : {base::Kind::transient, base::Kind::throttled, base::Kind::uncertain, base::Kind::blocked,
                          base::Kind::permanent}) {
    CHECK(there_and_back({{.what = What::tried, .kind = kind}}).at(0).kind == kind);
    CHECK(there_and_back({{.what = What::failed, .kind = kind}}).at(0).kind == kind);
  }
  for (engine::Effect effect : {engine::Effect::repeatable, engine::Effect::keyed, engine::Effect::author_decides}) {
    CHECK(there_and_back({{.what = What::started, .is_write = true, .effect = effect}}).at(0).effect == effect);
  }
}

TEST_CASE("frozen bytes come back byte for byte") {
  for (const char* frozen : {R"({"z":1,"a":2,"m":{"q":[],"p":{}}})",               // the order of keys
                             R"({"n":[1.10,1e3,-0.0,12345678901234567890,0.1]})",  // the text of numbers
                             R"({"t":"Zürich 🎈 \"x\" \\ \n \u0001"})", R"([])", R"({})", R"(null)", R"(true)",
                             R"("text")", R"(1.50)", R"([[[1],[2]],{"c":{"details":"f"}}])",
                             R"({"c":1,"f":"done","t":9,"keys":["k"],"unclear":true})"}) {  // keys of facts inside
    INFO(frozen);
    const std::vector<Fact> back =
        there_and_back({{.what = What::started, .task = 0, .content = {frozen}},
                        {.what = What::done, .task = 1, .content = {frozen}, .details = frozen}});
    CHECK(back.at(0).content.text == frozen);
    CHECK(back.at(1).content.text == frozen);
    CHECK(back.at(1).details == frozen);
    CHECK(back.at(1).task == 1);
    CHECK(back.at(1).keys.empty());
  }
}

TEST_CASE("a row of no facts is a row") { CHECK(there_and_back({}).empty()); }

TEST_CASE("a row that is no JSON is an error, not an exception") {
  CHECK_FALSE(engine::read_facts(R"([{"f":"started")"));
}

TEST_CASE("starts and the gate's holds stand under an epoch; an unclear write is unclear whatever the gate says") {
  CHECK(engine::needs_epoch({.what = What::started}));
  CHECK(engine::needs_epoch({.what = What::held, .epoch = 4}));
  CHECK_FALSE(engine::needs_epoch({.what = What::held, .epoch = 0}));
  for (What what : {What::answered, What::done, What::failed, What::tried, What::skipped, What::sent}) {
    CHECK_FALSE(engine::needs_epoch({.what = what, .epoch = 4}));
  }
}

TEST_CASE("an output is flattened, and a list goes under its own name") {
  const engine::Output output =
      engine::read_output(R"({"Id":"003","n":1.50,"yes":true,"none":null,"a":{"b":{"c":"deep"},"d":2},)"
                          R"("list":["x",2,null],"things":[{"inner":1},"y",[3]],"after":"last","empty":{}})");
  std::vector<std::pair<std::string, std::string>> told;
  for (const auto& [name, value] : output) told.emplace_back(name, base::to_json(value));
  CHECK(told == std::vector<std::pair<std::string, std::string>>{{"Id", "\"003\""},
                                                                 {"n", "1.50"},
                                                                 {"yes", "true"},
                                                                 {"none", "null"},
                                                                 {"a/b/c", "\"deep\""},
                                                                 {"a/d", "2"},
                                                                 {"list", "[\"x\",2,null]"},
                                                                 {"things", "[\"y\"]"},
                                                                 {"after", "\"last\""}});
}

TEST_CASE("an output that is no object, or nothing, has no members") {
  for (const char* text : {"", "[1,2]", "3", "broken", "{}"}) CHECK(engine::read_output(text).empty());
}
