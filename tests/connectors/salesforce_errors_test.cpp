// Salesforce's answers and what they mean for us, row by row.
#include "connectors/salesforce/errors.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "connectors/errors.hpp"
#include "tests/support/fixture.hpp"

using namespace std::chrono_literals;
using connectors::salesforce::to_error;

namespace {

std::string body_of(const std::string& code, const std::string& message) {
  return nlohmann::json::array({{{"message", message}, {"errorCode", code}, {"fields", nlohmann::json::array()}}})
      .dump();
}

}  // namespace

TEST_CASE("every error of the table has its kind, for a read and for a write") {
  struct Case {
    const char* code;
    int status;
    const char* message;
    base::ErrorCode read;
    base::ErrorCode write;
  };
  using namespace connectors;
  const Case cases[] = {
      {"INVALID_SESSION_ID", 401, "Session expired or invalid", salesforce_session_ended, salesforce_session_ended},
      {"INVALID_SESSION_ID", 401, "This session is not valid for use with the REST API", account_blocked_by_org,
       account_blocked_by_org},
      {"INVALID_SESSION_ID", 401, "Connected app is not attached to Agent", salesforce_refused, salesforce_refused},
      {"INVALID_AUTH_HEADER", 401, "INVALID_HEADER_TYPE", salesforce_refused, salesforce_refused},
      {"REQUEST_LIMIT_EXCEEDED", 403, "TotalRequests Limit exceeded.", salesforce_rate_limit, salesforce_rate_limit},
      {"REQUEST_LIMIT_EXCEEDED", 503, "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
       salesforce_rate_limit, salesforce_rate_limit},
      {"REQUEST_LIMIT_EXCEEDED", 500, "ConcurrentPerOrgLongTxn Limit exceeded", salesforce_rate_limit,
       salesforce_rate_limit},
      {"API_DISABLED_FOR_ORG", 403, "API is not enabled for this Organization or Partner", account_blocked_by_org,
       account_blocked_by_org},
      {"API_DISABLED_FOR_ORG", 403, "The Chatter Connect API is not enabled for this organization or user type.",
       salesforce_refused, salesforce_refused},
      {"API_CURRENTLY_DISABLED", 403, "API is disabled for this user", account_blocked_by_org, account_blocked_by_org},
      {"INSUFFICIENT_ACCESS_OR_READONLY", 403, "insufficient access rights on object id", salesforce_refused,
       salesforce_refused},
      {"INVALID_FIELD_FOR_INSERT_UPDATE", 400, "Unable to create/update fields: Name.", salesforce_refused,
       salesforce_refused},
      {"INVALID_CROSS_REFERENCE_KEY", 404, "invalid cross reference id", salesforce_refused, salesforce_refused},
      {"INVALID_FIELD", 400, "No such column 'foo' on sobject of type Bar", salesforce_refused, salesforce_refused},
      {"INVALID_TYPE", 400, "sObject type 'XYZZY' is not supported.", salesforce_refused, salesforce_refused},
      {"NOT_FOUND", 404, "The requested resource does not exist", salesforce_refused, salesforce_refused},
      {"ENTITY_IS_DELETED", 404, "entity is deleted", salesforce_refused, salesforce_refused},
      {"MALFORMED_ID", 400, "malformed id abc123", salesforce_refused, salesforce_refused},
      {"MALFORMED_QUERY", 400, "unexpected token: FORM", salesforce_refused, salesforce_refused},
      {"QUERY_TIMEOUT", 400, "Your query request was running for too long.", salesforce_unavailable,
       salesforce_unavailable},
      {"INVALID_QUERY_LOCATOR", 400, "invalid query locator", salesforce_unavailable, salesforce_unavailable},
      {"JSON_PARSER_ERROR", 400, "Unexpected character ('}' (code 125))", salesforce_refused, salesforce_refused},
      {"REQUIRED_FIELD_MISSING", 400, "Required fields are missing: [Name]", salesforce_refused, salesforce_refused},
      {"FIELD_CUSTOM_VALIDATION_EXCEPTION", 400, "no weekends", salesforce_refused, salesforce_refused},
      {"STRING_TOO_LONG", 400, "Name: data value too large: x (max length=80)", salesforce_refused, salesforce_refused},
      {"DUPLICATE_VALUE", 400, "duplicate value found: Ext__c duplicates value on record with id: 001U000001c83gK",
       salesforce_duplicate_value, salesforce_duplicate_value},
      {"DUPLICATES_DETECTED", 400, "Use one of these records?", salesforce_refused, salesforce_refused},
      {"UNABLE_TO_LOCK_ROW", 400, "unable to obtain exclusive access to this record", salesforce_row_locked,
       salesforce_row_locked},
      {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", 400,
       "Trg: execution of AfterInsert caused by: UNABLE_TO_LOCK_ROW, unable", salesforce_row_locked,
       salesforce_row_locked},
      {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", 400, "Trg: execution of AfterInsert", salesforce_refused,
       salesforce_refused},
      {"STORAGE_LIMIT_EXCEEDED", 400, "storage limit exceeded", salesforce_refused, salesforce_refused},
      {"METHOD_NOT_ALLOWED", 405, "HTTP Method 'DELETE' not allowed.", salesforce_refused, salesforce_refused},
      {"SERVER_UNAVAILABLE", 503, "Server Unavailable", salesforce_unavailable, salesforce_unclear},
      {"UNKNOWN_EXCEPTION", 500, "An unexpected error occurred.", salesforce_unavailable, salesforce_unclear},
      {"INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", 503, "read-only", salesforce_unavailable,
       salesforce_unavailable},
      {"SOMETHING_NEW", 400, "whatever", salesforce_refused, salesforce_refused},
      {"SOMETHING_NEW", 500, "whatever", salesforce_unavailable, salesforce_unclear},
  };
  for (const Case& one : cases) {
    INFO(one.code << " " << one.status << " " << one.message);
    CHECK(to_error(one.status, {}, body_of(one.code, one.message), false).code == one.read);
    CHECK(to_error(one.status, {}, body_of(one.code, one.message), true).code == one.write);
  }
}

