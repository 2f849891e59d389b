// Texts that people might type, through everything that takes a text: the record holds exactly that text, or a
// documented error says why not.
#include <cstdlib>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "connectors/survey/piped_text.hpp"
#include "connectors/survey/response.hpp"
#include "local_org/soql/parser.hpp"
#include "tasks/conversion.hpp"
#include "tests/tasks/linked_org.hpp"

namespace {

using nlohmann::json;
using task_bench::LinkedOrg;
using task_bench::Machine;
using task_bench::told;
using task_bench::Values;

std::size_t times_factor(std::size_t count) {
  const char* wanted = std::getenv("SLUICE_TEST_FACTOR");
  return count * (wanted ? std::strtoul(wanted, nullptr, 10) : 1);
}

// Seeded, so that a text that has failed comes again.
class HostileTexts {
 public:
  explicit HostileTexts(unsigned seed) : random_(seed) {}

  std::string next() {
    if (any(60) == 0) return std::string("a\0b", 3);  // NUL ends a text for many a program
    if (any(120) == 0) return repeated(200'000);
    std::string text;
    const std::size_t pieces = 1 + any(12);
    for (std::size_t i = 0; i < pieces; ++i) text += piece();
    // Salesforce takes blanks away from the ends of a text, and they are another matter.
    return "<" + text + ">";
  }

 private:
  std::size_t any(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_); }

  std::string repeated(std::size_t length) {
    std::string text = piece();
    while (text.size() < length) text += piece();
    return text;
  }

  std::string piece() {
    static const std::vector<std::string> pieces{"'",
                                                 "\"",
                                                 "\\",
                                                 "\\'",
                                                 "%",
                                                 "_",
                                                 "%27",
                                                 "%00",
                                                 "%2F",
                                                 "/",
                                                 "?",
                                                 "&",
                                                 "#",
                                                 "+",
                                                 "=",
                                                 ";",
                                                 ",",
                                                 "..",
                                                 "\n",
                                                 "\r\n",
                                                 "\t",
                                                 " ",
                                                 "  ",
                                                 "{",
                                                 "}",
                                                 "${",
                                                 "$${",
                                                 "$e{",
                                                 "[",
                                                 "]",
                                                 "<b>",
                                                 "&amp;",
                                                 "--",
                                                 "/*",
                                                 "*",
                                                 "' OR Id != null",
                                                 "\\u0027",
                                                 "null",
                                                 "é",
                                                 "ß",
                                                 "漢字",
                                                 "😀",
                                                 "👨‍👩‍👧",
                                                 "שלום",
                                                 "مرحبا",
                                                 "\xE2\x80\xAE",
                                                 "\xC2\xA0",
                                                 "\xE2\x80\xA8",
                                                 "\xEF\xBB\xBF",
                                                 "a",
                                                 "Z",
                                                 "0",
                                                 "x y",
                                                 "$",
                                                 "`",
                                                 "|",
                                                 "^",
                                                 "~",
                                                 "@",
                                                 "!",
                                                 "(",
                                                 ")",
                                                 ":"};
    return pieces[any(pieces.size())];
  }

