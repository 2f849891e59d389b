// The Salesforce client: the requests it makes and what it makes of recorded answers.
#include "connectors/salesforce/client.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "connectors/accounts/memory_accounts.hpp"
#include "connectors/errors.hpp"
#include "tests/connectors/account_builder.hpp"
#include "tests/support/fixture.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_http.hpp"

using namespace std::chrono_literals;
using connectors::salesforce::CallOptions;
using connectors::salesforce::ChangeAnswer;
using connectors::salesforce::Operation;
using connectors::salesforce::RecordChange;
using connectors::salesforce::Soql;
using connectors::salesforce::SoqlBuilder;
using support::fixture;
using support::run;

namespace {

// A client whose account has just logged in: request 0 is the login.
struct Org {
  boost::asio::io_context loop;
  support::ManualClock clock;
  support::ScriptedHttp http;
  base::SilentLog log;
  connectors::MemoryAccounts accounts{clock};
  connectors::AccountSessions sessions{accounts, http, clock, log};
  connectors::salesforce::Client client{http, sessions};

  Org() {
    accounts.add(support::a_server_account());
    http.then(200, R"({"access_token":"first","instance_url":"https://acme.my.salesforce.com"})");
  }

  base::Result<ChangeAnswer> change(RecordChange change, CallOptions options = {}) {
    return run(loop, client.change("acc_crm", std::move(change), std::move(options)));
  }
  base::Result<base::JsonText> query(std::size_t rows_max = 100) {
    Soql soql = *SoqlBuilder("Contact").select("Id").where_equals("Email", "o'hara+1@example.com").build();
    return run(loop, client.query("acc_crm", std::move(soql), rows_max, {}));
  }
  const base::http::Request& sent() const { return http.requests().back(); }
};

RecordChange an_upsert(std::string key = "R_1") {
  return {.operation = Operation::upsert,
          .object = "Survey_Response__c",
          .key_field = "Response_Id__c",
          .key_value = std::move(key),
          .fields = {R"({"Score__c":10})"}};
}

RecordChange a_create() {
  return {.operation = Operation::create, .object = "Case", .fields = {R"({"Subject":"Low score"})"}};
}

RecordChange a_delete() { return {.operation = Operation::remove, .object = "Lead", .id = "00Q5e000001N20QEAS"}; }

RecordChange a_post() {
  return {.operation = Operation::chatter_post, .id = "0035e00000kCnnWAAS", .fields = {R"("Score 3: \"slow\"")"}};
}

}  // namespace

TEST_CASE("every change is the request that Salesforce documents") {
  struct Case {
    RecordChange change;
    const char* method;
    const char* url;
    const char* body;
    int status;
    const char* answer;
  };
  const Case cases[] = {
      {a_create(), "POST", "https://acme.my.salesforce.com/services/data/v60.0/sobjects/Case",
       R"({"Subject":"Low score"})", 201, "salesforce/created.json"},
      {{.operation = Operation::update,
        .object = "Contact",
        .id = "0035e00000kCnnWAAS",
        .fields = {R"({"Score__c":1})"}},
       "PATCH",
       "https://acme.my.salesforce.com/services/data/v60.0/sobjects/Contact/0035e00000kCnnWAAS",
       R"({"Score__c":1})",
       204,
       nullptr},
      {an_upsert("a/b c?é"), "PATCH",
       "https://acme.my.salesforce.com/services/data/v60.0/sobjects/Survey_Response__c/Response_Id__c/"
       "a%2Fb%20c%3F%C3%A9",
       R"({"Score__c":10})", 200, "salesforce/upsert_updated.json"},
      {a_delete(), "DELETE", "https://acme.my.salesforce.com/services/data/v60.0/sobjects/Lead/00Q5e000001N20QEAS", "",
       204, nullptr},
      {a_post(), "POST", "https://acme.my.salesforce.com/services/data/v60.0/chatter/feed-elements",
       R"({"body":{"messageSegments":[{"type":"Text","text":"Score 3: \"slow\""}]},"feedElementType":"FeedItem",)"
       R"("subjectId":"0035e00000kCnnWAAS"})",
       201, "salesforce/feed_element.json"},
  };
  for (const Case& one : cases) {
    Org org;
    org.http.then(one.status, one.answer ? fixture(one.answer) : "");

    REQUIRE(org.change(one.change));

    CHECK(org.sent().method == one.method);
    CHECK(org.sent().url == one.url);
    CHECK(org.sent().body == one.body);
    CHECK(base::http::find_header(org.sent().headers, "authorization") == "Bearer first");
    CHECK(base::http::find_header(org.sent().headers, "content-type").has_value() == (*one.body != '\0'));
  }
}

