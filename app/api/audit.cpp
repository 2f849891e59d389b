// The audit log: of the own brand for its admins, of the server itself for the operator.
#include <charconv>

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

Answer verify_audit(Context& context, const Principal& who, Request&) {
  const engine::AuditCheck check = co_await context.services.audit.verify(chain_of(who));
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