TEST_CASE("an answer that is not Salesforce's JSON is judged by its status") {
  struct Case {
    int status;
    base::ErrorCode read;
    base::ErrorCode write;
  };
  using namespace connectors;
  const Case cases[] = {
      {200, salesforce_unavailable, salesforce_unclear},     {302, salesforce_unavailable, salesforce_unclear},
      {400, salesforce_refused, salesforce_refused},         {401, salesforce_session_ended, salesforce_session_ended},
      {404, salesforce_refused, salesforce_refused},         {408, salesforce_unavailable, salesforce_unclear},
      {412, salesforce_refused, salesforce_refused},         {414, salesforce_refused, salesforce_refused},
      {420, salesforce_unavailable, salesforce_unavailable}, {429, salesforce_rate_limit, salesforce_rate_limit},
      {502, salesforce_unavailable, salesforce_unclear},     {503, salesforce_unavailable, salesforce_unclear},
      {504, salesforce_unavailable, salesforce_unclear},
  };
  for (const Case& one : cases) {
    for (const char* body : {"<html><body>Down for maintenance</body></html>", "", "null", "[]", "{\"a\":1}", "[[["}) {
      INFO(one.status << " " << body);
      CHECK(to_error(one.status, {}, body, false).code == one.read);
      CHECK(to_error(one.status, {}, body, true).code == one.write);
    }
  }
}

TEST_CASE("Salesforce's own code, message and fields are kept") {
  base::Error error = to_error(400, {}, support::fixture("salesforce/required_field_missing.json"), true);

  CHECK(error.message == "REQUIRED_FIELD_MISSING: Required fields are missing: [LastName] (fields: LastName)");
  CHECK(
      error.details ==
      R"({"status":400,"errors":[{"errorCode":"REQUIRED_FIELD_MISSING","message":"Required fields are missing: [LastName]",)"
      R"("fields":["LastName"]}]})");
}

TEST_CASE("an upsert that several records match has a code of its own") {
  base::Error error = to_error(300, {}, support::fixture("salesforce/several_match.json"), true);

  CHECK(error.code == connectors::salesforce_several_match);
  CHECK(error.message.find("several records match the external id") == 0);
}

TEST_CASE("a duplicate found by a rule keeps its code, and the candidates are named") {
  base::Error error = to_error(400, {}, support::fixture("salesforce/duplicates_detected.json"), true);

  CHECK(error.code == connectors::salesforce_refused);
  CHECK(error.message ==
        "DUPLICATES_DETECTED: Use one of these records? (the org takes it for Contact 0035e00000kCnnWAAS)");
  CHECK_THAT(error.details, Catch::Contains(R"("matches":[{"object":"Contact","id":"0035e00000kCnnWAAS"}])"));
}

TEST_CASE("a limit says how long to wait: Salesforce's wish first, else by which limit it is") {
  auto wait = [](const char* message, base::http::Headers headers) {
    return to_error(403, headers, body_of("REQUEST_LIMIT_EXCEEDED", message), true).retry_after;
  };
  CHECK(wait("TotalRequests Limit exceeded.", {}) == 5min);
  CHECK(wait("ConcurrentRequests (Concurrent API Requests) Limit exceeded.", {}) == 5s);
  CHECK(wait("TotalRequests Limit exceeded.", {{"Retry-After", "7"}}) == 7s);
  CHECK(wait("TotalRequests Limit exceeded.", {{"Retry-After", "-1"}}) == 5min);
}

TEST_CASE("other shapes of errors are read too") {
  CHECK(to_error(400, {}, R"({"errorCode":"POST_BODY_IS_EMPTY","message":"no text"})", true).message ==
        "POST_BODY_IS_EMPTY: no text");
  CHECK(
      to_error(
          400, {},
          R"({"id":null,"success":false,"errors":[{"statusCode":"STRING_TOO_LONG","message":"too long","fields":["Name"]}]})",
          true)
          .message == "STRING_TOO_LONG: too long (fields: Name)");
  CHECK(to_error(400, {}, R"({"error":"invalid_grant","error_description":"ip restricted"})", false).message ==
        "invalid_grant: ip restricted");
}

TEST_CASE("a record that is gone is told apart from somebody else's 404") {
  using connectors::salesforce::says_record_is_gone;
  CHECK(says_record_is_gone(404, body_of("ENTITY_IS_DELETED", "entity is deleted")));
  CHECK(says_record_is_gone(404, body_of("NOT_FOUND", "The requested resource does not exist")));
  CHECK(says_record_is_gone(400, body_of("ENTITY_IS_DELETED", "entity is deleted")));
  CHECK_FALSE(says_record_is_gone(404, "<html>no such host</html>"));
  CHECK_FALSE(says_record_is_gone(400, body_of("DELETE_FAILED", "in use")));
  CHECK_FALSE(says_record_is_gone(204, ""));
}