TEST_CASE("what the org is to make of duplicates goes as a header, and whoever asks first does not allow them yet") {
  struct Case {
    const char* duplicates;
    bool asks_first;
    std::optional<std::string_view> header;
  };
  const Case cases[] = {{"", false, std::nullopt},
                        {"refuse", false, "allowSave=false"},
                        {"allow", true, "allowSave=false"},
                        {"allow", false, "allowSave=true"}};
  for (const Case& one : cases) {
    Org org;
    org.http.then(201, fixture("salesforce/created.json"));
    RecordChange change = a_create();
    change.duplicates = one.duplicates;
    change.asks_first = one.asks_first;

    const base::Result<ChangeAnswer> answer = org.change(change);

    REQUIRE(answer);
    CHECK_FALSE(answer->duplicates);
    CHECK(base::http::find_header(org.sent().headers, "Sforce-Duplicate-Rule-Header") == one.header);
  }
}

TEST_CASE("a change that asks first is answered with what the org takes it for, where its rule only warns") {
  RecordChange asking = a_create();
  asking.duplicates = "allow";
  asking.asks_first = true;
  const std::string warned = fixture("salesforce/duplicates_detected.json");

  Org warning;
  warning.http.then(400, warned);
  const base::Result<ChangeAnswer> answer = warning.change(asking);
  REQUIRE(answer);
  REQUIRE(answer->duplicates);
  CHECK(answer->duplicates->rule == "Standard_Contact_Duplicate_Rule");
  REQUIRE(answer->duplicates->matches.size() == 1);
  CHECK(answer->duplicates->matches[0].object == "Contact");
  CHECK(answer->duplicates->matches[0].id == "0035e00000kCnnWAAS");
  CHECK(answer->id.empty());

  // Newer orgs may spell the member right.
  Org newer;
  std::string spelt = warned;
  spelt.replace(spelt.find("duplicateResut"), 14, "duplicateResult");
  newer.http.then(400, spelt);
  const base::Result<ChangeAnswer> of_newer = newer.change(asking);
  REQUIRE(of_newer);
  CHECK(of_newer->duplicates);

  // A rule that blocks is a refusal, whatever the mapping allows.
  Org blocking;
  std::string blocked = warned;
  blocked.replace(blocked.find(R"("allowSave":true)"), 16, R"("allowSave":false)");
  blocking.http.then(400, blocked);
  const base::Result<ChangeAnswer> refused = blocking.change(asking);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == connectors::salesforce_refused);
}

