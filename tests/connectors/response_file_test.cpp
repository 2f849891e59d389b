// Files of responses: single, exported as JSON, one a line, and CSV with three header rows.
#include <catch2/catch.hpp>

#include "connectors/survey/csv_rows.hpp"
#include "connectors/survey/response_file.hpp"
#include "tests/connectors/survey_fixture.hpp"

using connectors::survey::FileResponse;
using connectors::survey::read_responses;
using connectors::survey::Response;
using connectors::survey::ResponseFileOptions;

namespace {

struct FileRead {
  std::vector<Response> responses;
  std::vector<std::string> faults;  // "place: message"
  std::string failure;              // of the file as a whole
};

FileRead read_file_of_responses(const std::string& text, const ResponseFileOptions& options = {}) {
  FileRead read;
  base::Status status = read_responses(text, options, [&](FileResponse&& one) {
    if (one.response) {
      read.responses.push_back(*std::move(one.response));
    } else {
      read.faults.push_back(one.place + ": " + one.response.error().message);
    }
    return true;
  });
  if (!status) read.failure = status.error().message;
  return read;
}

std::string csv_of(const std::string& import_ids, const std::string& row) {
  return "a\nb\n" + import_ids + "\n" + row + "\n";
}

const std::string two_columns = R"("{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}")";

}  // namespace

TEST_CASE("one response, an export and one response a line give the same response") {
  const FileRead single = read_file_of_responses(support::fixture("surveys/check.response.json"));
  const FileRead exported = read_file_of_responses(support::fixture("surveys/export.json"));
  const FileRead lines = read_file_of_responses(support::fixture("surveys/export.ndjson"));

  REQUIRE(single.responses.size() == 1);
  REQUIRE(exported.responses.size() == 2);
  REQUIRE(lines.responses.size() == 2);
  const std::string expected = connectors::survey::to_json(single.responses[0]);
  CHECK(connectors::survey::to_json(exported.responses[0]) == expected);
  CHECK(connectors::survey::to_json(lines.responses[0]) == expected);
  CHECK(exported.responses[1].id == "R_2check");
}

TEST_CASE("a response that is written reads back the same") {
  const Response response = support::service_check_response();
  base::Result<Response> again = connectors::survey::read_response(connectors::survey::to_json(response));
  REQUIRE(again);
  CHECK(again->values == response.values);
  CHECK(again->labels == response.labels);
  CHECK(again->displayed == response.displayed);
  CHECK(again->offered == response.offered);
}

TEST_CASE("a response of a file that cannot be read is named, and the others are read") {
  FileRead read = read_file_of_responses(
      "{\"responses\":[\n{\"responseId\":\"R_1\",\"values\":{}},\n{\"values\":{}},\n7,\n"
      "{\"responseId\":\"R_2\",\"values\":{}}]}");
  CHECK(read.responses.size() == 2);
  REQUIRE(read.faults.size() == 2);
  CHECK(read.faults[0] == "line 3: the response lacks 'responseId', the response's own id");
  CHECK(read.faults[1].find("line 4: ") == 0);

  read = read_file_of_responses(
      "{\"responseId\":\"R_1\",\"values\":{}}\r\n\n{\"responseId\":}\n{\"responseId\":\"R_2\",\"values\":{}}");
  CHECK(read.responses.size() == 2);
  REQUIRE(read.faults.size() == 1);
  CHECK(read.faults[0].find("line 3: ") == 0);
}

TEST_CASE("a file as a whole may be none") {
  CHECK(read_file_of_responses("").failure == "the file is empty");
  CHECK(read_file_of_responses(" \n ").failure == "the file is empty");
  CHECK(read_file_of_responses("{\n\"responses\":[}").failure.find("line 2, column") == 0);
  CHECK(read_file_of_responses("a,b\n1,2\n").failure ==
        "an export has three header rows: names, wordings and import ids");
  CHECK(read_file_of_responses("a,b\n1,2\n3,4\n").failure.find("row 3: '3' is no import id") == 0);
  CHECK(read_file_of_responses("a\n\"b\n").failure.find("a quote stands where none may") != std::string::npos);
}

