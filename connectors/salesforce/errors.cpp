#include "connectors/salesforce/errors.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "connectors/errors.hpp"
#include "connectors/salesforce/duplicates.hpp"

namespace connectors::salesforce {

namespace {

using std::chrono::milliseconds;

// Is it certain that a write was not carried out?
enum class Done { no, maybe };

struct TableRow {
  std::string_view error_code;     // Salesforce's; "" for any
  int status;                      // 0 for any
  std::string_view message_holds;  // "" for any
  base::ErrorCode code;
  Done done = Done::no;
  milliseconds pause{0};  // asked of the engine where Salesforce does not say
};

// The first row that fits counts. Codes that are not listed fall through to the rows by status, and from there to a
// refusal: Salesforce knows several hundred codes, and nearly all of them mean that the author or an admin must act.
const TableRow error_table[] = {
    // Sessions. The longer texts stand for orgs that do not let the app use the API: a new token would be refused as
    // well.
    {"INVALID_SESSION_ID", 401, "not valid for use with", account_blocked_by_org},
    {"INVALID_SESSION_ID", 0, "not attached to Agent", salesforce_refused},
    {"INVALID_SESSION_ID", 0, "", salesforce_session_ended},
    {"INVALID_AUTH_HEADER", 401, "", salesforce_refused},

    // The API as a whole, refused to the user or the org. That Chatter is off says nothing about the rest.
    {"API_DISABLED_FOR_ORG", 0, "Chatter", salesforce_refused},
    {"API_DISABLED_FOR_ORG", 0, "", account_blocked_by_org},
    {"API_CURRENTLY_DISABLED", 0, "", account_blocked_by_org},

    // Limits. The daily one is a window of 24 hours that rolls on, the others clear within seconds.
    {"REQUEST_LIMIT_EXCEEDED", 0, "TotalRequests", salesforce_rate_limit, Done::no, milliseconds{300'000}},
    {"REQUEST_LIMIT_EXCEEDED", 0, "", salesforce_rate_limit, Done::no, milliseconds{5'000}},

    // Locks, also where a trigger or a flow ran into one: the whole transaction was rolled back.
    {"UNABLE_TO_LOCK_ROW", 0, "", salesforce_row_locked},
    {"", 0, "UNABLE_TO_LOCK_ROW", salesforce_row_locked},

    // Uniqueness.
    {"", 300, "", salesforce_several_match},
    {"DUPLICATE_EXTERNAL_ID", 0, "", salesforce_several_match},
    {"DUPLICATE_VALUE", 0, "", salesforce_duplicate_value},

    // Worth another try.
    {"QUERY_TIMEOUT", 0, "", salesforce_unavailable},
    {"QUERY_TOO_COMPLICATED", 0, "", salesforce_unavailable},
    {"INVALID_QUERY_LOCATOR", 0, "", salesforce_unavailable},
    {"INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", 0, "", salesforce_unavailable, Done::no,
     milliseconds{300'000}},
    {"SERVER_UNAVAILABLE", 0, "", salesforce_unavailable, Done::maybe},
    {"REQUEST_RUNNING_TOO_LONG", 0, "", salesforce_unavailable, Done::maybe},
    {"UNKNOWN_EXCEPTION", 0, "", salesforce_unavailable, Done::maybe},

    // Only the status is left. 420: the edge has no way to this org, nothing of ours got in.
    {"", 401, "", salesforce_session_ended},
    {"", 408, "", salesforce_unavailable, Done::maybe},
    {"", 420, "", salesforce_unavailable},
    {"", 429, "", salesforce_rate_limit, Done::no, milliseconds{5'000}},
};

struct SalesforceError {
  std::string code;
  std::string message;
  std::vector<std::string> fields;
  std::optional<Duplicates> duplicates{};
};

std::string text_member(const nlohmann::json& object, const char* name) {
  auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

// REST writes errorCode, collections statusCode, the OAuth endpoints error and error_description.
SalesforceError one_error(const nlohmann::json& object) {
  SalesforceError error;
  for (const char* name : {"errorCode", "statusCode", "error"}) {
    if (error.code.empty()) error.code = text_member(object, name);
  }
  error.message =
      text_member(object, error.code.empty() || object.contains("message") ? "message" : "error_description");
  if (auto fields = object.find("fields"); fields != object.end() && fields->is_array()) {
    for (const nlohmann::json& field : *fields) {
      if (field.is_string()) error.fields.push_back(field.get<std::string>());
    }
  }
  error.duplicates = read_duplicates(object);
  return error;
}

// An array of errors in plain REST, a single one from Connect, `errors` inside the answer of a create. Anything else,
// like a page of HTML from the edge, holds none.
std::vector<SalesforceError> errors_in(std::string_view body) {
  std::vector<SalesforceError> errors;
  base::Result<nlohmann::json> tree = base::parse_json(body);
  if (!tree) return errors;
  const nlohmann::json* list = &*tree;
  if (tree->is_object() && tree->contains("errors")) list = &(*tree)["errors"];
  if (list->is_object()) {
    errors.push_back(one_error(*list));
  } else if (list->is_array()) {
    for (const nlohmann::json& item : *list) {
      if (item.is_object()) errors.push_back(one_error(item));
    }
  }
  std::erase_if(errors, [](const SalesforceError& error) { return error.code.empty(); });
  return errors;
}

bool fits(const TableRow& row, int status, const SalesforceError& error) {
  return (row.status == 0 || row.status == status) && (row.error_code.empty() || row.error_code == error.code) &&
         (row.message_holds.empty() || error.message.find(row.message_holds) != std::string::npos);
}

TableRow row_for(int status, const SalesforceError& error) {
  for (const TableRow& row : error_table) {
    if (fits(row, status, error)) return row;
  }
  // A success that could not be read, a redirect and every 5xx leave open what was done.
  if (status >= 500 || (status < 400 && status != 304)) return {"", status, "", salesforce_unavailable, Done::maybe};
  return {"", status, "", salesforce_refused};
}

std::optional<milliseconds> wished_pause(const base::http::Headers& headers) {
  std::optional<std::string_view> wish = base::http::find_header(headers, "Retry-After");
  std::int64_t seconds = 0;
  if (!wish || std::from_chars(wish->data(), wish->data() + wish->size(), seconds).ec != std::errc{})
    return std::nullopt;
  if (seconds < 0 || seconds > 24 * 3600) return std::nullopt;
  return milliseconds{seconds * 1000};
}

std::string to_details(int status, const std::vector<SalesforceError>& errors) {
  base::JsonWriter json;
  json.begin_object();
  json.field("status", status);
  json.key("errors");
  json.begin_array();
  for (const SalesforceError& error : errors) {
    json.begin_object();
    json.field("errorCode", error.code);
    json.field("message", error.message);
    json.key("fields");
    json.begin_array();
    for (const std::string& field : error.fields) json.string(field);
    json.end_array();
    if (error.duplicates) {
      if (!error.duplicates->rule.empty()) json.field("rule", error.duplicates->rule);
      json.key("matches");
      write_matches(json, error.duplicates->matches);
    }
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

bool is_html(const base::http::Headers& headers, std::string_view body) {
  std::string_view type = base::http::find_header(headers, "Content-Type").value_or("");
  std::size_t first = body.find_first_not_of(" \t\r\n");
  return type.substr(0, 9) == "text/html" || (first != std::string_view::npos && body[first] == '<');
}

std::string in_words(const SalesforceError& error) {
  std::string words = error.message.empty() ? error.code : fmt::format("{}: {}", error.code, error.message);
  if (!error.fields.empty()) words += fmt::format(" (fields: {})", fmt::join(error.fields, ", "));
  if (error.duplicates) words += fmt::format(" (the org takes it for {})", matches_in_words(error.duplicates->matches));
  return words;
}

std::string to_message(int status, const base::http::Headers& headers, std::string_view body, bool is_unclear,
                       const std::vector<SalesforceError>& errors) {
  std::string message;
  if (status == 300) {
    message = "several records match the external id, so nothing was written; the field is not unique in this org";
  } else if (errors.empty()) {
    message = fmt::format("Salesforce answered with {} (status {})",
                          is_html(headers, body) ? "a web page" : "nothing that can be read", status);
  } else {
    for (const SalesforceError& error : errors) message += (message.empty() ? "" : "; ") + in_words(error);
  }
  if (is_unclear) message += "; whether the change was made is not known";
  return message;
}

}  // namespace

base::Error to_error(int status, const base::http::Headers& headers, std::string_view body, bool is_write) {
  std::vector<SalesforceError> errors = errors_in(body);
  TableRow row = row_for(status, errors.empty() ? SalesforceError{} : errors.front());
  bool is_unclear = is_write && row.done == Done::maybe;

  base::Error error{is_unclear ? salesforce_unclear : row.code};
  error.message = to_message(status, headers, body, is_unclear, errors);
  error.details = to_details(status, errors);
  if (!is_unclear) {
    error.retry_after = wished_pause(headers);
    if (!error.retry_after && row.pause.count() > 0) error.retry_after = row.pause;
  }
  return error;
}

bool says_record_is_gone(int status, std::string_view body) {
  std::vector<SalesforceError> errors = errors_in(body);
  if (errors.empty()) return false;  // somebody else's 404
  return status == 404 || errors.front().code == "ENTITY_IS_DELETED";
}

std::vector<std::string> salesforce_codes(const base::Error& error) {
  std::vector<std::string> codes;
  const base::Result<nlohmann::json> details = base::parse_json(error.details);
  if (!details || !details->is_object() || !details->contains("errors")) return codes;
  for (const nlohmann::json& one : details->at("errors")) {
    const auto code = one.is_object() ? one.find("errorCode") : one.end();
    if (code != one.end() && code->is_string()) codes.push_back(code->get<std::string>());
  }
  return codes;
}

bool says_not_found(const base::Error& error) {
  const std::vector<std::string> codes = salesforce_codes(error);
  return std::find(codes.begin(), codes.end(), "NOT_FOUND") != codes.end();
}

}  // namespace connectors::salesforce
