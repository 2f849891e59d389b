#include "connectors/accounts/key_ring.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/crypto.hpp"
#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "connectors/errors.hpp"

namespace connectors {

namespace {

constexpr std::size_t key_id_length_max = 40;

base::Error unusable_keys(std::string message) { return {key_unusable, std::move(message)}; }

// 80 bits of a hash: enough to tell keys apart, useless for guessing one.
std::string derived_key_id(const base::Secret& bytes) {
  return "k_" + base::to_base32(base::hmac_sha256(bytes.reveal(), "sluice key id")).substr(0, 16);
}

bool is_key_id(std::string_view id) {
  auto is_fine = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !id.empty() && id.size() <= key_id_length_max && std::all_of(id.begin(), id.end(), is_fine);
}

std::optional<base::Secret> key_bytes_from(std::string_view text) {
  std::optional<std::string> bytes = base::from_base64(text);
  if (!bytes || bytes->size() != base::aes_key_bytes) return std::nullopt;
  return base::Secret(*std::move(bytes));
}

std::string_view without_line_end(std::string_view text) {
  std::size_t last = text.find_last_not_of(" \t\r\n");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// 0 for what is not there: reading it says so.
mode_t permissions_of(const std::string& path) {
  struct stat file{};
  return stat(path.c_str(), &file) == 0 ? file.st_mode & 0777 : 0;
}

base::Result<base::Secret> read_key_file(const std::string& path) {
  // A group may be meant, as where a container's secrets are mounted for one; everybody never is.
  if (const mode_t mode = permissions_of(path); (mode & (S_IWGRP | S_IRWXO)) != 0) {
    return unusable_keys(fmt::format(
        "the key file '{}' is open to others than its owner (mode {:04o}): chmod 400 it, and think about a new key",
        path, mode));
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return unusable_keys(fmt::format("the key file '{}' cannot be read or is empty", path));
  }
  return base::Secret(std::move(text).str());
}

base::Result<LoadedKeys> keys_of_file(const std::string& path, std::string described) {
  base::Result<base::Secret> text = read_key_file(path);
  if (!text) return text.error();
  base::Result<KeyRing> ring = KeyRing::read(*text, described);
  if (!ring) return ring.error();
  const bool group_may_read = (permissions_of(path) & S_IRGRP) != 0;
  return LoadedKeys{{.described = std::move(described), .path = path, .group_may_read = group_may_read},
                    *std::move(ring)};
}

base::Result<LoadedKeys> own_keys(const std::string& data_directory, base::Random& random) {
  std::string path = (std::filesystem::path(data_directory) / "key").string();
  bool is_new = !std::filesystem::exists(path);
  if (is_new) {
    if (base::Status written = write_own_keys(path, KeyRing::make(random)); !written) return written.error();
  }
  base::Result<LoadedKeys> keys = keys_of_file(path, fmt::format("the file {}", path));
  if (keys) {
    keys->source.is_ours = true;
    keys->source.is_new = is_new;
  }
  return keys;
}

bool write_and_sync(int file, std::string_view text) {
  while (!text.empty()) {
    ssize_t written = write(file, text.data(), text.size());
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(file) == 0;
}

// A new name in a folder is on the disk only when the folder is.
void sync_folder_of(const std::string& path) {
  int folder = open(std::filesystem::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  fsync(folder);
  close(folder);
}

}  // namespace

base::Result<KeyRing> KeyRing::read(const base::Secret& text, const std::string& origin) {
  std::string_view whole = without_line_end(text.reveal());
  KeyRing ring;
  if (std::optional<base::Secret> bytes = key_bytes_from(whole)) {
    ring.active_ = derived_key_id(*bytes);
    ring.keys_.push_back({ring.active_, *std::move(bytes)});
    return ring;
  }
  nlohmann::json root = nlohmann::json::parse(whole, nullptr, /*allow_exceptions=*/false);
  if (!root.is_object() || !root.contains("keys") || !root["keys"].is_object()) {
    return unusable_keys(fmt::format(
        "{} holds no key: expected 32 bytes in base64, or {{\"active\": \"ID\", \"keys\": {{\"ID\": \"…\"}}}}",
        origin));
  }
  for (const auto& [id, value] : root["keys"].items()) {
    std::optional<base::Secret> bytes =
        value.is_string() ? key_bytes_from(value.get_ref<const std::string&>()) : std::nullopt;
    if (!is_key_id(id) || !bytes) {
      return unusable_keys(fmt::format("the key '{}' in {} is not 32 bytes in base64 under a plain name", id, origin));
    }
    ring.keys_.push_back({id, *std::move(bytes)});
  }
  auto active = root.find("active");
  if (active != root.end() && active->is_string()) ring.active_ = active->get<std::string>();
  if (!ring.find(ring.active_)) {
    return unusable_keys(fmt::format("'active' in {} names none of its keys", origin));
  }
  return ring;
}

KeyRing KeyRing::make(base::Random& random) { return KeyRing().with_new_key(random); }

const SealingKey* KeyRing::find(std::string_view id) const {
  auto at = std::find_if(keys_.begin(), keys_.end(), [&](const SealingKey& key) { return key.id == id; });
  return at == keys_.end() ? nullptr : &*at;
}

KeyRing KeyRing::with_new_key(base::Random& random) const {
  KeyRing ring = *this;
  base::Secret bytes(random.bytes(base::aes_key_bytes));
  ring.active_ = derived_key_id(bytes);
  ring.keys_.push_back({ring.active_, std::move(bytes)});
  return ring;
}

KeyRing KeyRing::keeping(const std::vector<std::string>& ids) const {
  KeyRing ring = *this;
  std::erase_if(ring.keys_, [&](const SealingKey& key) {
    return key.id != active_ && std::find(ids.begin(), ids.end(), key.id) == ids.end();
  });
  return ring;
}

base::Secret KeyRing::text() const {
  base::JsonWriter json;
  json.begin_object();
  json.field("active", active_);
  json.key("keys");
  json.begin_object();
  for (const SealingKey& key : keys_) json.field(key.id, base::to_base64(key.bytes.reveal()));
  json.end_object();
  json.end_object();
  return base::Secret(json.take() + "\n");
}

std::string key_check_value(const SealingKey& key) {
  return base::to_hex(base::hmac_sha256(key.bytes.reveal(), "sluice key check")).substr(0, 32);
}

base::Result<LoadedKeys> load_keys(const KeyOptions& options, base::Random& random, const Environ& environment) {
  if (!options.key_file.empty()) return keys_of_file(options.key_file, fmt::format("the file {}", options.key_file));
  if (std::optional<std::string> text = environment("SLUICE_KEY")) {
    std::string described = "the environment variable SLUICE_KEY";
    base::Result<KeyRing> ring = KeyRing::read(base::Secret(*std::move(text)), described);
    if (!ring) return ring.error();
    return LoadedKeys{{.described = std::move(described)}, *std::move(ring)};
  }
  if (std::optional<std::string> path = environment("SLUICE_KEY_FILE")) {
    return keys_of_file(*path, fmt::format("the file {} (SLUICE_KEY_FILE)", *path));
  }
  if (std::optional<std::string> folder = environment("CREDENTIALS_DIRECTORY")) {
    std::string path = (std::filesystem::path(*folder) / "sluice.key").string();
    if (std::filesystem::exists(path)) {
      base::Result<LoadedKeys> keys = keys_of_file(path, "the systemd credential sluice.key");
      // There the group's bits are the mask of an access list for the service's own user.
      if (keys) keys->source.group_may_read = false;
      return keys;
    }
  }
  return own_keys(options.data_directory, random);
}

base::Status write_own_keys(const std::string& path, const KeyRing& ring) {
  std::string beside = path + ".new";
  unlink(beside.c_str());
  int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR);
  bool is_written = file >= 0 && write_and_sync(file, ring.text().reveal());
  int failed = errno;
  if (file >= 0) close(file);
  if (!is_written || rename(beside.c_str(), path.c_str()) != 0) {
    if (is_written) failed = errno;
    return unusable_keys(
        fmt::format("the key file '{}' cannot be written: {}", path, std::generic_category().message(failed)));
  }
  sync_folder_of(path);
  return base::Ok{};
}

}  // namespace connectors
