// Notices: what people are told in the product, one per recipient and occasion, and handed to a webhook or by mail
// besides.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.hpp"
#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "engine/people.hpp"

namespace engine {

enum class NoticeKind {
  account_expired,
  account_blocked,
  share_revoked,
  edit_invalidated,
  proposal_made,
  proposal_adopted,
  proposal_declined,
  project_transferred,
  account_is_removed,  // "account_removed", as the code of the error that it leads to
  org_schema_changed,
  runs_failing,
};

struct Notice {
  std::string recipient{};  // usr_…
  NoticeKind kind = NoticeKind::account_expired;
  std::string subject{};    // id of what it is about: acc_…, wfl_…, prj_…
  std::string account{};    // whose name is added for those who may see it
  std::string message{};    // names no personal account
  std::string dedup_key{};  // of its occasion: a recipient is told once
};

// As it is stored.
struct NoticeRecord {
  std::int64_t no = 0;
  std::string id{};  // ntc_…
  Notice notice{};
  base::TimePoint created_at{};
  std::optional<base::TimePoint> read_at{};
};

struct NoticeFilter {
  bool unread = false;
  std::int64_t before = 0;  // number of the last one of the page before; 0: from the newest
  int limit = 50;
};

// One that is due to be handed over.
struct NoticeDelivery {
  BrandId brand{};
  NoticeRecord record{};
  int tries = 0;  // before this one
};

class Notices {
 public:
  // `delivers`: new ones are due to be handed over at once.
  Notices(base::sql::Database& database, base::Clock& clock, bool delivers)
      : database_(database), clock_(clock), delivers_(delivers) {}

  // To stand in the transaction of the change that it tells of. Says nothing to a recipient who was told already.
  base::sql::Statement put(BrandId brand, const Notice& notice) const { return put(brand, notice, clock_.now()); }
  base::sql::Statement put(BrandId brand, const Notice& notice, base::TimePoint at) const;
  base::awaitable<void> post(BrandId brand, std::vector<Notice> notices);

  // Newest first.
  base::awaitable<std::vector<NoticeRecord>> list(BrandId brand, std::string recipient, NoticeFilter filter);
  // False when the recipient has no such notice.
  base::awaitable<bool> mark_read(BrandId brand, std::string recipient, std::string id);

  base::awaitable<std::vector<NoticeDelivery>> due_for_delivery(int limit);
  base::awaitable<void> delivered(std::int64_t no);
  base::awaitable<void> deliver_later(std::int64_t no, std::optional<base::TimePoint> at);  // nullopt: never again

 private:
  base::sql::Database& database_;
  base::Clock& clock_;
  bool delivers_;
};

std::string_view to_string(NoticeKind kind);

}  // namespace engine
