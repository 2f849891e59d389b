// Notices: what the product tells whoever asks.
#include <algorithm>
#include <charconv>

#include "app/api/handlers.hpp"
#include "app/api/problem.hpp"
#include "base/json_writer.hpp"

namespace app::api {
namespace {

std::int64_t number_or(std::string_view text, std::int64_t otherwise) {
  std::int64_t number = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

void write_notice(Context& context, const Principal& who, const engine::NoticeRecord& record, base::JsonWriter& json) {
  const engine::Notice& notice = record.notice;
  json.begin_object();
  json.field("id", record.id);
  json.field("kind", engine::to_string(notice.kind));
  const std::optional<engine::AccountFacts> account =
      notice.account.empty() ? std::nullopt : context.services.account_directory.find(notice.account);
  const bool is_shown = account && engine::may_be_shown(*account, who.user);
  if (notice.subject != notice.account || is_shown) json.field("subject", notice.subject);
  if (is_shown) json.field("account", account->name);
  json.field("message", notice.message);
  json.field("created_at", base::to_iso8601(record.created_at));
  if (record.read_at) json.field("read_at", base::to_iso8601(*record.read_at));
  json.end_object();
}

}  // namespace

// ?unread=true&limit=50&after=…: the own ones, newest first.
Answer list_notices(Context& context, const Principal& who, Request& request) {
  const std::int64_t limit = std::clamp<std::int64_t>(number_or(request.query_value("limit"), 50), 1, 500);
  engine::NoticeFilter filter{.unread = request.query_value("unread") == "true",
                              .before = number_or(request.query_value("after"), 0),
                              .limit = static_cast<int>(limit) + 1};
  std::vector<engine::NoticeRecord> records = co_await context.services.notices.list(who.brand, who.user, filter);
  const bool has_more = static_cast<std::int64_t>(records.size()) > limit;
  if (has_more) records.pop_back();
  base::JsonWriter json;
  json.begin_object();
  json.key("notices");
  json.begin_array();
  for (const engine::NoticeRecord& record : records) write_notice(context, who, record, json);
  json.end_array();
  if (has_more) json.field("next", std::to_string(records.back().no));
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

Answer read_notice(Context& context, const Principal& who, Request& request) {
  const bool is_there =
      co_await context.services.notices.mark_read(who.brand, who.user, std::string(request.param("id")));
  if (!is_there) co_return problem(404, "notice_unknown", "there is no such notice");
  co_return base::http::Response{204, {}, ""};
}

}  // namespace app::api
