// SOQL: what queries find, and what is wrong with those that are refused.
#include <catch2/catch.hpp>

#include "tests/local_org/site_fixture.hpp"

using nlohmann::json;
using test::OrgSite;

namespace {

// Five answers of two contacts.
class Answers : public OrgSite {
 public:
  Answers() {
    const std::string reyes = create("Contact", R"({"LastName":"Reyes","FirstName":"Ana","Email":"ana@example.com"})");
    create("Contact", R"({"LastName":"O'Hara"})");
    add("R1", 9, "A", reyes, R"("Spring")", "2026-01-01T10:00:00Z");
    add("R2", 3, "B", reyes, R"("spring 50%")", "2026-01-02T10:00:00Z");
    add("R3", 3, "C", "", R"("it's \\ here")", "2026-01-03T10:00:00Z");
    add("R4", 10, "", "", R"("Winter_1")", "2026-01-04T10:00:00Z");
    create("Survey_Response__c", R"({"Response_Id__c":"R5"})");
  }

  // The response ids of the records found, in their order.
  std::string found(const std::string& clauses) {
    const json answer = json::parse(query("SELECT Response_Id__c FROM Survey_Response__c " + clauses).body);
    if (answer.is_array()) return answer.dump();
    std::string ids;
    for (const json& record : answer["records"])
      ids += (ids.empty() ? "" : " ") + record["Response_Id__c"].get<std::string>();
    return ids;
  }

 private:
  void add(std::string_view id, int score, std::string_view segment, std::string_view contact,
           const std::string& survey, std::string_view at) {
    create("Survey_Response__c", json{{"Response_Id__c", id},
                                      {"Score__c", score},
                                      {"Segment__c", segment},
                                      {"Contact__c", contact},
                                      {"Survey__c", json::parse(survey)},
                                      {"Responded_At__c", at}}
                                     .dump());
  }
};

}  // namespace

TEST_CASE("conditions find what they say") {
  const auto [where, expected] = GENERATE(table<std::string, std::string>({
      {"", "R1 R2 R3 R4 R5"},
      {"WHERE Score__c = 3", "R2 R3"},
      {"where score__c=3 and segment__c='B'", "R2"},
      {"WHERE Score__c != 3", "R1 R4 R5"},
      {"WHERE Score__c <> 3", "R1 R4 R5"},
      {"WHERE Score__c > 3", "R1 R4"},
      {"WHERE Score__c >= 9.5", "R4"},
      {"WHERE Score__c < 9", "R2 R3"},
      {"WHERE Score__c <= 9 AND Score__c > -1", "R1 R2 R3"},
      {"WHERE Score__c = null", "R5"},
      {"WHERE Score__c != NULL", "R1 R2 R3 R4"},
      {"WHERE Score__c IN (9, 10)", "R1 R4"},
      {"WHERE Score__c NOT IN (9, 10)", "R2 R3 R5"},
      {"WHERE NOT Score__c = 3", "R1 R4 R5"},
      {"WHERE NOT (Score__c > 3)", "R2 R3 R5"},
      {"WHERE (Score__c = 9 OR Score__c = 10) AND (NOT Segment__c = 'A')", "R4"},
      {"WHERE Response_Id__c = 'r1'", "R1"},
      {"WHERE Survey__c = 'SPRING'", "R1"},
      {"WHERE Survey__c LIKE 'spring%'", "R1 R2"},
      {"WHERE Survey__c LIKE '%50\\%'", "R2"},
      {"WHERE Survey__c LIKE 'Winter\\_1'", "R4"},
      {"WHERE Survey__c LIKE 'Winter__'", "R4"},
      {"WHERE NOT Survey__c LIKE '%i%'", "R5"},
      {"WHERE Survey__c = 'it\\'s \\\\ here'", "R3"},
      {"WHERE Survey__c LIKE '%\\\\%'", "R3"},
      {"WHERE Survey__c = '\\u0053pring'", "R1"},
      {"WHERE Responded_At__c > 2026-01-02T12:00:00+02:00", "R3 R4"},
      {"WHERE Responded_At__c <= 2026-01-02T10:00:00.000Z", "R1 R2"},
      {"WHERE IsDeleted = false AND Segment__c = ''", "R4 R5"},
      {"WHERE Contact__r.Email = 'ANA@example.com'", "R1 R2"},
      {"WHERE Contact__r.Email = null", "R3 R4 R5"},
      {"WHERE Survey_Response__c.Score__c = 9", "R1"},
      {"WHERE Contact__c IN (SELECT Id FROM Contact WHERE Email = 'ana@example.com')", "R1 R2"},
      {"WHERE Contact__c IN (select Id from Contact c where c.LastName = 'Reyes') AND Score__c = 3", "R2"},
      {"WHERE Contact__c IN (SELECT Id FROM Contact WHERE Account.Name = 'None')", ""},
      {"WHERE Contact__c NOT IN (SELECT Id FROM Contact WHERE LastName = 'Reyes') AND Score__c != 3", "R4 R5"},
      {"ORDER BY Score__c", "R5 R2 R3 R1 R4"},
      {"ORDER BY Score__c NULLS LAST", "R2 R3 R1 R4 R5"},
      {"ORDER BY Score__c DESC", "R5 R4 R1 R2 R3"},
      {"ORDER BY Score__c DESC NULLS LAST, Response_Id__c DESC", "R4 R1 R3 R2 R5"},
      {"ORDER BY Contact__r.LastName DESC NULLS LAST, Score__c ASC LIMIT 1", "R2"},
      {"ORDER BY Response_Id__c LIMIT 2", "R1 R2"},
      {"ORDER BY Response_Id__c LIMIT 2 OFFSET 3", "R4 R5"},
      {"LIMIT 0", ""},
  }));
  Answers org;
  CAPTURE(where);
  CHECK(org.found(where) == expected);
}

TEST_CASE("ids compare in both lengths and mind their case") {
  OrgSite org;
  const std::string id = org.create("Contact", R"({"LastName":"Reyes"})");
  const auto count = [&](const std::string& text) {
    return json::parse(org.query("SELECT COUNT() FROM Contact WHERE Id = '" + text + "'").body)["totalSize"].get<int>();
  };
  CHECK(count(id) == 1);
  CHECK(count(id.substr(0, 15)) == 1);
  CHECK(count("003lo0000000001") == 0);
}

TEST_CASE("records show what was selected, parents nested, attributes first") {
  Answers org;
  const json contact = json::parse(org.query("SELECT Id FROM Contact WHERE LastName = 'Reyes'").body)["records"][0];
  const json response =
      json::parse(org.query("SELECT Id FROM Survey_Response__c WHERE Response_Id__c = 'R1'").body)["records"][0];
  const std::string body = org.query(
                                  "select score__c, Contact__r.Email, contact__r.account.name from Survey_Response__c "
                                  "where Response_Id__c = 'R1'")
                               .body;
  CHECK(body == R"({"totalSize":1,"done":true,"records":[{"attributes":{"type":"Survey_Response__c","url":")" +
                    response["attributes"]["url"].get<std::string>() +
                    R"("},"Score__c":9.0,"Contact__r":{"attributes":{"type":"Contact","url":")" +
                    contact["attributes"]["url"].get<std::string>() +
                    R"("},"Email":"ana@example.com","Account":null}}]})");
}

