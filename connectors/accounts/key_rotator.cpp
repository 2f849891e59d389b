#include "connectors/accounts/key_rotator.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "base/crash_point.hpp"
#include "connectors/accounts/secret_store.hpp"
#include "connectors/errors.hpp"

namespace connectors {

namespace {

using base::sql::Batch;
using base::sql::Row;
using base::sql::Rows;
using base::sql::Statement;

// A refresh that has to be stored waits behind one such batch, never behind the whole.
constexpr std::int64_t secrets_of_a_batch = 50;
constexpr base::Duration pause_after_a_fault{60'000};
constexpr base::Duration next_look_at_rotation{3'600'000};

KeyRotation rotation_from_row(const Row& row) {
  KeyRotation rotation{.no = row.integer(0), .from = row.text(1), .to = row.text(2)};
  rotation.is_done = row.text(3) == "done";
  rotation.total = row.integer(4);
  rotation.done = row.integer(5);
  rotation.unreadable = row.integer(6);
  rotation.started_at = base::from_millis(row.integer(7));
  if (!row.is_null(8)) rotation.ended_at = base::from_millis(row.integer(8));
  return rotation;
}

Statement select_newest_rotation() {
  return {R"(SELECT no, from_keys, to_key, state, total, done, unreadable, started_at, ended_at FROM key_rotation
             ORDER BY no DESC LIMIT 1)"};
}

std::string ids_of_keys(const KeyRing& ring) {
  std::string ids;
  for (const SealingKey& key : ring.keys()) ids += (ids.empty() ? "" : " ") + key.id;
  return ids;
}

std::string joined_ids(const std::vector<std::string>& ids) { return fmt::format("{}", fmt::join(ids, " ")); }

// Of the keys that are not active: those that have sealed something.
std::string still_used(const std::vector<KeyUse>& uses) {
  std::vector<std::string> ids;
  for (const KeyUse& use : uses) {
    if (!use.is_active && use.secrets > 0) ids.push_back(use.id);
  }
  return joined_ids(ids);
}

bool are_same(const KeyRing& a, const KeyRing& b) {
  if (a.active().id != b.active().id || a.keys().size() != b.keys().size()) return false;
  return std::ranges::all_of(a.keys(), [&](const SealingKey& key) {
    const SealingKey* other = b.find(key.id);
    return other && key_check_value(*other) == key_check_value(key);
  });
}

}  // namespace

KeyRotator::KeyRotator(base::sql::Database& database, base::Clock& clock, base::Random& random, base::Log& log,
                       SecretVault& vault, KeySource source, ReadKeys read_keys, CommitChange commit_change)
    : database_(database),
      clock_(clock),
      random_(random),
      log_(log),
      vault_(vault),
      source_(std::move(source)),
      read_keys_(std::move(read_keys)),
      commit_change_(std::move(commit_change)),
      bell_(clock) {}

base::awaitable<void> KeyRotator::load() {
  if (!source_.first_seen.empty()) {
    base::JsonText details = change_details({{"source", source_.described}, {"added", joined_ids(source_.first_seen)}});
    Batch nothing_more;
    co_await commit("system", "keys.read", std::move(details), std::move(nothing_more));
  }
  const Rows rows = co_await database_.read(select_newest_rotation());
  if (!rows.empty()) rotation_ = rotation_from_row(rows.front());
  // The program may have ended between the last secret and the last step.
  if (!is_under_way()) co_await drop_unused_keys();
}

base::awaitable<std::vector<KeyUse>> KeyRotator::key_uses() {
  Statement count{"SELECT key_id, count(*) FROM sealed_secret GROUP BY key_id"};
  const Rows rows = co_await database_.read(std::move(count));
  std::map<std::string, std::int64_t> secrets;
  for (const Row& row : rows) secrets[row.text(0)] = row.integer(1);
  std::vector<KeyUse> uses;
  for (const SealingKey& key : vault_.keys().keys())
    uses.push_back({key.id, key.id == vault_.keys().active().id, secrets[key.id]});
  std::ranges::stable_partition(uses, &KeyUse::is_active);
  co_return uses;
}

base::awaitable<KeyReport> KeyRotator::report() {
  KeyReport report;
  report.keys = co_await key_uses();
  report.rotation = rotation_;
  if (is_under_way()) {
    // Both as they are now: accounts come and go meanwhile.
    report.rotation->total = report.rotation->done = 0;
    for (const KeyUse& use : report.keys) {
      report.rotation->total += use.secrets;
      if (use.is_active) report.rotation->done = use.secrets;
    }
  }
  co_return report;
}

// ---- changes of the keys

base::awaitable<base::Status> KeyRotator::read_again(std::string who) {
  if (source_.is_ours) co_return base::Ok{};  // nobody else writes it
  base::Result<LoadedKeys> read = read_keys_();
  if (!read) co_return read.error();
  if (are_same(read->ring, vault_.keys())) co_return base::Ok{};
  base::Result<std::vector<std::string>> first_seen = std::vector<std::string>();
  auto check = [&](base::sql::Connection& connection) { first_seen = check_keys(connection, read->ring); };
  co_await database_.transact(std::ref(check));
  if (!first_seen) co_return first_seen.error();
  vault_.replace_keys(read->ring);
  // What was on its way to the disk under the keys before is there when this is done.
  co_await database_.transact(std::ref(check));
  if (!first_seen) {
    log_.error("a key that was taken away has just been used: give it back before the next start",
               {{"why", first_seen.error().message}});
  }
  base::JsonText details = change_details({{"source", source_.described}, {"keys", ids_of_keys(vault_.keys())}});
  Batch nothing_more;
  co_await commit(std::move(who), "keys.read", std::move(details), std::move(nothing_more));
  co_return base::Ok{};
}

base::awaitable<base::Status> KeyRotator::rotate(std::string who) {
  if (is_beginning_) co_return base::Ok{};
  is_beginning_ = true;
  const std::shared_ptr<void> at_end(nullptr, [this](void*) { is_beginning_ = false; });
  if (base::Status read = co_await read_again(who); !read) co_return read;
  if (is_under_way()) co_return base::Ok{};
  std::vector<KeyUse> before = co_await key_uses();
  // A key that is active and was never rotated to is the new one: given by the operator, or made just before the
  // program was killed.
  const std::string active = vault_.keys().active().id;  // by value: the ring changes
  const bool is_new_already = !still_used(before).empty() && (!rotation_ || rotation_->to != active);
  if (source_.is_ours && !is_new_already) {
    if (base::Status added = add_own_key(); !added) co_return added;
    before = co_await key_uses();
  } else if (still_used(before).empty()) {
    co_return base::Error{
        key_not_new,
        fmt::format("all secrets are sealed by the key '{}' already: first put another key into {}, name it 'active' "
                    "there, and keep this one beside it{}",
                    active, source_.described, source_.path.empty() ? "; then start the program again" : "")};
  }
  co_await begin(std::move(who), std::move(before));
  co_return base::Ok{};
}

// On the disk before anything is sealed by it.
base::Status KeyRotator::add_own_key() {
  KeyRing ring = vault_.keys().with_new_key(random_);
  if (base::Status written = write_own_keys(source_.path, ring); !written) return written;
  base::crash_point("keys.after_new_key");
  vault_.replace_keys(std::move(ring));
  return base::Ok{};
}

base::awaitable<void> KeyRotator::begin(std::string who, std::vector<KeyUse> before) {
  const SealingKey& active = vault_.keys().active();
  KeyRotation rotation{.from = still_used(before), .to = active.id, .started_at = clock_.now()};
  Batch batch{{"INSERT INTO sealing_key (id, check_value) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
               {active.id, key_check_value(active)}},
              {R"(INSERT INTO key_rotation (from_keys, to_key, state, total, done, unreadable, reached, started_at)
                  VALUES ($1, $2, 'running', 0, 0, 0, 0, $3))",
               {rotation.from, rotation.to, base::to_millis(rotation.started_at)}}};
  base::JsonText details = change_details({{"from", rotation.from}, {"to", rotation.to}});
  co_await commit(std::move(who), "keys.rotation_began", std::move(details), std::move(batch));
  const Rows rows = co_await database_.read(select_newest_rotation());
  rotation_ = rotation_from_row(rows.at(0));
  reached_ = resealed_ = 0;
  bell_.ring();
}

// ---- sealing anew

base::awaitable<void> KeyRotator::run() {
  for (;;) {
    base::Duration pause = next_look_at_rotation;
    try {
      co_await seal_anew();
    } catch (const std::exception& error) {
      log_.error("sealing secrets anew was interrupted", {{"what", error.what()}});
      pause = pause_after_a_fault;
    }
    co_await bell_.wait_until(clock_.now() + pause);
  }
}

base::awaitable<void> KeyRotator::seal_anew() {
  while (is_under_way()) {
    if (co_await seal_next()) continue;
    // Once more from the start, until a pass finds nothing to do: what was on its way under the old key is there by
    // then.
    const bool is_over = resealed_ == 0;
    reached_ = resealed_ = 0;
    if (is_over) co_await end();
  }
}

base::awaitable<bool> KeyRotator::seal_next() {
  // The keys may be read again at any time: always onto the one that is active now.
  const std::string to = vault_.keys().active().id;
  Statement next{R"(SELECT no, brand, account, field, generation, sealed FROM sealed_secret
                    WHERE key_id <> $1 AND no > $2 ORDER BY no LIMIT $3)",
                 {to, reached_, secrets_of_a_batch}};
  const Rows rows = co_await database_.read(std::move(next));
  if (rows.empty()) co_return false;
  Batch batch{{"UPDATE key_rotation SET to_key = $2 WHERE no = $1", {rotation_->no, to}}};
  for (const Row& row : rows) {
    const SealContext context{row.text(1), row.text(2), row.text(3), row.integer(4)};
    base::Result<std::string> sealed = vault_.rewrap(row.text(5), context);
    if (!sealed) {
      log_.warning("a secret cannot be sealed anew, and keeps its old key in use",
                   {{"of", context.account}, {"field", context.field}, {"why", sealed.error().message}});
      continue;
    }
    // Where a refresh has stored another secret meanwhile, that one stands.
    batch.push_back({"UPDATE sealed_secret SET key_id = $1, sealed = $2 WHERE no = $3 AND sealed = $4",
                     {std::string(SecretVault::key_of(*sealed)), *sealed, row.integer(0), row.text(5)}});
  }
  const std::int64_t last = rows.back().integer(0);
  const std::vector<base::sql::Outcome> outcomes = co_await database_.apply(std::move(batch));
  for (std::size_t i = 1; i < outcomes.size(); ++i) resealed_ += outcomes[i].changes;
  reached_ = last;
  rotation_->to = to;
  co_return true;
}

