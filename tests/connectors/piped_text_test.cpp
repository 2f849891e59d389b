// What pipes mean on a survey response; the forms are those of the platform's piped text.
#include "connectors/survey/piped_text.hpp"

#include <catch2/catch.hpp>

#include "connectors/survey/html_text.hpp"
#include "tests/support/fixture.hpp"

using connectors::survey::look_up;
using connectors::survey::pipe_unknown;
using connectors::survey::Response;
using connectors::survey::what_is_wrong_with;

namespace {

Response promoter() { return *connectors::survey::read_response(support::fixture("survey/promoter.json")); }

base::Value looked_up(const Response& response, std::string_view scheme, std::string_view path) {
  base::Result<base::Value> value = look_up(response, scheme, path);
  INFO(scheme << "://" << path);
  REQUIRE(value);
  return *value;
}

}  // namespace

TEST_CASE("every form of a pipe gives its typed value") {
  struct Case {
    const char* scheme;
    const char* path;
    base::Value value;
  };
  const Case cases[] = {
      {"q", "QID1/SelectedChoicesRecode", base::number(10)},
      {"q", "QID1/ChoiceGroup/SelectedChoices", "Promoter"},
      {"q", "QID1_NPS_GROUP/ChoiceGroup/SelectedChoices", "Promoter"},
      {"q", "QID1_NPS_GROUP/SelectedChoicesRecode", base::number(3)},
      {"q", "QID2/SelectedChoicesRecode", base::List{"1", "4"}},
      {"q", "QID2/ChoiceGroup/SelectedChoices", base::List{"Price", "Other (please say)"}},
      {"q", "QID2/ChoiceGroup/SelectedChoicesTextEntry", base::List{"Price", "The café"}},
      {"q", "QID2/SelectedChoicesCount", base::number(2)},
      {"q", "QID2/ChoiceTextEntryValue/4", "The café"},
      {"q", "QID3/ChoiceTextEntryValue", "Great & fast"},
      {"q", "QID4/SelectedChoicesRecode/1", base::number(5)},
      {"q", "QID4/ChoiceGroup/SelectedAnswers/2", "Dissatisfied"},
      {"q", "QID5/ChoiceTextEntryValue/2", "Madrid"},
      {"q", "QID6/ChoiceNumericEntryValue/1", base::number(70)},
      {"q", "QID6/ChoiceNumericEntryValue/Rank/1", base::number(70)},
      {"q", "QID7/ChoiceGroup/SelectedChoices", "Yes, at once"},
      {"q", "QID7/SelectedChoicesCount", base::number(1)},
      {"q", "QID9/ChoiceGroup/SelectedChoicesTextEntry", "At a friend's"},
      {"q", "2_QID20/ChoiceGroup/SelectedChoices", "Laptop"},
      {"e", "Field/Segment", "Gold"},
      {"e", "Field/ResponseID", "R_1l9mcVuXubb4aGm"},
      {"e", "Field/Q_Language", "EN"},
      {"e", "Field/Q_TotalDuration", base::number(325)},
      {"e", "Field/RecordedDate", "2026-05-01T07:25:37.114Z"},
      {"m", "FirstName", "Ana"},
      {"m", "LastName", "Reyes"},
      {"m", "Email", "reyes@example.com"},
      {"m", "ExternalDataReference", "C-1001"},
      {"m", "Language", "EN"},
      {"rm", "Field/ResponseID", "R_1l9mcVuXubb4aGm"},
      {"rm", "Field/Finished", base::number(1)},
      {"rm", "Field/Status", base::number(0)},
      {"rm", "Field/Progress", base::number(100)},
      {"rm", "Field/Duration", base::number(325)},
      {"rm", "Field/StartDate", "2026-05-01T07:20:11Z"},
      {"rm", "Field/EndDate", "2026-05-01T07:25:36Z"},
      {"rm", "Field/DistributionChannel", "email"},
      {"rm", "Field/UserLanguage", "EN"},
      {"rm", "Field/IPAddress", "203.0.113.7"},
      {"loc", "IPAddress", "203.0.113.7"},
      {"loc", "Latitude", "40.4165"},
      {"m", "Email?format=urlencode", "reyes%40example.com"},
      {"q", "QID3/ChoiceTextEntryValue?format=urlencode", "Great%20%26%20fast"},
  };
  Response response = promoter();
  for (const Case& one : cases) {
    INFO(one.scheme << "://" << one.path);
    CHECK(what_is_wrong_with(one.scheme, one.path) == "");
    CHECK(looked_up(response, one.scheme, one.path) == one.value);
  }
}

TEST_CASE("a blank knows whether the question was shown") {
  struct Case {
    const char* scheme;
    const char* path;
    bool shown;
  };
  const Case cases[] = {
      {"q", "QID8/SelectedChoicesRecode", true},
      {"q", "QID8/ChoiceGroup/SelectedChoices", true},
      {"q", "QID4/SelectedChoicesRecode/3", true},
      {"q", "QID10/ChoiceTextEntryValue", true},
      {"q", "QID11/ChoiceTextEntryValue/2", true},
      {"q", "QID4/ChoiceGroup/SelectedAnswers/9", false},
      {"q", "QID99/SelectedChoicesRecode", false},
      {"q", "QID99/ChoiceTextEntryValue", false},
      {"q", "QID99/SelectedChoicesCount", false},
      {"e", "Field/Nothing", false},
      {"q", "QID8/SelectedChoicesRecode?format=urlencode", true},
  };
  Response response = promoter();
  for (const Case& one : cases) {
    INFO(one.path);
    CHECK(looked_up(response, one.scheme, one.path) == base::Value(base::Blank{one.shown}));
  }
  CHECK(looked_up(response, "q", "QID8/SelectedChoicesCount") == base::number(0));
}

