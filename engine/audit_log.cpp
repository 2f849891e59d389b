#include "engine/audit_log.hpp"

#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/json_writer.hpp"

namespace engine {
namespace {

using base::sql::Connection;
using base::sql::Row;
using base::sql::Statement;

// Rolls a transaction back; never leaves this file.
struct ChangeRefused {};

// Each part with its length: no two entries share their bytes.
std::string chained_hash(const std::string& previous, BrandId brand, const AuditRecord& record) {
  std::string bytes;
  const AuditEntry& entry = record.entry;
  for (const std::string& part :
       {previous, std::to_string(brand.no), std::to_string(record.no), std::to_string(base::to_millis(record.at)),
        entry.who, entry.what, entry.subject, entry.details.text}) {
    bytes += fmt::format("{}:{},", part.size(), part);
  }
  return base::to_hex(base::sha256(bytes));
}

std::int64_t raise_epoch(Connection& sql, BrandId brand) {
  Statement raise{R"sql(UPDATE brand SET auth_epoch = auth_epoch + 1 WHERE no = $1 RETURNING auth_epoch)sql",
                  {brand.no}};
  return sql.execute(raise).rows.at(0).integer(0);
}

// Taking the next number locks the brand's chain until the commit.
void append_entry(Connection& sql, BrandId brand, AuditEntry entry, base::TimePoint now) {
  Statement next{
      R"sql(INSERT INTO audit_head (brand, no, hash) VALUES ($1, 1, '')
            ON CONFLICT (brand) DO UPDATE SET no = audit_head.no + 1 RETURNING no, hash)sql",
      {brand.no}};
  const base::sql::Outcome head = sql.execute(next);
  AuditRecord record{head.rows.at(0).integer(0), now, std::move(entry)};
  if (record.entry.details.empty()) record.entry.details.text = "{}";
  record.hash = chained_hash(head.rows.at(0).text(1), brand, record);
  sql.execute({R"sql(INSERT INTO audit_entry (brand, no, at, who, what, subject, details, hash)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8))sql",
               {brand.no, record.no, base::to_millis(record.at), record.entry.who, record.entry.what,
                record.entry.subject, record.entry.details.text, record.hash}});
  sql.execute({R"sql(UPDATE audit_head SET hash = $2 WHERE brand = $1)sql", {brand.no, record.hash}});
}

AuditRecord record_from_row(const Row& row) {
  return {row.integer(0), base::from_millis(row.integer(1)),
          AuditEntry{row.text(2), row.text(3), row.text(4), base::JsonText{row.text(5)}}, row.text(6)};
}

// Who edits a file by hand may leave a text where a number was.
bool has_its_types(const Row& row) {
  for (std::size_t column = 0; column < row.values.size(); ++column) {
    const bool is_number = std::holds_alternative<std::int64_t>(row.values[column]);
    const bool is_text = std::holds_alternative<std::string>(row.values[column]);
    if (column < 2 ? !is_number : !is_text) return false;
  }
  return true;
}

// Walks entries in their order; remembers the first that does not hold.
class ChainWalk {
 public:
  ChainWalk(BrandId brand, std::optional<AuditHead> kept) : brand_(brand), kept_(std::move(kept)) {}

  void step(const Row& row) {
    if (check_.first_broken) return;
    const std::int64_t expected = check_.entries + 1;
    if (!has_its_types(row)) return broken(expected, "it is no entry");
    const AuditRecord record = record_from_row(row);
    if (record.no != expected) return broken(expected, fmt::format("it is missing; entry {} follows", record.no));
    if (record.hash != chained_hash(check_.head, brand_, record))
      return broken(expected, "its hash does not go with it and the entry before");
    if (kept_ && kept_->no == record.no && kept_->hash != record.hash)
      return broken(expected, "it is not the entry whose head was kept");
    check_.head = record.hash;
    check_.entries = record.no;
  }
  // `no` and `hash` of the newest entry, as the log remembers them.
  void end(std::int64_t no, const std::string& hash) {
    if (check_.first_broken) return;
    if (no > check_.entries) return broken(check_.entries + 1, fmt::format("it is missing; there were {} entries", no));
    if (no < check_.entries) return broken(no + 1, fmt::format("it was added; there were {} entries", no));
    if (hash != check_.head) return broken(no, "it is not the entry that was written last");
    if (kept_ && kept_->no > no)
      broken(no + 1, fmt::format("it is missing; the head that was kept is that of entry {}", kept_->no));
  }
  bool is_broken() const { return check_.first_broken.has_value(); }
  std::int64_t last() const { return check_.entries; }
  AuditCheck result() { return std::move(check_); }

