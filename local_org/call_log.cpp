// What was asked of the org, by whom, and what it answered.
#include "local_org/call_log.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/json_writer.hpp"

namespace local_org {
namespace {

constexpr std::size_t calls_max = 100'000;

bool fits(const Call& call, const std::string& name, const std::string& wanted) {
  if (name == "method") return call.method == wanted;
  if (name == "path") return call.path.find(wanted) != std::string::npos;
  if (name == "object") return call.object == wanted;
  if (name == "user") return call.user == wanted;
  if (name == "client_id") return call.client_id == wanted;
  if (name == "auto_assign") return call.auto_assign == wanted;
  if (name == "duplicate_rule") return call.duplicate_rule == wanted;
  if (name == "grant") return call.grant == wanted;
  if (name == "error") return call.error.find(wanted) != std::string::npos;
  if (name == "reuse") return (call.reuse ? "true" : "false") == wanted;
  if (name == "status") return std::to_string(call.status) == wanted;
  if (name == "after") return call.number > std::strtoll(wanted.c_str(), nullptr, 10);
  return false;
}

void write_call(base::JsonWriter& json, const Call& call) {
  json.begin_object();
  json.field("number", call.number);
  json.field("at", base::to_iso8601(call.at));
  json.field("method", call.method);
  json.field("path", call.path);
  json.field("status", call.status);
  json.field("user", call.user);
  json.field("client_id", call.client_id);
  json.field("grant", call.grant);
  json.field("object", call.object);
  json.field("auto_assign", call.auto_assign);
  json.field("duplicate_rule", call.duplicate_rule);
  json.field("fault", call.fault);
  json.field("source_ip", call.source_ip);
  json.field("generation", call.generation);
  json.field("reuse", call.reuse);
  json.field("error", call.error);
  json.end_object();
}

}  // namespace

void CallLog::add(Call call) {
  call.number = next_number_++;
  calls_.push_back(std::move(call));
  if (calls_.size() > calls_max) calls_.pop_front();
}

std::string CallLog::to_json(const base::http::Form& conditions) const {
  base::JsonWriter json;
  json.begin_array();
  for (const Call& call : calls_) {
    const bool wanted = std::all_of(conditions.begin(), conditions.end(), [&](const auto& condition) {
      return fits(call, condition.first, condition.second);
    });
    if (wanted) write_call(json, call);
  }
  json.end_array();
  return json.take();
}

}  // namespace local_org
