// The group of an NPS score: the same whatever else the response carries.
#include <string>
#include <vector>

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "connectors/survey/piped_text.hpp"
#include "connectors/survey/response_file.hpp"
#include "tests/connectors/survey_fixture.hpp"

using connectors::survey::look_up;
using connectors::survey::PipeContext;
using connectors::survey::Response;
using connectors::survey::ResponseFileOptions;
using connectors::survey::Survey;

namespace {

Response response_with(const std::string& values, const std::string& labels = "{}", const std::string& shown = "") {
  return *connectors::survey::read_response(
      fmt::format(R"({{"responseId":"R_1","values":{},"labels":{},"displayedFields":[{}]}})", values, labels, shown));
}

Response response_of_csv(const std::string& score, const std::string& group, const Survey* survey) {
  const std::string file = fmt::format(
      "ResponseId,Q1,Q1_NPS_GROUP\nResponse ID,How likely?,How likely? - Group\n"
      R"("{{""ImportId"":""_recordId""}}","{{""ImportId"":""QID1""}}","{{""ImportId"":""QID1_NPS_GROUP""}}")"
      "\nR_1,{},{}\n",
      score, group);
  std::vector<Response> read;
  REQUIRE(connectors::survey::read_responses(file, ResponseFileOptions{.survey = survey},
                                             [&](connectors::survey::FileResponse&& one) {
                                               read.push_back(*std::move(one.response));
                                               return true;
                                             }));
  return read.at(0);
}

void check_promoter(const Response& response, const Survey* survey) {
  const PipeContext context{response, survey};
  CHECK(*look_up(context, "q", "QID1/NetPromoterScore/Group") == base::Value("Promoter"));
  CHECK(*look_up(context, "q", "QID1/NetPromoterScore/GroupRecode") == base::number(3));
  CHECK(*look_up(context, "q", "QID1/ChoiceGroup/SelectedChoices") == base::Value("Promoter"));
  CHECK(*look_up(context, "q", "QID1_NPS_GROUP/ChoiceGroup/SelectedChoices") == base::Value("Promoter"));
  CHECK(*look_up(context, "q", "QID1_NPS_GROUP/SelectedChoicesRecode") == base::number(3));
}

}  // namespace

TEST_CASE("an NPS score has the same group in every shape of a response") {
  const Survey survey = support::service_check();
  const struct {
    const char* values;
    const char* labels;
  } shapes[] = {
      {R"({"QID1":10,"QID1_NPS_GROUP":3})", R"({"QID1":"10","QID1_NPS_GROUP":"Promoter"})"},
      {R"({"QID1":10,"QID1_NPS_GROUP":3})", R"({"QID1_NPS_GROUP":"Promoter"})"},
      {R"({"QID1":10,"QID1_NPS_GROUP":3})", "{}"},
      {R"({"QID1":"10","QID1_NPS_GROUP":"3"})", "{}"},
      {R"({"QID1":10,"QID1_NPS_GROUP":1})", "{}"},  // the score counts
      {R"({"QID1_NPS_GROUP":3})", "{}"},
  };
  for (const auto& shape : shapes) {
    INFO(shape.values << " " << shape.labels);
    for (const Survey* definition : {&survey, static_cast<const Survey*>(nullptr)})
      check_promoter(response_with(shape.values, shape.labels), definition);
  }
  for (const Survey* definition : {&survey, static_cast<const Survey*>(nullptr)}) {
    check_promoter(response_of_csv("10", "3", definition), definition);
    check_promoter(response_of_csv("10", "Promoter", definition), definition);
  }
  check_promoter(response_with(R"({"QID1":10})"), &survey);
}

TEST_CASE("0 to 6 are detractors, 7 and 8 passives, 9 and 10 promoters") {
  const Survey survey = support::service_check();
  const char* groups[] = {"Detractor", "Detractor", "Detractor", "Detractor", "Detractor", "Detractor",
                          "Detractor", "Passive",   "Passive",   "Promoter",  "Promoter"};
  const int recodes[] = {1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3};
  for (int score = 0; score <= 10; ++score) {
    INFO(score);
    const Response response = response_with(fmt::format(R"({{"QID1":{}}})", score));
    CHECK(*look_up(response, "q", "QID1/NetPromoterScore/Group") == base::Value(groups[score]));
    CHECK(*look_up(response, "q", "QID1/NetPromoterScore/GroupRecode") == base::number(recodes[score]));
    CHECK(*look_up(PipeContext{response, &survey}, "q", "QID1/ChoiceGroup/SelectedChoices") ==
          base::Value(groups[score]));
  }
}

TEST_CASE("without a score the group is blank, and knows whether the question was shown") {
  const Survey survey = support::service_check();
  const Response shown = response_with("{}", "{}", R"("QID1")");
  const Response never_shown = response_with("{}");
  for (const char* path : {"QID1/NetPromoterScore/Group", "QID1/NetPromoterScore/GroupRecode",
                           "QID1/ChoiceGroup/SelectedChoices", "QID1_NPS_GROUP/SelectedChoicesRecode"}) {
    INFO(path);
    CHECK(*look_up(PipeContext{shown, &survey}, "q", path) == base::Value(base::Blank{true}));
    CHECK(*look_up(PipeContext{never_shown, &survey}, "q", path) == base::Value(base::Blank{false}));
  }
}

TEST_CASE("an answer that is no score from 0 to 10 is not counted to a group, and not lost either") {
  for (const char* score : {R"("ten")", "11", "-1", "7.5"}) {
    INFO(score);
    const Response response = response_with(fmt::format(R"({{"QID1":{}}})", score));
    const std::string text = base::to_text(response.values.at("QID1"));
    CHECK(*look_up(response, "q", "QID1/NetPromoterScore/Group") == base::Value(text));
    CHECK(*look_up(response, "q", "QID1/NetPromoterScore/GroupRecode") == response.values.at("QID1"));
  }
}

TEST_CASE("the wording of a choice that is no NPS score stays its wording, also where it is a small number") {
  const Response response = response_with(R"({"QID7":9})", R"({"QID7":"<b>Nine</b>"})");
  CHECK(*look_up(response, "q", "QID7/ChoiceGroup/SelectedChoices") == base::Value("Nine"));
  CHECK(*look_up(response_with(R"({"QID7":9})"), "q", "QID7/ChoiceGroup/SelectedChoices") == base::Value("9"));
}

TEST_CASE("an NPS score asked in a loop has a group in each pass") {
  const Response response = response_with(R"({"1_QID1":3,"2_QID1":8,"2_QID1_NPS_GROUP":2})");
  CHECK(*look_up(response, "q", "1_QID1/NetPromoterScore/Group") == base::Value("Detractor"));
  CHECK(*look_up(response, "q", "2_QID1/ChoiceGroup/SelectedChoices") == base::Value("Passive"));
  CHECK(*look_up(PipeContext{response, nullptr, "1"}, "q", "QID1/NetPromoterScore/GroupRecode") == base::number(1));
}
