// The audit log: of the own brand for its admins, of the server itself for the operator.
#include <charconv>

#include <fmt/format.h>

#include "app/api/handlers.hpp"
#include "app/api/paging.hpp"
#include "app/api/problem.hpp"

namespace app::api {
namespace {

engine::BrandId chain_of(const Principal& who) { return who.is_operator() ? engine::server_itself : who.brand; }

void write_entry(base::JsonWriter& json, const engine::AuditRecord& record) {
  json.begin_object();
  json.field("no", record.no);
  json.field("at", base::to_iso8601(record.at));
  json.field("who", record.entry.who);
  json.field("what", record.entry.what);
  json.field("subject", record.entry.subject);
  json.field("details", record.entry.details);
  json.field("hash", record.hash);
  json.end_object();
}

// The number that a page ends with; 0 for none, nullopt for nonsense.
std::optional<std::int64_t> entry_number(std::string_view text) {
  if (text.empty()) return 0;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

// "12:9f3c…", as GET /audit/head gives it; nullopt for nonsense.
std::optional<engine::AuditHead> read_head(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return std::nullopt;
  const std::optional<std::int64_t> number = entry_number(text.substr(0, colon));
  if (!number || *number == 0) return std::nullopt;
  return engine::AuditHead{*number, std::string(text.substr(colon + 1))};
}

}  // namespace

Answer list_audit(Context& context, const Principal& who, Request& request) {
  PageRequest read = read_page(request, {"who", "what", "subject"});
  if (read.refusal) co_return *std::move(read.refusal);
  const std::optional<std::int64_t> before = entry_number(read.page.after);
  if (!before) co_return problem(422, "query_invalid", "'after' must be the 'next' of the page before");
  engine::AuditFilter filter{.who = std::string(request.query_value("who")),
                             .what = std::string(request.query_value("what")),
                             .subject = std::string(request.query_value("subject")),
                             .before = *before,
                             .limit = read.page.limit + 1};
  std::vector<engine::AuditRecord> records = co_await context.services.audit.list(chain_of(who), std::move(filter));
  const bool has_more = static_cast<int>(records.size()) > read.page.limit;
  if (has_more) records.pop_back();
  base::JsonWriter json;
  json.begin_object();
  json.key("entries");
  json.begin_array();
  for (const engine::AuditRecord& record : records) write_entry(json, record);
  json.end_array();
  if (has_more) json.field("next", std::to_string(records.back().no));
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

Answer show_audit_head(Context& context, const Principal& who, Request&) {
  const engine::AuditHead head = co_await context.services.audit.head(chain_of(who));
  base::JsonWriter json;
  json.begin_object();
  json.field("entries", head.no);
  json.field("head", head.no == 0 ? "" : fmt::format("{}:{}", head.no, head.hash));
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

// ?head=12:9f3c…: one that was kept, to which the log must lead.
Answer verify_audit(Context& context, const Principal& who, Request& request) {
  std::optional<engine::AuditHead> kept;
  if (const std::string_view named = request.query_value("head"); !named.empty()) {
    kept = read_head(named);
    if (!kept)
      co_return problem(422, "query_invalid", "'head' must be one that GET /audit/head gave: number, colon, hash");
  }
  const engine::AuditCheck check = co_await context.services.audit.verify(chain_of(who), std::move(kept));
  base::JsonWriter json;
  json.begin_object();
  json.field("holds", !check.first_broken);
  json.field("entries", check.entries);
  json.field("head", check.head);
  if (check.first_broken) {
    json.field("first_broken", *check.first_broken);
    json.field("fault", check.fault);
  }
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

}  // namespace app::api