TEST_CASE("COUNT() gives a number and no records") {
  Answers org;
  CHECK(org.query("SELECT COUNT() FROM Survey_Response__c WHERE Score__c > 3").body ==
        R"({"totalSize":2,"done":true,"records":[]})");
}

TEST_CASE("deleted records are found by queryAll alone") {
  Answers org;
  const json first = json::parse(org.query("SELECT Id FROM Survey_Response__c LIMIT 1").body)["records"][0];
  REQUIRE(org.call("DELETE", "/sobjects/Survey_Response__c/" + first["Id"].get<std::string>()).status == 204);
  CHECK(org.found("") == "R2 R3 R4 R5");
  const std::string all = org.call("GET", "/queryAll?q=SELECT+Id+FROM+Survey_Response__c+WHERE+IsDeleted+=+true").body;
  CHECK(json::parse(all)["totalSize"] == 1);
}

TEST_CASE("a semi-join does not find what was deleted, unless it is asked for") {
  Answers org;
  const std::string contact =
      json::parse(org.query("SELECT Id FROM Contact WHERE LastName = 'O\\'Hara'").body)["records"][0]["Id"];
  const std::string gone =
      org.create("Survey_Response__c", json{{"Response_Id__c", "R6"}, {"Contact__c", contact}}.dump());
  REQUIRE(org.call("DELETE", "/sobjects/Survey_Response__c/" + gone).status == 204);
  const std::string soql =
      base::http::percent_encode("SELECT Id FROM Contact WHERE Id IN (SELECT Contact__c FROM Survey_Response__c)");
  CHECK(json::parse(org.call("GET", "/query?q=" + soql).body)["totalSize"] == 1);
  CHECK(json::parse(org.call("GET", "/queryAll?q=" + soql).body)["totalSize"] == 2);
}

