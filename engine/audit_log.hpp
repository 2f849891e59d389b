// The audit log: the one way in which a change of people, accounts, sharing, bindings, workflows or keys is committed.
// Its entries are chained by hashes, one chain per brand, so that a changed, missing or added entry shows.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/async.hpp"
#include "base/json_text.hpp"
#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "engine/people.hpp"

namespace engine {

// Brand 0 is the server itself: what its operator does to no brand in particular.
inline constexpr BrandId server_itself{0};

struct AuditEntry {
  std::string who;           // usr_…, "operator" or "system"
  std::string what;          // e.g. "account.shared", "project.transferred"
  std::string subject;       // id of what was changed
  base::JsonText details{};  // an object of ids, words and hashes; never answers or secrets
};

// {"user":"usr_…"} and the like, for an entry's details.
base::JsonText audit_details(std::initializer_list<std::pair<std::string_view, std::string_view>> members);

// An entry as it stands in the chain.
struct AuditRecord {
  std::int64_t no = 0;  // 1, 2, 3 … within the brand
  base::TimePoint at{};
  AuditEntry entry{};
  std::string hash{};
};

// Empty texts and 0 ask for nothing.
struct AuditFilter {
  std::string who{};
  std::string what{};
  std::string subject{};
  std::int64_t before = 0;  // entries with a smaller number
  int limit = 50;
};

// Where a chain ends, to be kept elsewhere: a later log that does not lead to it was cut or rewritten.
struct AuditHead {
  std::int64_t no = 0;  // 0: there is no entry yet
  std::string hash{};
};

struct AuditCheck {
  std::int64_t entries = 0;                    // that hold
  std::optional<std::int64_t> first_broken{};  // number of the first entry that does not
  std::string fault{};                         // what is wrong with it
  std::string head{};                          // hash of the newest that holds
};

class AuditLog {
 public:
  AuditLog(base::sql::Database& database, base::Clock& clock) : database_(database), clock_(clock) {}

  // Called with a brand's new epoch after a commit that raised it, before the one who changed something goes on: who
  // holds facts in memory puts them right without waiting in between, and nobody sees a new epoch with old facts.
  void on_epoch_raised(std::function<void(BrandId, std::int64_t epoch)> observer) { observer_ = std::move(observer); }

  // One transaction: the changes, the brand's next epoch, the entry. Answers with the outcomes of `changes`.
  base::awaitable<std::vector<base::sql::Outcome>> commit(BrandId brand, AuditEntry entry, base::sql::Batch changes,
                                                          bool raises_epoch = true);
  // The same for a change that depends on what it finds: where `change` answers false, all is as it was.
  using Change = std::function<bool(base::sql::Connection&)>;
  base::awaitable<bool> commit_if(BrandId brand, AuditEntry entry, Change change, bool raises_epoch = true);

  // Newest first.
  base::awaitable<std::vector<AuditRecord>> list(BrandId brand, AuditFilter filter) const;
  base::awaitable<AuditHead> head(BrandId brand) const;
  // Walks the whole chain; it must lead to the head that was kept, too.
  base::awaitable<AuditCheck> verify(BrandId brand, std::optional<AuditHead> kept = {}) const;

 private:
  base::sql::Database& database_;
  base::Clock& clock_;
  std::function<void(BrandId, std::int64_t)> observer_;
};

}  // namespace engine
