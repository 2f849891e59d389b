// Key-encryption keys by their ids, one of them active; and where they come from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "connectors/secret_reference.hpp"

namespace connectors {

struct SealingKey {
  std::string id;  // letters, digits, - and _, at most 40
  base::Secret bytes;
};

class KeyRing {
 public:
  // The text of a key file: {"active": "ID", "keys": {"ID": "32 bytes in base64", …}}, or such a key alone, whose id is
  // derived from it. `origin` names the text in errors, which are key_unusable.
  static base::Result<KeyRing> read(const base::Secret& text, const std::string& origin);
  // One new key.
  static KeyRing make(base::Random& random);

  const SealingKey& active() const { return *find(active_); }
  const SealingKey* find(std::string_view id) const;
  const std::vector<SealingKey>& keys() const { return keys_; }

  // The same keys and a new one, which is active.
  KeyRing with_new_key(base::Random& random) const;
  // The active key, and of the others those that are named.
  KeyRing keeping(const std::vector<std::string>& ids) const;
  // The key file's text.
  base::Secret text() const;

 private:
  std::vector<SealingKey> keys_;
  std::string active_;
};

// What shows, without showing the key, that two keys of one id are the same.
std::string key_check_value(const SealingKey& key);

struct KeyOptions {
  std::string key_file{};  // "" where none was given
  std::string data_directory;
};

struct KeySource {
  std::string described;  // for people: "the file /etc/sluice/keys.json", "the environment variable SLUICE_KEY"
  std::string path{};     // "" when the keys do not come from a file
  bool is_ours = false;   // made by the program in its data directory, where it may add keys by itself
  bool is_new = false;    // made just now
  // Members of the file's group may read it, which may or may not be meant. Whoever else may is an error.
  bool group_may_read = false;
  std::vector<std::string> first_seen{};  // ids of keys that the data directory had not known until this start
};

struct LoadedKeys {
  KeySource source{};
  KeyRing ring{};
};

// The first that is there: the key file given, SLUICE_KEY, SLUICE_KEY_FILE, the systemd credential "sluice.key", the
// file "key" in the data directory, which is made (0400) when there is none.
base::Result<LoadedKeys> load_keys(const KeyOptions& options, base::Random& random,
                                   const Environ& environment = process_environment);

// Replaces the program's own key file in one step, durably.
base::Status write_own_keys(const std::string& path, const KeyRing& ring);

}  // namespace connectors