  std::mt19937 random_;
};

// What a text may come to besides being held: each has its page in docs/errors.
bool is_documented(const std::string& end) {
  static const std::set<std::string> codes{"mapping_value_unwritable", "mapping_value_too_long"};
  return codes.contains(end.substr(0, end.find(':')));
}

bool fits(const std::string& text, std::size_t units) { return tasks::cut_text(text, units).size() == text.size(); }

// The cut may fall into a character.
std::string shown(const std::string& text) {
  return json(text.substr(0, 200)).dump(-1, ' ', true, json::error_handler_t::replace);
}

bool is_writable(const std::string& text) { return text.find('\0') == std::string::npos; }

struct Sink {
  std::string object;
  std::string field;
  std::size_t length;
  std::string others;  // what the object's records need besides
};

const std::vector<Sink> sinks{{"Case", "Subject", 255, ""},
                              {"Case", "Description", 32'000, ""},
                              {"Case", "Type", 255, ""},  // a picklist that takes anything
                              {"Contact", "Phone", 40, R"(,"LastName":"Reyes")"},
                              {"Account", "Website", 255, R"(,"Name":"Acme")"},
                              {"Survey_Response__c", "Comment__c", 32'768, ""}};

std::string fields_of(const Sink& sink) { return R"("fields":{")" + sink.field + R"(":"${a://text}")" + sink.others; }

// Either end is right; which one, the text itself decides.
void check_end(const std::string& end, const json& rows, const Sink& sink, const std::string& text) {
  INFO(sink.object << "." << sink.field << " <- " << shown(text) << "\n" << end.substr(0, 300));
  const bool is_held = is_writable(text) && fits(text, sink.length);
  CHECK((is_held ? end.starts_with("done") : is_documented(end)));
  CHECK(rows.size() == (is_held ? 1 : 0));
  if (is_held && rows.size() == 1) CHECK(rows[0][sink.field] == text);
}

}  // namespace

TEST_CASE("a new record holds exactly the text that was answered, in every type of field that takes texts") {
  LinkedOrg crm;
  HostileTexts texts(20260501);
  for (std::size_t i = 0; i < times_factor(60); ++i) {
    const std::string text = texts.next();
    for (const Sink& sink : sinks) {
      const std::string end =
          crm.carry_out("salesforce_create", R"({"object":")" + sink.object + R"(",)" + fields_of(sink) + "}}",
                        Values{{"a://text", text}});
      const json rows = crm.rows("SELECT Id, " + sink.field + " FROM " + sink.object);
      check_end(end, rows, sink, text);
      if (rows.size() == 1)
        crm.carry_out("salesforce_delete", R"({"object":")" + sink.object + R"(","id":"${a://id}"})",
                      Values{{"a://id", rows[0]["Id"].get<std::string>().c_str()}});
    }
  }
}

TEST_CASE("an update replaces what a record holds by exactly the text that was answered") {
  LinkedOrg crm;
  HostileTexts texts(7);
  const std::string id = crm.org.insert("Case", {R"({"Subject":"before"})"});
  for (std::size_t i = 0; i < times_factor(100); ++i) {
    const std::string text = texts.next();
    crm.carry_out("salesforce_update", R"({"object":"Case","id":"${a://id}","fields":{"Description":"-"}})",
                  Values{{"a://id", id.c_str()}});
    const std::string end = crm.carry_out(
        "salesforce_update", R"({"object":"Case","id":"${a://id}","fields":{"Description":"${a://text}"}})",
        Values{{"a://id", id.c_str()}, {"a://text", text}});
    const bool is_held = is_writable(text) && fits(text, 32'000);
    INFO(shown(text) << "\n" << end.substr(0, 300));
    CHECK((is_held ? end.starts_with("done") : is_documented(end)));
    CHECK(crm.rows("SELECT Description FROM Case")[0]["Description"] == (is_held ? text : "-"));
  }
}

TEST_CASE("a key in an address names the record that has exactly this text, the second time too") {
  LinkedOrg crm;
  HostileTexts texts(11);
  const std::string with =
      R"({"object":"Survey_Response__c","key":{"Response_Id__c":"${a://text}"},"fields":{"Survey__c":"${a://text}"}})";
  for (std::size_t i = 0; i < times_factor(100); ++i) {
    const std::string text = texts.next();
    const std::string first = crm.carry_out("salesforce_upsert", with, Values{{"a://text", text}});
    const std::string again = crm.carry_out("salesforce_upsert", with, Values{{"a://text", text}});
    INFO(shown(text) << "\n" << first.substr(0, 300));
    const json rows = crm.rows("SELECT Id, Response_Id__c, Survey__c FROM Survey_Response__c");
    if (is_writable(text) && fits(text, 255)) {
      CHECK(again.ends_with(R"("created":false})"));
      REQUIRE(rows.size() == 1);
      CHECK(rows[0]["Response_Id__c"] == text);
      CHECK(rows[0]["Survey__c"] == text);
      crm.carry_out("salesforce_delete", R"({"object":"Survey_Response__c","id":"${a://id}"})",
                    Values{{"a://id", rows[0]["Id"].get<std::string>().c_str()}});
    } else {
      CHECK(is_documented(first));
      CHECK(rows.empty());
    }
  }
}

TEST_CASE("a search finds the record that has exactly this text, and no other") {
  LinkedOrg crm;
  HostileTexts texts(13);
  crm.org.insert("Case", {R"({"Subject":"another"})"});
  const std::string with =
      R"({"object":"Case","match":{"Subject":"${a://text}"},"return":["Id","Subject"],"if_none":"continue"})";
  for (std::size_t i = 0; i < times_factor(100); ++i) {
    const std::string text = texts.next();
    if (!is_writable(text) || !fits(text, 255)) continue;
    const std::string id = crm.org.insert("Case", {json{{"Subject", text}}.dump()});

    const std::string end = crm.carry_out("salesforce_find", with, Values{{"a://text", text}});

    INFO(shown(text) << "\n" << end);
    REQUIRE(end.starts_with("done "));
    const json output = json::parse(end.substr(5));
    CHECK(output["Id"] == id);
    CHECK(output["Subject"] == text);
    crm.carry_out("salesforce_delete", R"({"object":"Case","id":"${a://id}"})", Values{{"a://id", id.c_str()}});
  }
}

TEST_CASE("a query always parses back to one comparison with one literal, whatever stands in it") {
  HostileTexts texts(17);
  Machine find("salesforce_find", R"({"object":"Case","match":{"Subject":"${a://text}"}})");
  for (std::size_t i = 0; i < times_factor(500); ++i) {
    const std::string text = texts.next();
    const base::Result<engine::Step> step = find.next(Values{{"a://text", text}});
    INFO(shown(text));
    if (!step) {
      CHECK_FALSE((is_writable(text) && text.size() < 2'000));
      continue;
    }
    const json question = json::parse(std::get<engine::Read>(*step).question.text);
    const local_org::soql::Query query = local_org::soql::parse(question["soql"].get<std::string>());
    REQUIRE(query.where);
    REQUIRE(query.where->kind == local_org::soql::ConditionKind::comparison);
    REQUIRE(query.where->comparison.values.size() == 1);
    CHECK(query.where->comparison.values.front().kind == local_org::soql::LiteralKind::string);
    CHECK(query.object.text() == "Case");
    CHECK(question["where"][0]["value"] == text);
  }
}

TEST_CASE("a Chatter post says exactly what it was told to") {
  LinkedOrg crm;
  HostileTexts texts(19);
  const std::string contact = crm.org.insert("Contact", {R"({"LastName":"Reyes"})"});
  std::multiset<std::string> posted;
  for (std::size_t i = 0; i < times_factor(60); ++i) {
    const std::string text = texts.next();
    const std::string end = crm.carry_out("salesforce_chatter_post", R"({"record":"${a://id}","text":"${a://text}"})",
                                          Values{{"a://id", contact.c_str()}, {"a://text", text}});
    INFO(shown(text) << "\n" << end.substr(0, 300));
    const bool is_held = is_writable(text) && fits(text, 10'000);
    CHECK((is_held ? end.starts_with("done") : is_documented(end)));
    if (is_held) posted.insert(text);
  }
  std::multiset<std::string> held;
  for (const json& row : crm.rows("SELECT Body FROM FeedItem")) held.insert(row["Body"].get<std::string>());
  CHECK(held == posted);
}

TEST_CASE("a text that is written for an address comes back from it as it was") {
  HostileTexts texts(23);
  for (std::size_t i = 0; i < times_factor(300); ++i) {
    const std::string text = texts.next();
    const connectors::survey::Response response =
        *connectors::survey::read_response(json{{"responseId", "R_1"}, {"values", {{"QID3_TEXT", text}}}}.dump());

    const base::Result<base::Value> encoded =
        connectors::survey::look_up(response, "q", "QID3/ChoiceTextEntryValue?format=urlencode");

    INFO(shown(text));
    REQUIRE(encoded);
    const std::string& in_address = std::get<std::string>(encoded->data);
    CHECK(in_address.find_first_of("&?#/ \"'<>\n") == std::string::npos);
    std::string decoded;
    for (std::size_t at = 0; at < in_address.size(); ++at) {
      if (in_address[at] != '%') {
        decoded += in_address[at];
        continue;
      }
      decoded += static_cast<char>(std::stoi(in_address.substr(at + 1, 2), nullptr, 16));
      at += 2;
    }
    CHECK(decoded == text);
  }
}