TEST_CASE("a CSV export becomes what the API would have given") {
  const connectors::survey::Survey survey = support::service_check();
  const FileRead read =
      read_file_of_responses(support::fixture("surveys/export.csv"), {.seen_unanswered = "-99", .survey = &survey});

  REQUIRE(read.faults.empty());
  REQUIRE(read.responses.size() == 2);
  const Response& first = read.responses[0];
  CHECK(first.id == "R_1check");
  CHECK(first.values.at("startDate") == base::Value("2026-05-01T07:20:11.000Z"));
  CHECK(first.recorded_date == "2026-05-01T07:25:37.000Z");
  CHECK(first.values.at("duration") == base::number(325));
  CHECK(first.values.at("finished") == base::number(1));
  CHECK(first.values.at("QID1") == base::number(10));
  CHECK(first.values.at("QID2") == base::Value(base::List{"1", "-9"}));
  CHECK(first.labels.at("QID2") == base::Value(base::List{"Price", "Other (please say)"}));
  CHECK(first.values.at("QID3_TEXT") == base::Value("Great,\nand \"fast\""));
  CHECK(first.values.at("QID4_1") == base::number(3));
  CHECK_FALSE(first.values.contains("QID4_3"));
  CHECK(first.displayed.contains("QID4_3"));
  CHECK(first.values.at("QID5_3") == base::Value("01234"));
  CHECK(first.values.at("QID10_1") == base::Value(base::List{"1", "3"}));
  CHECK(first.values.at("QID14_0_GROUP") == base::Value(base::List{"3", "1"}));
  CHECK(first.values.at("1_QID20") == base::number(1));
  CHECK(first.values.at("Segment") == base::Value("Gold"));
}

TEST_CASE("a CSV export by labels is brought back to recodes with the survey's definition") {
  const connectors::survey::Survey survey = support::service_check();
  const FileRead read = read_file_of_responses(support::fixture("surveys/export.csv"), {.survey = &survey});

  REQUIRE(read.responses.size() == 2);
  const Response& second = read.responses[1];
  // In winter, Denver is seven hours behind; a label may hold a comma itself.
  CHECK(second.values.at("startDate") == base::Value("2026-01-01T08:20:11.000Z"));
  CHECK(second.values.at("status") == base::number(0));
  CHECK(second.values.at("finished") == base::number(0));
  CHECK(second.values.at("QID2") == base::Value(base::List{"3", "1"}));
  CHECK(second.values.at("QID3_TEXT") == base::Value("007"));
  CHECK(second.values.at("QID4_1") == base::number(3));
  CHECK(second.labels.at("QID4_1") == base::Value("Satisfied"));
  CHECK(second.values.at("QID10_1") == base::Value(base::List{"1"}));
  CHECK(second.values.at("QID14_0_GROUP") == base::Value(base::List{"3", "1"}));
  CHECK_FALSE(second.values.contains("Segment"));
}

TEST_CASE("without the definition a CSV field is judged by its looks") {
  struct Case {
    const char* field;
    base::Value value;
  };
  const Case cases[] = {
      {"3", base::number(3)},
      {"-1", base::number(-1)},
      {"2.50", base::number(std::string("2.50"))},
      {"007", "007"},
      {"\"1,4\"", base::List{"1", "4"}},
      {"\"1,-9\"", base::List{"1", "-9"}},
      {"\"Yes, at once\"", "Yes, at once"},
      {"1e5", "1e5"},
      {"Satisfied", "Satisfied"},
  };
  for (const Case& one : cases) {
    const FileRead read = read_file_of_responses(csv_of(two_columns, std::string("R_1,") + one.field));
    INFO(one.field);
    REQUIRE(read.responses.size() == 1);
    CHECK(read.responses[0].values.at("QID1") == one.value);
  }
}

TEST_CASE("answers of several choices that an export has split are put together again") {
  const connectors::survey::Survey survey = support::service_check();
  const std::string ids =
      R"("{""ImportId"":""_recordId""}","{""ImportId"":""QID2"",""choiceId"":""1""}",)"
      R"("{""ImportId"":""QID2"",""choiceId"":""3""}","{""ImportId"":""QID2"",""choiceId"":""4""}",)"
      R"("{""ImportId"":""QID2_4_TEXT""}","{""ImportId"":""QID2_DO"",""choiceId"":""1""}",)"
      R"("{""ImportId"":""QID2_DO"",""choiceId"":""4""}","{""ImportId"":""QID10_1"",""choiceId"":""3""}",)"
      R"("{""ImportId"":""QID14_0_GROUP"",""choiceId"":""3""}")";
  const struct {
    const char* row;
    base::Value recodes;
  } cases[] = {
      {R"(R_1,1,,1,The café,2,1,1,1)", base::List{"1", "-9"}},    // as numbers
      {R"(R_1,1,0,-9,The café,2,1,1,1)", base::List{"1", "-9"}},  // with recodes, 0 for what was not chosen
      {R"(R_1,Price,,Other (please say),The café,2,1,Outside,"Plum, ripe")", base::List{"1", "-9"}},  // by label
      {R"(R_1,,"Range, all of it",-99,,2,1,1,1)", base::List{"3"}},
  };
  for (const auto& one : cases) {
    INFO(one.row);
    const FileRead read = read_file_of_responses(csv_of(ids, one.row), {.seen_unanswered = "-99", .survey = &survey});
    CHECK(read.faults.empty());
    REQUIRE(read.responses.size() == 1);
    const Response& response = read.responses[0];
    CHECK(response.values.at("QID2") == one.recodes);
    CHECK(response.values.at("QID2_DO") == base::Value(base::List{"4", "1"}));
    CHECK(response.values.at("QID10_1") == base::Value(base::List{"3"}));
    CHECK(response.values.at("QID14_0_GROUP") == base::Value(base::List{"3"}));
    CHECK(response.labels.at("QID10_1") == base::Value(base::List{"Outside"}));
    CHECK(response.displayed.contains("QID2"));
  }
}

