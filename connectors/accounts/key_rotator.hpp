// Changes of the keys that secrets are sealed with: keys read again, and every secret's data key sealed anew, bit by
// bit, while accounts go on being used.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "connectors/accounts/account_store.hpp"
#include "connectors/accounts/key_ring.hpp"
#include "connectors/accounts/secret_vault.hpp"

namespace connectors {

// A key and what it has sealed. One that is not active and has sealed nothing may be taken away.
struct KeyUse {
  std::string id;
  bool is_active = false;
  std::int64_t secrets = 0;
};

// The newest change of keys. Its state stands in the database: whoever opens that next goes on with it.
struct KeyRotation {
  std::int64_t no = 0;
  std::string from;  // ids of the keys that had sealed something, with spaces between
  std::string to;
  bool is_done = false;
  std::int64_t total = 0;       // secrets
  std::int64_t done = 0;        // those sealed by the new key
  std::int64_t unreadable = 0;  // once it is done: those that no key opens; they stay as they are, under their old key
  base::TimePoint started_at{};
  std::optional<base::TimePoint> ended_at{};
};

struct KeyReport {
  std::vector<KeyUse> keys;  // the active one first
  std::optional<KeyRotation> rotation{};
};

class KeyRotator {
 public:
  // Reads the keys again from where they came from.
  using ReadKeys = std::function<base::Result<LoadedKeys>()>;

  KeyRotator(base::sql::Database& database, base::Clock& clock, base::Random& random, base::Log& log,
             SecretVault& vault, KeySource source, ReadKeys read_keys, CommitChange commit_change);

  // Reads whether a rotation was left unfinished, and audits keys that are here for the first time. Once, before
  // anything else.
  base::awaitable<void> load();

  base::awaitable<KeyReport> report();
  // Begins a rotation, or lets the one that is there go on: onto a new key where the program keeps its keys itself,
  // else onto the active one of the keys' source, which is read again. The error is key_not_new where all is sealed by
  // that one already, or any of read_again().
  base::awaitable<base::Status> rotate(std::string who);
  // Takes the keys that their source holds now. Where they do not fit what is sealed, the error says why and the keys
  // stay as they were.
  base::awaitable<base::Status> read_again(std::string who);

  // Seals anew until the rotation that stands is done; nothing without one.
  base::awaitable<void> seal_anew();
  // The same, whenever one begins, until the loop ends.
  base::awaitable<void> run();

 private:
  bool is_under_way() const { return rotation_ && !rotation_->is_done; }
  base::awaitable<std::vector<KeyUse>> key_uses();
  base::awaitable<void> begin(std::string who, std::vector<KeyUse> before);
  // One batch; false when there was nothing left behind where it began.
  base::awaitable<bool> seal_next();
  base::awaitable<void> end();
  // Where the program keeps its keys itself, those that seal nothing any more go.
  base::awaitable<void> drop_unused_keys();
  base::Status add_own_key();
  base::awaitable<void> commit(std::string who, std::string what, base::JsonText details, base::sql::Batch batch);

  base::sql::Database& database_;
  base::Clock& clock_;
  base::Random& random_;
  base::Log& log_;
  SecretVault& vault_;
  KeySource source_;
  ReadKeys read_keys_;
  CommitChange commit_change_;
  std::optional<KeyRotation> rotation_{};
  std::int64_t reached_ = 0;   // the number of the last secret that was looked at, in this pass over them
  std::int64_t resealed_ = 0;  // in this pass
  bool is_beginning_ = false;
  base::Bell bell_;
};

}  // namespace connectors
