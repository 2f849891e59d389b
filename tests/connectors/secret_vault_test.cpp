// Sealed secrets: they open in their place, and nowhere else.
#include "connectors/accounts/secret_vault.hpp"

#include <catch2/catch.hpp>

#include "connectors/errors.hpp"

using connectors::KeyRing;
using connectors::SealContext;
using connectors::SecretVault;

namespace {

const SealContext place{"brd_a", "acc_1", "refresh_token", 3};

}  // namespace

TEST_CASE("a secret opens in its place, and in no other") {
  base::SeededRandom random(1);
  SecretVault vault(KeyRing::make(random), random);
  const std::string sealed = vault.seal(base::Secret("the token"), place);

  CHECK(vault.open(sealed, place)->reveal() == "the token");
  CHECK(sealed.find("the token") == std::string::npos);
  for (const SealContext& other :
       {SealContext{"brd_b", "acc_1", "refresh_token", 3}, SealContext{"brd_a", "acc_2", "refresh_token", 3},
        SealContext{"brd_a", "acc_1", "access_token", 3}, SealContext{"brd_a", "acc_1", "refresh_token", 2},
        SealContext{"brd_aacc", "_1", "refresh_token", 3}}) {
    INFO(other.brand << " " << other.account << " " << other.field << " " << other.generation);
    CHECK_FALSE(vault.open(sealed, other));
    CHECK_FALSE(vault.rewrap(sealed, other));
  }
}

TEST_CASE("a sealed text with one character changed does not open") {
  base::SeededRandom random(1);
  SecretVault vault(KeyRing::make(random), random);
  const std::string sealed = vault.seal(base::Secret("the token"), place);

  int opened = 0;
  // The last character of a part may carry bits that base64 leaves unused.
  const std::size_t end_of_data_key = sealed.rfind('.') - 1;
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    if (at == end_of_data_key || at + 1 == sealed.size()) continue;
    std::string changed = sealed;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    const base::Result<base::Secret> secret = vault.open(changed, place);
    if (secret) ++opened;
    if (!secret) CHECK(secret.error().code == connectors::secret_unreadable);
  }
  CHECK(opened == 0);
}

TEST_CASE("sealed anew, a secret needs the new key and not the old") {
  base::SeededRandom random(1);
  const KeyRing old_keys = KeyRing::make(random);
  const KeyRing both = old_keys.with_new_key(random);
  SecretVault vault(old_keys, random);
  const std::string sealed = vault.seal(base::Secret("the token"), place);

  vault.replace_keys(both);
  const std::string anew = *vault.rewrap(sealed, place);

  CHECK(SecretVault::key_of(sealed) == old_keys.active().id);
  CHECK(SecretVault::key_of(anew) == both.active().id);
  CHECK(SecretVault(both.keeping({}), random).open(anew, place)->reveal() == "the token");
  CHECK_FALSE(SecretVault(both.keeping({}), random).open(sealed, place));
  CHECK_FALSE(SecretVault(old_keys, random).open(anew, place));
}

TEST_CASE("what was read before the keys were replaced still opens") {
  base::SeededRandom random(1);
  SecretVault vault(KeyRing::make(random), random);
  const std::string sealed = vault.seal(base::Secret("the token"), place);

  vault.replace_keys(KeyRing::make(random));

  CHECK(vault.open(sealed, place)->reveal() == "the token");
  CHECK(SecretVault::key_of(vault.seal(base::Secret("another"), place)) == vault.keys().active().id);
}