 private:
  void broken(std::int64_t no, std::string fault) {
    check_.first_broken = no;
    check_.fault = std::move(fault);
  }

  BrandId brand_;
  std::optional<AuditHead> kept_;
  AuditCheck check_{};
};

}  // namespace

base::JsonText audit_details(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  base::JsonWriter json;
  json.begin_object();
  for (const auto& [name, text] : members) json.field(name, text);
  json.end_object();
  return {json.take()};
}

base::awaitable<std::vector<base::sql::Outcome>> AuditLog::commit(BrandId brand, AuditEntry entry,
                                                                  base::sql::Batch changes, bool raises_epoch) {
  std::vector<base::sql::Outcome> outcomes;
  Change change = [&](Connection& sql) {
    outcomes.clear();
    for (const Statement& statement : changes) outcomes.push_back(sql.execute(statement));
    return true;
  };
  co_await commit_if(brand, std::move(entry), std::move(change), raises_epoch);
  co_return outcomes;
}

base::awaitable<bool> AuditLog::commit_if(BrandId brand, AuditEntry entry, Change change, bool raises_epoch) {
  std::int64_t epoch = 0;
  const base::TimePoint now = clock_.now();
  std::function<void(Connection&)> write = [&](Connection& sql) {
    if (!change(sql)) throw ChangeRefused{};
    if (raises_epoch) epoch = raise_epoch(sql, brand);
    append_entry(sql, brand, entry, now);
  };
  try {
    co_await database_.transact(std::move(write));
  } catch (const ChangeRefused&) {
    co_return false;
  }
  if (raises_epoch && observer_) observer_(brand, epoch);
  co_return true;
}

base::awaitable<std::vector<AuditRecord>> AuditLog::list(BrandId brand, AuditFilter filter) const {
  Statement page{
      R"sql(SELECT no, at, who, what, subject, details, hash FROM audit_entry
            WHERE brand = $1 AND ($2 = 0 OR no < $2) AND ($3 = '' OR who = $3) AND ($4 = '' OR what = $4)
              AND ($5 = '' OR subject = $5)
            ORDER BY no DESC LIMIT $6)sql",
      {brand.no, filter.before, filter.who, filter.what, filter.subject, std::int64_t{filter.limit}}};
  std::vector<AuditRecord> records;
  for (const Row& row : co_await database_.read(std::move(page))) {
    if (has_its_types(row)) records.push_back(record_from_row(row));
  }
  co_return records;
}

base::awaitable<AuditHead> AuditLog::head(BrandId brand) const {
  Statement newest{R"sql(SELECT no, hash FROM audit_head WHERE brand = $1)sql", {brand.no}};
  const base::sql::Rows rows = co_await database_.read(std::move(newest));
  if (rows.empty()) co_return AuditHead{};
  AuditHead head{rows.front().integer_or(0, 0), rows.front().text_or(1, "")};
  co_return head;
}

base::awaitable<AuditCheck> AuditLog::verify(BrandId brand, std::optional<AuditHead> kept) const {
  ChainWalk walk(brand, std::move(kept));
  std::int64_t head_no = -1;
  std::string head_hash;
  base::sql::Value after = std::numeric_limits<std::int64_t>::min();
  while (!walk.is_broken()) {
    Statement page{
        R"sql(SELECT no, at, who, what, subject, details, hash FROM audit_entry
              WHERE brand = $1 AND no > $2 ORDER BY no LIMIT 1000)sql",
        {brand.no, after}};
    const base::sql::Rows rows = co_await database_.read(std::move(page));
    for (const Row& row : rows) walk.step(row);
    if (!rows.empty()) {
      after = rows.back().values.front();
      continue;
    }
    // Entries may have been added since the page before the last: then there are more than the head that was read says.
    if (head_no == walk.last()) break;
    Statement head{R"sql(SELECT no, hash FROM audit_head WHERE brand = $1)sql", {brand.no}};
    const base::sql::Rows heads = co_await database_.read(std::move(head));
    const std::int64_t no = heads.empty() ? 0 : heads.front().integer_or(0, 0);
    head_hash = heads.empty() ? "" : heads.front().text_or(1, "");
    if (no == head_no || no <= walk.last()) {
      head_no = no;
      break;
    }
    head_no = no;
  }
  walk.end(head_no, head_hash);
  co_return walk.result();
}

}  // namespace engine