TEST_CASE("FIELDS() stands for the fields of its kind") {
  Answers org;
  const json custom =
      json::parse(org.query("SELECT FIELDS(CUSTOM) FROM Survey_Response__c LIMIT 1").body)["records"][0];
  CHECK(custom.contains("Score__c"));
  CHECK_FALSE(custom.contains("Name"));
  CHECK(json::parse(org.query("SELECT FIELDS(ALL) FROM Contact").body)[0]["errorCode"] == "MALFORMED_QUERY");
}

TEST_CASE("a query that cannot be run is refused with its place") {
  struct Case {
    std::string query;
    std::string code;
    std::string message;  // its end
  };
  const std::string describe = " Please reference your WSDL or the describe call for the appropriate names.";
  const Case bad = GENERATE_COPY(
      Case{"SELECT Id FROM XYZZY", "INVALID_TYPE",
           "\nSELECT Id FROM XYZZY\n               ^\nERROR at Row:1:Column:16\nsObject type 'XYZZY' is not supported. "
           "If you are "
           "attempting to use a custom object, be sure to append the '__c' after the entity name." +
               describe},
      Case{"SELECT Id,\nFoo FROM Contact", "INVALID_FIELD",
           "\nFoo FROM Contact\n^\nERROR at Row:2:Column:1\nNo such column 'Foo' on entity 'Contact'. If you are "
           "attempting to use "
           "a custom field, be sure to append the '__c' after the custom field name." +
               describe},
      Case{"SELECT Id, Id FROM Contact", "INVALID_FIELD", "duplicate field selected: Id"},
      Case{"SELECT Nope.Id FROM Contact", "INVALID_FIELD",
           "Didn't understand relationship 'Nope' in field path. If you are attempting to use a custom relationship, "
           "be sure to "
           "append the '__r' after the custom relationship name." +
               describe},
      Case{"SELECT FROM Contact", "MALFORMED_QUERY", "ERROR at Row:1:Column:8\nunexpected token: 'FROM'"},
      Case{"SELECT Id FROM Contact WHERE", "MALFORMED_QUERY", "unexpected token: '<EOF>'"},
      Case{"SELECT Id FROM Contact WHERE Name = 'a' OR Name = 'b' AND Name = 'c'", "MALFORMED_QUERY",
           "unexpected token: 'AND'"},
      Case{"SELECT Id FROM Contact WHERE Name = 'a\\d'", "MALFORMED_QUERY",
           "Invalid string literal 'a\\d'. Illegal character sequence '\\d' in string literal."},
      Case{"SELECT Id FROM Contact WHERE Name = 'a", "MALFORMED_QUERY", "mismatched character '<EOF>' expecting '''"},
      Case{"SELECT Id FROM Contact LIMIT x", "MALFORMED_QUERY", "unexpected token: 'x'"},
      Case{"SELECT Id FROM Contact OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000"},
      Case{"SELECT Id FROM Contact WHERE Id = 'abc'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: abc"},
      Case{"SELECT Id FROM Contact WHERE Name = 5", "INVALID_FIELD",
           "value of filter criterion for field 'Name' must be of type string and should be enclosed in quotes"},
      Case{
          "SELECT Id FROM Survey_Response__c WHERE Score__c = '5'", "INVALID_FIELD",
          "value of filter criterion for field 'Score__c' must be of type double and should not be enclosed in quotes"},
      Case{"SELECT Id FROM Contact WHERE CreatedDate > '2026-01-01T00:00:00Z'", "INVALID_FIELD",
           "value of filter criterion for field 'CreatedDate' must be of type dateTime and should not be enclosed in "
           "quotes"},
      Case{"SELECT Id FROM Contact WHERE Description = 'x'", "INVALID_FIELD",
           "field 'Description' can not be filtered in a query call"},
      Case{"SELECT Id FROM Contact ORDER BY Description", "INVALID_FIELD",
           "field 'Description' can not be sorted in a query call"},
      Case{"SELECT Id FROM Contact WHERE Name = 'a' OR AccountId IN (SELECT Id FROM Account)", "MALFORMED_QUERY",
           "Semi join sub-selects are not allowed with the 'OR' operator"},
      Case{"SELECT Id FROM Contact WHERE Name = 'a' AND (Name = 'b' OR AccountId IN (SELECT Id FROM Account))",
           "MALFORMED_QUERY",
           "Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE "
           "expressions."},
      Case{"SELECT Id FROM Contact WHERE NOT AccountId IN (SELECT Id FROM Account)", "MALFORMED_QUERY",
           "Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE "
           "expressions."},
      Case{"SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE Id IN (SELECT Contact__c FROM "
           "Survey_Response__c))",
           "MALFORMED_QUERY", "Nesting of semi join sub-selects is not supported"},
      Case{"SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact) AND Id NOT IN (SELECT AccountId FROM "
           "Case) AND Id IN (SELECT AccountId FROM Contact)",
           "MALFORMED_QUERY", "Maximum 2 semi join sub-selects are allowed"},
      Case{"SELECT Id FROM Account WHERE Id IN (SELECT ParentId FROM Account)", "MALFORMED_QUERY",
           "The inner and outer selects should not be on the same object type"},
      Case{"SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Lead)", "MALFORMED_QUERY",
           "The selected field 'Id' in the subquery and the left operand field in the where expression in the outer "
           "query 'AccountId' should point to the same object type"},
      Case{"SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account LIMIT 1)", "MALFORMED_QUERY",
           "unexpected token: 'LIMIT'"},
      Case{"SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM XYZZY)", "INVALID_TYPE",
           "be sure to append the '__c' after the entity name." + describe});
  OrgSite org;
  CAPTURE(bad.query);
  const base::http::Response response = org.query(bad.query);
  CHECK(response.status == 400);
  const json error = json::parse(response.body)[0];
  CHECK(error["errorCode"] == bad.code);
  CHECK_THAT(error["message"].get<std::string>(), Catch::Matchers::EndsWith(bad.message));
  CHECK_FALSE(error.contains("fields"));
}