TEST_CASE("a built-in that the response lacks is looked for among the embedded data") {
  Response response;
  response.id = "R_1";
  response.values["SurveyID"] = base::Value("SV_from_the_flow");

  CHECK(looked_up(response, "e", "Field/SurveyID") == base::Value("SV_from_the_flow"));
}

TEST_CASE("a pipe that means nothing is told what would be right") {
  struct Case {
    const char* scheme;
    const char* path;
    const char* sentence;
  };
  const Case cases[] = {
      {"q", "QID1/SelectedChoiceRecode",
       "'SelectedChoiceRecode' is no form of a question's answer · did you mean 'q://QID1/SelectedChoicesRecode'?"},
      {"q", "qid1/SelectedChoicesRecode", "'qid1' is no question · did you mean 'q://QID1/SelectedChoicesRecode'?"},
      {"q", "QID1",
       "'q://QID1' does not say what of the answer is meant · did you mean 'q://QID1/SelectedChoicesRecode'?"},
      {"q", "QID4/ChoiceGroup/SelectedAnswers",
       "'ChoiceGroup/SelectedAnswers' needs the number of a row or choice · did you mean "
       "'q://QID4/ChoiceGroup/SelectedAnswers/1'?"},
      {"q", "QID1/QuestionText",
       "'QuestionText' asks for wordings that are not part of a response: put the survey's definition, survey.qsf, "
       "beside "
       "the workflow"},
      {"m", "email", "'email' is not among what a response knows of its contact · did you mean 'm://Email'?"},
      {"rm", "ResponseID", "'ResponseID' names no field · did you mean 'rm://Field/ResponseID'?"},
      {"rm", "Field/ResponseId",
       "'ResponseId' is not among a response's metadata · did you mean 'rm://Field/ResponseID'?"},
      {"e", "Segment", "'Segment' names no field · did you mean 'e://Field/Segment'?"},
      {"m", "Email?format=upper",
       "'?format=upper' is no modifier of piped text, as ?format=urlencode and ?default=TEXT are · did you mean "
       "'m://Email?format=urlencode'?"},
  };
  for (const Case& one : cases) {
    CHECK(what_is_wrong_with(one.scheme, one.path) == one.sentence);
    base::Result<base::Value> value = look_up(promoter(), one.scheme, one.path);
    REQUIRE_FALSE(value);
    CHECK(value.error().code == pipe_unknown);
  }
  CHECK(what_is_wrong_with("qo", "QO_0").find("'qo://' is not known here") == 0);
}

TEST_CASE("labels lose their HTML and nothing else") {
  struct Case {
    const char* html;
    const char* text;
  };
  const Case cases[] = {
      {"Promoter", "Promoter"},
      {"<b>no</b>t <i>so</i> good", "not so good"},
      {"one<br>two<BR/>three", "one two three"},
      {"<p>first</p>\n<p>second</p>", "first second"},
      {"a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"},
      {"3 < 4 and 5 > 2", "3 < 4 and 5 > 2"},
      {"AT&T; R&D", "AT&T; R&D"},
      {"caf&#233; &#x20AC;5", "café €5"},
      {"&amp;lt;", "&lt;"},
      {"<!-- gone -->here", "here"},
      {"open <b", "open <b"},
      {"caf&eacute; &Uuml;ber &szlig; &ccedil; &ntilde; &oslash;", "café Über ß ç ñ ø"},
      {"&copy; &reg; &trade; &euro;5 &pound;5 &frac12; &deg; &sup2;", "© ® ™ €5 £5 ½ ° ²"},
      {"&laquo;a&raquo; &ldquo;b&rdquo; &bdquo;c&ldquo; x &ndash; y &hellip;", "«a» “b” „c“ x – y …"},
      {"&alpha;&Omega; &le; &ge; &ne; &rarr; &thetasym;", "αΩ ≤ ≥ ≠ → ϑ"},
      {"&quot;a&quot; &apos;b&apos;", "\"a\" 'b'"},
      {"&nbsp;padded&nbsp;&nbsp;text&#160;", "padded text"},
      {"&eacute &Eacutex; &noname; &; &#;", "&eacute &Eacutex; &noname; &; &#;"},
      {"<style>.x{color:red}</style>Styled<script>if (1 < 2) bad('</p>')</script>", "Styled"},
      {"<STYLE type='text/css'>b{}</Style >a<script src='x'></script>b", "ab"},
      {"a<script>never ended", "a"},
      {"<styled>kept</styled>", "kept"},
  };
  for (const Case& one : cases) CHECK(connectors::survey::strip_html(one.html) == one.text);
}