TEST_CASE("an answer to a change gives the record's id and whether it was created") {
  struct Case {
    RecordChange change;
    int status;
    std::string body;
    const char* id;
    std::optional<bool> created;
  };
  const Case cases[] = {
      {a_create(), 201, fixture("salesforce/created.json"), "a015e00000ABCDEAA4", true},
      {an_upsert(), 201, fixture("salesforce/upsert_created.json"), "a015e00000ABCDEAA4", true},
      {an_upsert(), 200, fixture("salesforce/upsert_updated.json"), "a015e00000ABCDEAA4", false},
      {an_upsert(), 204, "", "", false},
      {a_delete(), 204, "", "00Q5e000001N20QEAS", std::nullopt},
      {a_delete(), 404, R"([{"errorCode":"ENTITY_IS_DELETED","message":"entity is deleted","fields":[]}])",
       "00Q5e000001N20QEAS", std::nullopt},
      {a_delete(), 404, R"([{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}])",
       "00Q5e000001N20QEAS", std::nullopt},
      {a_post(), 201, fixture("salesforce/feed_element.json"), "0D55e00001ABCDECA4", std::nullopt},
      // A platform event is taken with an entry among its errors.
      {a_create(), 201,
       R"({"id":"e01xx0000000001AAA","success":true,"errors":[{"statusCode":"OPERATION_ENQUEUED","message":"x","fields":[]}]})",
       "e01xx0000000001AAA", true},
  };
  for (const Case& one : cases) {
    Org org;
    org.http.then(one.status, one.body);

    base::Result<ChangeAnswer> answer = org.change(one.change);

    INFO(one.status << " " << one.body);
    REQUIRE(answer);
    CHECK(answer->id == one.id);
    CHECK(answer->created == one.created);
  }
}

TEST_CASE("a change that did not succeed is an error of the right kind") {
  struct Case {
    RecordChange change;
    int status;
    std::string body;
    base::ErrorCode code;
  };
  const Case cases[] = {
      {an_upsert(), 300, fixture("salesforce/several_match.json"), connectors::salesforce_several_match},
      {a_create(), 400, fixture("salesforce/required_field_missing.json"), connectors::salesforce_refused},
      {a_create(), 201, "<html>", connectors::salesforce_unclear},
      {a_create(), 200, R"({"success":true})", connectors::salesforce_unclear},
      {a_create(), 503, "", connectors::salesforce_unclear},
      {a_delete(), 404, "<html>nobody here</html>", connectors::salesforce_refused},
      {an_upsert(), 404, R"([{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}])",
       connectors::salesforce_refused},
  };
  for (const Case& one : cases) {
    Org org;
    org.http.then(one.status, one.body);

    base::Result<ChangeAnswer> answer = org.change(one.change);

    INFO(one.status << " " << one.body);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == one.code);
  }
}

TEST_CASE("an expired session is renewed once and the request repeated at the org's new address") {
  Org org;
  org.http.then(401, fixture("salesforce/session_expired.json"))
      .then(200, R"({"access_token":"second","instance_url":"https://moved.my.salesforce.com"})")
      .then(201, fixture("salesforce/created.json"));

  base::Result<ChangeAnswer> answer = org.change(a_create());

  REQUIRE(answer);
  CHECK(org.http.is_script_done());
  CHECK(org.sent().url == "https://moved.my.salesforce.com/services/data/v60.0/sobjects/Case");
  CHECK(base::http::find_header(org.sent().headers, "Authorization") == "Bearer second");
  CHECK(org.sent().body == R"({"Subject":"Low score"})");
}

TEST_CASE("a session that is refused again right after its renewal is not renewed for ever") {
  Org org;
  org.http.then(401, fixture("salesforce/session_expired.json"))
      .then(200, R"({"access_token":"second"})")
      .then(401, fixture("salesforce/session_expired.json"));

  base::Result<ChangeAnswer> answer = org.change(a_create());

  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == connectors::salesforce_session_ended);
  CHECK(org.http.requests().size() == 4);
}

