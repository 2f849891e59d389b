// Seals secrets for the database and opens them again: a fresh data key for every secret, itself sealed by the active
// key of the ring.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "connectors/accounts/key_ring.hpp"

namespace connectors {

// Where a secret belongs. Sealed for one place, it opens in no other.
struct SealContext {
  std::string brand;
  std::string account;  // the id of what has the secret: acc_… or app_…
  std::string field;    // e.g. "refresh_token"
  std::int64_t generation = 0;
};

// Sealed: "1.<key id>.<sealed data key>.<sealed secret>", the last two in base64url. Both are AES-256-GCM under random
// nonces; the secret's bytes begin with a byte that names the algorithm. What is bound to the data key is the version,
// the context and the key's id; to the secret, the same without the key's id, so that a data key can be sealed anew
// without touching the secret. A data key seals once, so the limit of random nonces per key is never near.
class SecretVault {
 public:
  SecretVault(KeyRing keys, base::Random& random) : keys_(std::move(keys)), random_(random) {}

  std::string seal(const base::Secret& plain, const SealContext& context);
  // The error is secret_unreadable: moved, changed, or sealed by a key that is not in the ring.
  base::Result<base::Secret> open(std::string_view sealed, const SealContext& context) const;
  // The same secret with its data key under the active key.
  base::Result<std::string> rewrap(std::string_view sealed, const SealContext& context);
  // The id of the key that a sealed text needs; "" for what is no sealed text.
  static std::string_view key_of(std::string_view sealed);

  const KeyRing& keys() const { return keys_; }
  // What was read before the change still opens.
  void replace_keys(KeyRing keys) { before_ = std::exchange(keys_, std::move(keys)); }

 private:
  std::string seal_data_key(const base::Secret& data_key, const SealContext& context);
  base::Result<base::Secret> open_data_key(std::string_view sealed, const SealContext& context) const;
  const SealingKey* find_key(std::string_view id) const;

  KeyRing keys_;
  KeyRing before_{};
  base::Random& random_;
};

}  // namespace connectors
