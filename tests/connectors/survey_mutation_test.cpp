// Definitions, responses and pipes that somebody has damaged: read or refused, never a crash.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/random.hpp"
#include "connectors/survey/pipe_offers.hpp"
#include "connectors/survey/piped_text.hpp"
#include "connectors/survey/response_file.hpp"
#include "tests/connectors/survey_fixture.hpp"

using connectors::survey::look_up;
using connectors::survey::PipeContext;
using connectors::survey::Response;
using connectors::survey::Survey;

namespace {

constexpr std::size_t damaged_bytes_max = 64 << 10;

// Bytes changed, cut out, doubled, or replaced by something that JSON and CSV care about.
std::string damaged(std::string text, base::SeededRandom& random) {
  static const std::vector<std::string> tokens{"null",     "[]",      "{}",      "\"",   "-1", "1e400", ",",
                                               ":",        "[[[[",    "\\u0000", "\xff", "\n", "\r\n",  "true",
                                               "\"QID1\"", "{\"a\":", "x1",      "#",    "_"};
  const std::size_t steps = 1 + random.below(12);
  for (std::size_t i = 0; i < steps && !text.empty(); ++i) {
    const std::size_t at = random.below(text.size());
    switch (random.below(4)) {
      case 0: text[at] = static_cast<char>(random.below(256)); break;
      case 1: text.erase(at, 1 + random.below(200)); break;
      case 2: text.insert(at, text.substr(random.below(text.size()), random.below(2000))); break;
      default: text.insert(at, tokens[random.below(tokens.size())]); break;
    }
  }
  return text.substr(0, damaged_bytes_max);
}

// The same document with some values exchanged for others: sound JSON of a shape that nobody foresaw.
std::string exchanged(const std::string& text, base::SeededRandom& random) {
  nlohmann::json root = nlohmann::json::parse(text);
  static const std::vector<nlohmann::json> others{nullptr,
                                                  true,
                                                  -99,
                                                  1e300,
                                                  "",
                                                  "QID1",
                                                  "x1",
                                                  nlohmann::json::array(),
                                                  nlohmann::json::object(),
                                                  {1, {2, {3}}},
                                                  {{"1", {{"Display", 7}}}}};
  for (std::size_t steps = 1 + random.below(6); steps > 0; --steps) {
    nlohmann::json* at = &root;
    for (std::size_t depth = 1 + random.below(7); depth > 0 && at->is_structured() && !at->empty(); --depth) {
      auto inner = at->begin();
      std::advance(inner, static_cast<std::ptrdiff_t>(random.below(at->size())));
      at = &*inner;
    }
    if (at != &root) *at = others[random.below(others.size())];
  }
  return root.dump();
}

void ask_everything(const Response& response, const Survey& survey) {
  for (const auto& question : survey.questions) {
    for (const auto& offer : offers_of(question, survey)) {
      const std::size_t scheme = offer.pipe.find("://");
      const std::string path = offer.pipe.substr(scheme + 3);
      (void)connectors::survey::what_is_wrong_with(offer.pipe.substr(0, scheme), path, &survey);
      (void)look_up(PipeContext{response, &survey, "2"}, offer.pipe.substr(0, scheme), path);
    }
  }
}

}  // namespace

TEST_CASE("a damaged survey is read or refused") {
  base::SeededRandom random(11);
  const Response response = support::service_check_response();
  int readable = 0, asked = 0;
  for (const char* name : {"check.definition.json", "check.qsf", "check.view.json"}) {
    const std::string whole = support::fixture(std::string("surveys/") + name);
    for (int i = 0; i < 200; ++i) {
      const std::string text = i % 4 == 0 ? damaged(whole, random) : exchanged(whole, random);
      auto reading = connectors::survey::read_survey(base::JsonDocument::read(text, name));
      CHECK((reading.survey || !reading.findings.empty()));
      if (!reading.survey) continue;
      if (++readable % 8 != 0) continue;
      ask_everything(response, *reading.survey);
      ++asked;
    }
  }
  CHECK(asked > 20);
}

TEST_CASE("a damaged response or export is read or refused") {
  base::SeededRandom random(12);
  const Survey survey = support::service_check();
  int read = 0;
  for (const char* name : {"check.response.json", "export.json", "export.ndjson", "export.csv"}) {
    const std::string whole = support::fixture(std::string("surveys/") + name);
    for (int i = 0; i < 150; ++i) {
      const bool is_json = whole.front() == '{' && std::string_view(name) != "export.ndjson";
      const std::string text = is_json && i % 4 != 0 ? exchanged(whole, random) : damaged(whole, random);
      (void)connectors::survey::read_responses(text, {.seen_unanswered = "-99", .survey = &survey},
                                               [&](connectors::survey::FileResponse&& one) {
                                                 if (!one.response) return true;
                                                 ++read;
                                                 if (read % 20 == 0) ask_everything(*one.response, survey);
                                                 return true;
                                               });
    }
  }
  CHECK(read > 100);
}

TEST_CASE("a damaged pipe has a value or a sentence") {
  base::SeededRandom random(13);
  const Survey survey = support::service_check();
  const Response response = support::service_check_response();
  const char* paths[] = {"QID4/SelectedChoicesRecode/1?default=x&format=urlencode",
                         "2_QID13#2/ChoiceTextEntryValue/1/1",
                         "Field/1?loop=2",
                         "OtherDate/Y-m-d\\T/-1%20year?timezone=Europe/Madrid",
                         "int/-5:5",
                         "SurveyLink?d=%41",
                         "SC_0/Score",
                         "values/QID1"};
  const char* schemes[] = {"q", "e", "rm", "m", "loc", "gr", "lm", "date", "rand", "l", "event", "ch", ""};
  for (int i = 0; i < 4000; ++i) {
    const std::string path = damaged(paths[random.below(std::size(paths))], random);
    const char* scheme = schemes[random.below(std::size(schemes))];
    const std::string wrong = connectors::survey::what_is_wrong_with(scheme, path, &survey);
    const bool found = static_cast<bool>(look_up(PipeContext{response, &survey}, scheme, path));
    if (wrong.empty()) CHECK(found);
  }
}