TEST_CASE("an org that refuses its API as a whole blocks the account, and is asked no more") {
  const std::pair<int, const char*> refusals[] = {
      {403,
       R"([{"message":"API is not enabled for this Organization or Partner","errorCode":"API_DISABLED_FOR_ORG"}])"},
      {403, R"([{"message":"API is disabled for this user","errorCode":"API_CURRENTLY_DISABLED"}])"},
      {401, R"([{"message":"This session is not valid for use with the REST API","errorCode":"INVALID_SESSION_ID"}])"}};
  for (const auto& [status, body] : refusals) {
    INFO(body);
    Org org;
    org.http.then(status, body);

    base::Result<ChangeAnswer> answer = org.change(a_create());

    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == connectors::account_blocked_by_org);
    CHECK(answer.error().waits_on == std::vector<std::string>{"account:acc_crm"});
    CHECK(answer.error().details.find("errorCode") != std::string::npos);
    CHECK(org.accounts.find("acc_crm")->state == connectors::AccountState::blocked_by_org);
    CHECK(org.change(a_create()).error().code == connectors::account_blocked_by_org);
    CHECK(org.http.requests().size() == 2);  // the login and the first change
  }
}

TEST_CASE("calls that were refused at once block the account once, and all are told so") {
  Org org;
  const std::int64_t generation = run(org.loop, org.sessions.open("acc_crm"))->generation;

  const base::Error first = run(org.loop, org.sessions.block("acc_crm", generation, "the API is off"));
  const base::Error second = run(org.loop, org.sessions.block("acc_crm", generation, "the API is off, too"));

  CHECK(first.code == connectors::account_blocked_by_org);
  CHECK(first.message == "Blocked by the org: 'CRM' is not let in; the API is off");
  CHECK(second.message == first.message);
}

TEST_CASE("a refusal of a session that has been replaced blocks nothing") {
  Org org;
  const std::int64_t generation = run(org.loop, org.sessions.open("acc_crm"))->generation;

  const base::Error error = run(org.loop, org.sessions.block("acc_crm", generation - 1, "the API was off"));

  CHECK(error.code == connectors::salesforce_unavailable);
  CHECK(org.accounts.find("acc_crm")->state == connectors::AccountState::ok);
}

TEST_CASE("an examination of an account, and an org without Chatter, leave the account as it is") {
  Org org;
  org.http.then(403, R"([{"message":"API is disabled for this user","errorCode":"API_CURRENTLY_DISABLED"}])")
      .then(403,
            R"({"message":"The Chatter Connect API is not enabled for this organization or user type.",
                "errorCode":"API_DISABLED_FOR_ORG"})");

  CHECK(org.change(a_create(), {.only_examines = true}).error().code == connectors::account_blocked_by_org);
  CHECK(org.change(a_post()).error().code == connectors::salesforce_refused);
  CHECK(org.accounts.find("acc_crm")->state == connectors::AccountState::ok);
}

TEST_CASE("a write that nothing protects keeps off connections that rested, and asks before its first byte") {
  Org org;
  org.http.then(201, fixture("salesforce/created.json"));
  int asked = 0;
  CallOptions options;
  options.timeout = 7s;
  options.protects_nothing = true;
  options.before_sending = [&]() -> base::awaitable<base::Status> {
    ++asked;
    co_return base::Ok{};
  };

  REQUIRE(org.change(a_create(), options));

  CHECK(asked == 1);
  CHECK(org.sent().idle_max == 30s);
  CHECK(org.sent().timeout == 7s);
}

TEST_CASE("a call that is stopped before its first byte is not sent, and its reason is the result") {
  Org org;
  CallOptions options;
  options.before_sending = []() -> base::awaitable<base::Status> {
    co_return base::Error{connectors::account_removed, "gone"};
  };

  base::Result<ChangeAnswer> answer = org.change(a_create(), options);

  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == connectors::account_removed);
  CHECK(org.http.requests().size() == 1);
}

TEST_CASE("a change that lacks what its operation needs is never sent") {
  const RecordChange cases[] = {
      {.operation = Operation::create, .fields = {"{}"}},
      {.operation = Operation::update, .object = "Contact", .fields = {"{}"}},
      {.operation = Operation::remove, .object = "Contact"},
      {.operation = Operation::upsert, .object = "Contact", .key_field = "Ext__c", .fields = {"{}"}},
      {.operation = Operation::upsert, .object = "Contact", .key_value = "x", .fields = {"{}"}},
      {.operation = Operation::chatter_post, .id = "0035e00000kCnnWAAS"},
  };
  for (const RecordChange& one : cases) {
    Org org;
    base::Result<ChangeAnswer> answer = org.change(one);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == connectors::record_change_invalid);
    CHECK(org.http.requests().empty());
  }
}

