#include "engine/notices.hpp"

#include <array>

#include "base/id.hpp"

namespace engine {
namespace {

using base::sql::Row;
using base::sql::Statement;

constexpr std::array notice_words{"account_expired", "account_blocked",    "share_revoked",     "edit_invalidated",
                                  "proposal_made",   "proposal_adopted",   "proposal_declined", "project_transferred",
                                  "account_removed", "org_schema_changed", "runs_failing"};

NoticeKind kind_of_notice(const std::string& word) {
  for (std::size_t i = 0; i < notice_words.size(); ++i) {
    if (word == notice_words[i]) return static_cast<NoticeKind>(i);
  }
  return NoticeKind::account_expired;
}

// no, id, recipient, kind, subject, account, message, dedup_key, created_at, read_at
NoticeRecord notice_from_row(const Row& row) {
  NoticeRecord record{.no = row.integer(0), .id = row.text(1)};
  record.notice = {row.text(2), kind_of_notice(row.text(3)), row.text(4), row.text(5), row.text(6), row.text(7)};
  record.created_at = base::from_millis(row.integer(8));
  if (!row.is_null(9)) record.read_at = base::from_millis(row.integer(9));
  return record;
}

}  // namespace

std::string_view to_string(NoticeKind kind) { return notice_words[static_cast<std::size_t>(kind)]; }

base::sql::Statement Notices::put(BrandId brand, const Notice& notice, base::TimePoint at) const {
  const std::int64_t now = base::to_millis(at);
  const std::string id = base::derived_id("ntc_", {std::to_string(brand.no), notice.recipient, notice.dedup_key});
  return {
      R"sql(INSERT INTO notice (brand, id, recipient, kind, subject, account, message, dedup_key, created_at, deliver_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (brand, recipient, dedup_key) DO NOTHING)sql",
      {brand.no, id, notice.recipient, std::string(to_string(notice.kind)), notice.subject, notice.account,
       notice.message, notice.dedup_key, now, delivers_ ? base::sql::Value(now) : base::sql::Value(base::sql::Null{})}};
}

base::awaitable<void> Notices::post(BrandId brand, std::vector<Notice> notices) {
  base::sql::Batch batch;
  for (const Notice& notice : notices) batch.push_back(put(brand, notice));
  if (!batch.empty()) co_await database_.apply(std::move(batch));
}

base::awaitable<std::vector<NoticeRecord>> Notices::list(BrandId brand, std::string recipient, NoticeFilter filter) {
  Statement page{
      R"sql(SELECT no, id, recipient, kind, subject, account, message, dedup_key, created_at, read_at FROM notice
            WHERE brand = $1 AND recipient = $2 AND ($3 = 0 OR read_at IS NULL) AND ($4 = 0 OR no < $4)
            ORDER BY no DESC LIMIT $5)sql",
      {brand.no, recipient, std::int64_t{filter.unread}, filter.before, std::int64_t{filter.limit}}};
  std::vector<NoticeRecord> records;
  for (const Row& row : co_await database_.read(std::move(page))) records.push_back(notice_from_row(row));
  co_return records;
}

base::awaitable<bool> Notices::mark_read(BrandId brand, std::string recipient, std::string id) {
  base::sql::Batch batch{{R"sql(UPDATE notice SET read_at = coalesce(read_at, $4)
                                WHERE brand = $1 AND recipient = $2 AND id = $3)sql",
                          {brand.no, recipient, id, base::to_millis(clock_.now())}}};
  const std::vector<base::sql::Outcome> outcomes = co_await database_.apply(std::move(batch));
  co_return outcomes.front().changes == 1;
}

base::awaitable<std::vector<NoticeDelivery>> Notices::due_for_delivery(int limit) {
  Statement due{
      R"sql(SELECT no, id, recipient, kind, subject, account, message, dedup_key, created_at, read_at, brand, deliveries
            FROM notice WHERE deliver_at <= $1 AND brand > 0 ORDER BY deliver_at, no LIMIT $2)sql",
      {base::to_millis(clock_.now()), std::int64_t{limit}}};
  std::vector<NoticeDelivery> deliveries;
  for (const Row& row : co_await database_.read(std::move(due))) {
    deliveries.push_back({{row.integer(10)}, notice_from_row(row), static_cast<int>(row.integer(11))});
  }
  co_return deliveries;
}

base::awaitable<void> Notices::delivered(std::int64_t no) {
  base::sql::Batch batch{{R"sql(UPDATE notice SET deliver_at = NULL, delivered_at = $2, deliveries = deliveries + 1
             WHERE no = $1 AND brand > 0)sql",
                          {no, base::to_millis(clock_.now())}}};
  co_await database_.apply(std::move(batch));
}

base::awaitable<void> Notices::deliver_later(std::int64_t no, std::optional<base::TimePoint> at) {
  base::sql::Batch batch{
      {R"sql(UPDATE notice SET deliver_at = $2, deliveries = deliveries + 1 WHERE no = $1 AND brand > 0)sql",
       {no, at ? base::sql::Value(base::to_millis(*at)) : base::sql::Value(base::sql::Null{})}}};
  co_await database_.apply(std::move(batch));
}

}  // namespace engine