TEST_CASE("split answers without the definition are the choices' ids, and none chosen is a question left unanswered") {
  const std::string ids = R"("{""ImportId"":""_recordId""}","{""ImportId"":""QID3"",""choiceId"":""1""}",)"
                          R"("{""ImportId"":""QID3"",""choiceId"":2}")";
  const FileRead read = read_file_of_responses("a\nb\n" + ids + "\nR_1,-1,2\nR_2,0,0\nR_3,,\n");
  REQUIRE(read.responses.size() == 3);
  CHECK(read.responses[0].values.at("QID3") == base::Value(base::List{"1", "2"}));
  CHECK_FALSE(read.responses[1].values.contains("QID3"));
  CHECK(read.responses[1].displayed.contains("QID3"));
  CHECK_FALSE(read.responses[2].displayed.contains("QID3"));
}

TEST_CASE("a split column that cannot be put together is named, and so are columns that contradict each other") {
  const connectors::survey::Survey survey = support::service_check();
  const auto column = [](const std::string& id, const std::string& choice) {
    return R"("{""ImportId"":"")" + id + R"("",""choiceId"":"")" + choice + R"(""}")";
  };
  const std::string id = R"("{""ImportId"":""_recordId""}",)";
  const auto read_named = [&](const std::string& ids, const std::string& row) {
    return read_file_of_responses("ResponseId,Q_one,Q_two\nb\n" + id + ids + "\n" + row + "\n", {.survey = &survey});
  };
  CHECK(read_named(column("QID7", "1"), "R_1,1").failure ==
        "the column 'Q_one': QID7 (single choice) is not answered by several choices, and the column is of the choice "
        "'1' alone");
  CHECK(read_named(column("QID2", "7"), "R_1,1").failure == "the column 'Q_one': QID2 has no choice '7'");
  CHECK(read_named(column("QID2", "4"), "R_1,7").faults ==
        std::vector<std::string>{"row 4: the column 'Q_one' (QID2, choice 4) holds '7': 1, -9 or 'Other (please say)' "
                                 "where it was chosen, 0 or nothing where it was not"});
  CHECK(read_named(column("QID2", "4") + R"(,"{""ImportId"":""QID2""}")", "R_1,1,1").faults ==
        std::vector<std::string>{"row 4: QID2 has a column of its own and columns for its choices"});
  const std::string twice = R"("{""ImportId"":""Segment""}","{""ImportId"":""Segment""}")";
  CHECK(read_named(twice, "R_1,Gold,Silver").faults ==
        std::vector<std::string>{"row 4: the columns 'Q_one' and 'Q_two' all have the import id Segment, and say "
                                 "different things"});
  CHECK(read_named(twice, "R_1,Gold,Gold").responses[0].values.at("Segment") == base::Value("Gold"));
  CHECK(read_named(twice, "R_1,,Gold").responses[0].values.at("Segment") == base::Value("Gold"));
}

TEST_CASE("a CSV row that is no response is named, and the others are read") {
  const FileRead read = read_file_of_responses(csv_of(two_columns, "R_1,1,extra\n,2\nR_3,3"));
  REQUIRE(read.responses.size() == 1);
  CHECK(read.responses[0].id == "R_3");
  CHECK(read.faults == std::vector<std::string>{"row 4: the row has 3 fields, the header has 2",
                                                "row 5: the row has no response id (_recordId)"});
}

TEST_CASE("a date of a CSV that is none, and a zone that is none, are faults of their row") {
  const std::string dated =
      R"("{""ImportId"":""_recordId""}","{""ImportId"":""endDate"",""timeZone"":""Europe/Madrid""}")";
  CHECK(read_file_of_responses(csv_of(dated, "R_1,yesterday")).faults ==
        std::vector<std::string>{"row 4: 'yesterday' of endDate is no date"});
  CHECK(read_file_of_responses(csv_of(dated, "R_1,2026-07-01 12:00:00")).responses[0].values.at("endDate") ==
        base::Value("2026-07-01T10:00:00.000Z"));
  const std::string lost = R"("{""ImportId"":""_recordId""}","{""ImportId"":""endDate"",""timeZone"":""Mars/Base""}")";
  CHECK(read_file_of_responses(csv_of(lost, "R_1,2026-07-01 12:00:00")).faults[0].find("'Mars/Base' is no time zone") !=
        std::string::npos);
}

TEST_CASE("reading ends when enough was read") {
  int taken = 0;
  for (const char* name : {"export.json", "export.ndjson", "export.csv"}) {
    REQUIRE(read_responses(support::fixture(std::string("surveys/") + name), {}, [&](FileResponse&&) {
      ++taken;
      return false;
    }));
  }
  CHECK(taken == 3);
}