TEST_CASE("a query gives the rows of all its pages as one array") {
  Org org;
  org.http.then(200, fixture("salesforce/query_page_1.json")).then(200, fixture("salesforce/query_page_2.json"));

  base::Result<base::JsonText> rows = org.query();

  REQUIRE(rows);
  CHECK(org.http.request(1).url ==
        "https://acme.my.salesforce.com/services/data/v60.0/query?q="
        "SELECT%20Id%20FROM%20Contact%20WHERE%20Email%20%3D%20%27o%5C%27hara%2B1%40example.com%27");
  CHECK(org.http.request(2).url == "https://acme.my.salesforce.com/services/data/v60.0/query/0r8xx5R2yF2gs3VASQ-2000");
  auto records = [](const char* page) {
    std::string text = fixture(page);
    std::size_t start = text.find("\"records\":[") + 11;
    return text.substr(start, text.rfind(']') - start);
  };
  CHECK(rows->text ==
        "[" + records("salesforce/query_page_1.json") + "," + records("salesforce/query_page_2.json") + "]");
}

TEST_CASE("a query that finds nothing is an empty array") {
  Org org;
  org.http.then(200, R"({"totalSize":0,"done":true,"records":[]})");

  CHECK(org.query()->text == "[]");
}

TEST_CASE("more rows than a caller takes is an error before the next page is read") {
  Org org;
  org.http.then(200, fixture("salesforce/query_page_1.json"));

  base::Result<base::JsonText> rows = org.query(2);

  REQUIRE_FALSE(rows);
  CHECK(rows.error().code == connectors::salesforce_too_many_rows);
  CHECK(org.http.requests().size() == 2);
}

TEST_CASE("a page's address outside the API is not followed") {
  Org org;
  org.http.then(200, R"({"totalSize":9,"done":false,"nextRecordsUrl":"@evil.example.com/x","records":[]})");

  CHECK_FALSE(org.query());
  CHECK(org.http.requests().size() == 2);
}

TEST_CASE("a read whose answer was lost may be asked again, a write may not") {
  base::Error lost{base::http::http_unclear, "the connection broke"};
  Org reading;
  reading.http.then(lost);
  CHECK(reading.query().error().code == connectors::salesforce_unavailable);

  Org writing;
  writing.http.then(lost);
  CHECK(writing.change(a_create()).error().code == base::http::http_unclear);
}

TEST_CASE("a describe is given as Salesforce wrote it") {
  Org org;
  org.http.then(200, R"({"name":"Contact","fields":[]})").then(200, "<html>");

  base::Result<base::JsonText> described = run(org.loop, org.client.describe("acc_crm", "Contact", {}));
  REQUIRE(described);
  CHECK(described->text == R"({"name":"Contact","fields":[]})");
  CHECK(org.sent().url == "https://acme.my.salesforce.com/services/data/v60.0/sobjects/Contact/describe");

  base::Result<base::JsonText> page = run(org.loop, org.client.describe("acc_crm", "Contact", {}));
  REQUIRE_FALSE(page);
  CHECK(page.error().code == connectors::salesforce_unavailable);
}

TEST_CASE("a record's address is known after the first login") {
  Org org;
  CHECK(org.client.record_url("acc_crm", "0035e00000kCnnWAAS") == "");
  org.http.then(204, "");
  REQUIRE(org.change(a_delete()));

  CHECK(org.client.record_url("acc_crm", "0035e00000kCnnWAAS") == "https://acme.my.salesforce.com/0035e00000kCnnWAAS");
}