base::awaitable<void> KeyRotator::end() {
  const std::string to = vault_.keys().active().id;
  Batch batch{{R"(UPDATE key_rotation SET state = 'done', ended_at = $2, to_key = $3,
                    total = (SELECT count(*) FROM sealed_secret),
                    done = (SELECT count(*) FROM sealed_secret WHERE key_id = $3),
                    unreadable = (SELECT count(*) FROM sealed_secret WHERE key_id <> $3)
                  WHERE no = $1)",
               {rotation_->no, base::to_millis(clock_.now()), to}}};
  base::JsonText details = change_details({{"from", rotation_->from}, {"to", to}});
  co_await commit("system", "keys.rotated", std::move(details), std::move(batch));
  const Rows rows = co_await database_.read(select_newest_rotation());
  rotation_ = rotation_from_row(rows.at(0));
  log_.info("all secrets are sealed by the new key",
            {{"key", rotation_->to}, {"secrets", rotation_->done}, {"unreadable", rotation_->unreadable}});
  co_await drop_unused_keys();
}

// Keys are the installation's: its chain of the audit log is that of no brand.
base::awaitable<void> KeyRotator::commit(std::string who, std::string what, base::JsonText details, Batch batch) {
  AccountChange change{std::move(who), std::move(what), vault_.keys().active().id, std::move(details)};
  const std::string no_brand;
  co_await commit_change_(no_brand, std::move(change), std::move(batch), /*raises_epoch=*/false);
}

base::awaitable<void> KeyRotator::drop_unused_keys() {
  if (!source_.is_ours || vault_.keys().keys().size() < 2) co_return;
  const std::vector<KeyUse> uses = co_await key_uses();
  std::vector<std::string> used;
  for (const KeyUse& use : uses) {
    if (use.secrets > 0) used.push_back(use.id);
  }
  if (is_beginning_) co_return;  // keys are changing; their own end comes by here
  KeyRing ring = vault_.keys().keeping(used);
  if (ring.keys().size() == vault_.keys().keys().size()) co_return;
  if (base::Status written = write_own_keys(source_.path, ring); !written) {
    log_.warning("old keys stay in the key file", {{"why", written.error().message}});
    co_return;
  }
  vault_.replace_keys(std::move(ring));
}

}  // namespace connectors
