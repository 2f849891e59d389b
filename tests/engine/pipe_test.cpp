#include "engine/pipe.hpp"

#include <catch2/catch.hpp>

#include "tests/engine/fake_values.hpp"

using engine_test::FakeValues;

namespace {

base::Value resolved(std::string_view text, const engine::ValueSource& values) {
  const base::Result<engine::PipedText> piped = engine::parse_piped_text(text);
  REQUIRE(piped);
  const base::Result<base::Value> value = engine::resolve(*piped, values);
  REQUIRE(value);
  return *value;
}

}  // namespace

TEST_CASE("a text is cut into plain parts and pipes") {
  const auto piped =
      engine::parse_piped_text("NPS ${e://Field/SurveyName}: ${q://QID1/ChoiceGroup/SelectedChoices?x=1}!");

  REQUIRE(piped);
  REQUIRE(piped->parts.size() == 5);
  CHECK(std::get<std::string>(piped->parts[0]) == "NPS ");
  CHECK(std::get<engine::Pipe>(piped->parts[1]) == engine::Pipe{"e", "Field/SurveyName"});
  CHECK(std::get<std::string>(piped->parts[2]) == ": ");
  CHECK(std::get<engine::Pipe>(piped->parts[3]) == engine::Pipe{"q", "QID1/ChoiceGroup/SelectedChoices?x=1"});
  CHECK(std::get<std::string>(piped->parts[4]) == "!");
}

TEST_CASE("what a piped text stands for") {
  const FakeValues values{{"${q://QID1/Score}", base::number("1.10")},
                          {"${e://Field/Name}", "Reyes"},
                          {"${m://Email}", base::Blank{}},
                          {"${q://QID2/Choices}", base::List{"red", "blue"}},
                          {"${e://Field/Trick}", "${m://Email}"}};
  struct Case {
    std::string text;
    base::Value meant;
  };
  const Case cases[] = {
      {"", ""},
      {"no pipe at all", "no pipe at all"},
      {"a $ and a } and $x", "a $ and a } and $x"},
      {"$${e://Field/Name} stays", "${e://Field/Name} stays"},
      {"${q://QID1/Score}", base::number("1.10")},
      {"Score ${q://QID1/Score}", "Score 1.10"},
      {"${e://Field/Name}${q://QID1/Score}", "Reyes1.10"},
      {"<${m://Email}>", "<>"},
      {"${q://QID2/Choices}", base::List{"red", "blue"}},
      {"likes ${q://QID2/Choices}", "likes red, blue"},
      {"${e://Field/Trick}", "${m://Email}"},
      {"never twice: ${e://Field/Trick}", "never twice: ${m://Email}"},
  };
  for (const Case& example : cases) {
    INFO(example.text);
    CHECK(resolved(example.text, values) == example.meant);
  }
}

TEST_CASE("a broken pipe is named with its place") {
  struct Case {
    std::string text;
    std::string place;
    std::string fault;
  };
  const Case cases[] = {
      {"${q://QID1", "character 1", "is not closed"},
      {"Score: ${q://QID1", "character 8", "is not closed"},
      {"${QID1}", "character 1", "has no scheme"},
      {"${://QID1}", "character 1", "has no scheme"},
      {"${q:/QID1}", "character 1", "has no scheme"},
      {"${a b://QID1}", "character 1", "has no scheme"},
      {"${}", "character 1", "has no scheme"},
      {"ok ${m://Email} ${q://}", "character 17", "names nothing"},
      {"${q://QID1/${e://Field/x}}", "character 1", "holds another pipe"},
      {"a ~{ch://OCAC_1/$.id}", "character 3, '~{ch://OCAC_1/$.id}'", "here it is ${task://ID/MEMBER}"},
      {"~{aedj://name}", "character 1, '~{aedj://name}'", "or ${event://values/NAME}"},
      {"~{aedj://name", "character 1", "the survey platform's form"},
  };
  for (const Case& example : cases) {
    INFO(example.text);
    const auto piped = engine::parse_piped_text(example.text);
    REQUIRE_FALSE(piped);
    CHECK(piped.error().code == engine::piped_text_broken);
    CHECK_THAT(piped.error().message, Catch::Contains(example.place) && Catch::Contains(example.fault));
  }
}

TEST_CASE("an error of one pipe is the error of the text") {
  const auto piped = engine::parse_piped_text("a ${zz://Nothing}");
  REQUIRE(piped);

  const auto value = engine::resolve(*piped, FakeValues{});

  REQUIRE_FALSE(value);
  CHECK(value.error().code == engine_test::no_such_pipe);
}

TEST_CASE("a piped text is written as its author would") {
  for (const std::string text :
       {"", "plain", "${m://Email}", "a $${ b ${q://QID1/Score} c", "$ {x}", "~~{ch://a} ~{b} ~ {", "~~~{ch://a}"}) {
    const auto piped = engine::parse_piped_text(text);
    REQUIRE(piped);
    CHECK(engine::to_string(*piped) == text);
  }
}

TEST_CASE("a task pipe names its task") {
  CHECK(engine::task_of({"task", "contact/Id"}) == "contact");
  CHECK(engine::task_of({"task", "contact"}) == "contact");
  CHECK(engine::task_of({"task", "contact?x"}) == "contact");
  CHECK(engine::task_of({"q", "QID1/Score"}) == "");
}
