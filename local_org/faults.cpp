// Faults that a test asks for: the next calls fail, before or after their work is done.
#include "local_org/faults.hpp"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"

namespace local_org {
namespace {

struct KnownFault {
  int status;
  std::string_view code;
  std::string_view message;
};

// What Salesforce says when it fails that way.
KnownFault usual_fault(int status) {
  switch (status) {
    case 400: return {400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record"};
    case 401: return {401, "INVALID_SESSION_ID", "Session expired or invalid"};
    case 403: return {403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."};
    case 503: return {503, "SERVER_UNAVAILABLE", "Server Unavailable"};
    default:
      return {status, "UNKNOWN_EXCEPTION",
              "An unexpected error occurred. Please include this ErrorId if you contact support: 0000000000-0 (0)"};
  }
}

std::string error_array(std::string_view code, std::string_view message) {
  base::JsonWriter json;
  json.begin_array();
  json.begin_object();
  json.field("message", message);
  json.field("errorCode", code);
  json.end_object();
  json.end_array();
  return json.take();
}

Fault fault_from(const nlohmann::json& wanted) {
  Fault fault;
  fault.next = wanted.value("next", 1);
  fault.drops = wanted.value("answer", "error") == "drop";
  fault.after_commit = wanted.value("after_commit", false);
  fault.method = wanted.value("method", "");
  fault.path_contains = wanted.value("path_contains", "");
  const KnownFault usual = usual_fault(wanted.value("status", 503));
  const std::string code = wanted.value("code", std::string(usual.code));
  const std::string message = wanted.value("message", std::string(usual.message));
  fault.answer.status = usual.status;
  fault.answer.headers = {{"content-type", wanted.value("content_type", "application/json;charset=UTF-8")}};
  for (const auto& [name, value] : wanted.value("headers", std::map<std::string, std::string>()))
    fault.answer.headers.emplace_back(name, value);
  fault.answer.body = wanted.value("body", error_array(code, message));
  return fault;
}

// What Salesforce says on failing is known; what it says otherwise has to be told.
std::string flaw_of_status(const nlohmann::json& wanted, int status) {
  if (status < 200 || status > 599) return "'status' is between 200 and 599";
  return status < 400 && !wanted.contains("body") ? "an answer that is no error has a 'body'" : "";
}

std::string unknown_key(const nlohmann::json& wanted) {
  static constexpr std::string_view known[] = {"next", "status",  "answer", "after_commit", "method", "path_contains",
                                               "code", "message", "body",   "content_type", "headers"};
  for (const auto& [key, value] : wanted.items()) {
    if (std::find(std::begin(known), std::end(known), key) == std::end(known)) return key;
  }
  return {};
}

}  // namespace

std::string Faults::add(std::string_view json) {
  const base::Result<nlohmann::json> wanted = base::parse_json(json);
  if (!wanted) return wanted.error().message;
  if (!wanted->is_object()) return "a fault is a JSON object";
  if (const std::string key = unknown_key(*wanted); !key.empty()) return "a fault has no '" + key + "'";
  try {
    Fault fault = fault_from(*wanted);
    if (fault.next < 1) return "'next' is 1 or more";
    if (const std::string flaw = flaw_of_status(*wanted, fault.answer.status); !flaw.empty()) return flaw;
    faults_.push_back(std::move(fault));
  } catch (const nlohmann::json::exception&) {
    return "a value of the fault has the wrong type";
  }
  return {};
}

std::optional<Fault> Faults::strike(std::string_view method, std::string_view target) {
  const auto struck = std::find_if(faults_.begin(), faults_.end(), [&](const Fault& fault) {
    return (fault.method.empty() || fault.method == method) &&
           target.find(fault.path_contains) != std::string_view::npos;
  });
  if (struck == faults_.end()) return std::nullopt;
  Fault fault = *struck;
  if (--struck->next == 0) faults_.erase(struck);
  return fault;
}

std::string Faults::to_json() const {
  base::JsonWriter json;
  json.begin_array();
  for (const Fault& fault : faults_) {
    json.begin_object();
    json.field("next", fault.next);
    json.field("status", fault.answer.status);
    json.field("answer", fault.drops ? "drop" : "error");
    json.field("after_commit", fault.after_commit);
    json.field("method", fault.method);
    json.field("path_contains", fault.path_contains);
    json.end_object();
  }
  json.end_array();
  return json.take();
}

}  // namespace local_org