TEST_CASE("values never leave their place in a query") {
  Answers org;
  CHECK(org.found("WHERE Survey__c = '\\' OR Score__c > 0 OR Survey__c = \\''") == "");
  CHECK(org.found("WHERE Survey__c = '\"; DROP TABLE Contact; --'") == "");
}

TEST_CASE("long results come in pages") {
  OrgSite org;
  for (int i = 0; i < 450; ++i) org.create("Account", R"({"Name":"A"})");
  const base::http::Headers pages_of_200{{"Sforce-Query-Options", "batchSize=200"}};

  const json first = json::parse(org.call("GET", "/query?q=SELECT+Id+FROM+Account", "", pages_of_200).body);
  CHECK(first["totalSize"] == 450);
  CHECK(first["done"] == false);
  const std::string next = first["nextRecordsUrl"];
  CHECK_THAT(next, Catch::Matchers::StartsWith("/services/data/v66.0/query/0r8") && Catch::Matchers::EndsWith("-200"));
  const std::string below = next.substr(std::string("/services/data/v66.0").size());
  CHECK(json::parse(org.call("GET", below).body)["records"].size() == 200);
  const json last = json::parse(org.call("GET", below.substr(0, below.size() - 3) + "400").body);
  CHECK(last["records"].size() == 50);
  CHECK(last["done"] == true);
  CHECK_FALSE(last.contains("nextRecordsUrl"));
  CHECK(json::parse(org.call("GET", "/query/0r8Lo0000000009AAA-200").body)[0]["errorCode"] == "INVALID_QUERY_LOCATOR");
}
