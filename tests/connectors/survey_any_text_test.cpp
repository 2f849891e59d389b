// Whatever people type: it comes out of a response as it went in, letter by letter.
#include <catch2/catch.hpp>

#include "base/http/message.hpp"
#include "base/json_writer.hpp"
#include "base/random.hpp"
#include "base/utf8.hpp"
#include "connectors/survey/piped_text.hpp"
#include "connectors/survey/response_file.hpp"

using connectors::survey::FileResponse;
using connectors::survey::look_up;
using connectors::survey::Response;

namespace {

// Pieces that some sink or other is afraid of.
std::string any_text(base::SeededRandom& random) {
  static const std::vector<std::string> pieces{
      "'",       "\"",  "\\",    "%",  "_",    "\n",     "\r\n",   "\t",
      ",",       ";",   "é",     "😀", "שלום", "\u202e", "\u200b", "${e://Field/Segment}",
      "$e{1+1}", "<b>", "&amp;", "a",  "B",    "0",      " ",      std::string("\0", 1),
      "\x7f",    "}}",  "--",    "/*"};
  std::string text;
  for (std::size_t left = random.below(40); left > 0; --left) text += pieces[random.below(pieces.size())];
  if (random.below(50) == 0) {
    while (!text.empty() && text.size() < 200'000) text += text;
  }
  return text;
}

std::string response_with(const std::string& text) {
  base::JsonWriter json;
  json.begin_object();
  json.field("responseId", "R_1");
  json.key("values");
  json.begin_object();
  json.field("QID3_TEXT", text);
  json.field("Note", text);
  json.end_object();
  json.end_object();
  return json.take();
}

std::string csv_quoted(const std::string& text) {
  std::string quoted = "\"";
  for (char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

TEST_CASE("any text goes through a response and its pipes unchanged") {
  base::SeededRandom random(21);
  for (int i = 0; i < 400; ++i) {
    const std::string text = any_text(random);
    const base::Result<Response> response = connectors::survey::read_response(response_with(text));
    REQUIRE(response);
    CHECK((*look_up(*response, "q", "QID3/ChoiceTextEntryValue") == base::Value(text)));
    CHECK((*look_up(*response, "e", "Field/Note") == base::Value(text)));
    const base::Result<base::Value> encoded = look_up(*response, "e", "Field/Note?format=urlencode");
    REQUIRE(encoded);
    CHECK((base::http::percent_decode(base::to_text(*encoded)) == text));
    const base::Result<Response> again = connectors::survey::read_response(connectors::survey::to_json(*response));
    REQUIRE(again);
    CHECK((again->values == response->values));
  }
}

TEST_CASE("any text goes through a CSV export unchanged") {
  base::SeededRandom random(22);
  const std::string header =
      "a,b\nc,d\n\"{\"\"ImportId\"\":\"\"_recordId\"\"}\",\"{\"\"ImportId\"\":\"\"QID3_TEXT\"\"}\"\n";
  for (int i = 0; i < 300; ++i) {
    const std::string text = any_text(random);
    std::vector<base::Value> values;
    const base::Status read =
        connectors::survey::read_responses(header + "R_1," + csv_quoted(text) + "\n", {}, [&](FileResponse&& one) {
          REQUIRE(one.response);
          values.push_back(*look_up(*one.response, "q", "QID3/ChoiceTextEntryValue"));
          return true;
        });
    REQUIRE(read);
    REQUIRE(values.size() == 1);
    // A CSV has no other way to say "nothing" than an empty field.
    CHECK((values[0] == (text.empty() ? base::Value(base::Blank{}) : base::Value(text))));
  }
}
