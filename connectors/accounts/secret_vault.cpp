#include "connectors/accounts/secret_vault.hpp"

#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "connectors/errors.hpp"

namespace connectors {

namespace {

constexpr std::string_view seal_version = "1";
constexpr char aes_256_gcm = '\x01';

// Length before each part, so that no two contexts give the same bytes.
std::string bound_bytes(const SealContext& context, std::string_view key_id) {
  std::string bound;
  std::string generation = fmt::format("{}", context.generation);
  for (std::string_view part : {seal_version, std::string_view(context.brand), std::string_view(context.account),
                                std::string_view(context.field), std::string_view(generation), key_id}) {
    bound += fmt::format("{}:{}", part.size(), part);
  }
  bound += aes_256_gcm;
  return bound;
}

struct SealedText {
  std::string_view key_id, data_key, secret;
};

std::optional<SealedText> split_sealed(std::string_view text) {
  std::array<std::string_view, 4> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::size_t dot = text.find('.');
    bool is_last = i + 1 == parts.size();
    if (is_last != (dot == std::string_view::npos)) return std::nullopt;
    parts[i] = text.substr(0, dot);
    if (!is_last) text.remove_prefix(dot + 1);
  }
  if (parts[0] != seal_version) return std::nullopt;
  return SealedText{parts[1], parts[2], parts[3]};
}

// Nonce and sealed bytes in one text.
std::optional<base::Secret> open_bytes(const base::Secret& key, std::string_view bytes, std::string_view bound) {
  if (bytes.size() < base::aes_nonce_bytes) return std::nullopt;
  return base::aes_gcm_open(key, bytes.substr(0, base::aes_nonce_bytes), bound, bytes.substr(base::aes_nonce_bytes));
}

std::string seal_bytes(const base::Secret& key, std::string nonce, std::string_view bound, std::string_view plain) {
  std::string sealed = base::aes_gcm_seal(key, nonce, bound, plain);
  return std::move(nonce) + sealed;
}

base::Error unreadable_secret(const SealContext& context, std::string_view why) {
  return {secret_unreadable,
          fmt::format("the stored {} of {} cannot be opened: {}", context.field, context.account, why)};
}

constexpr std::string_view was_moved = "it was changed, or moved here from another place";

}  // namespace

std::string SecretVault::seal(const base::Secret& plain, const SealContext& context) {
  base::Secret data_key(random_.bytes(base::aes_key_bytes));
  std::string secret(1, aes_256_gcm);
  secret += seal_bytes(data_key, random_.bytes(base::aes_nonce_bytes), bound_bytes(context, ""), plain.reveal());
  return fmt::format("{}.{}.{}.{}", seal_version, keys_.active().id, seal_data_key(data_key, context),
                     base::to_base64url(secret));
}

std::string SecretVault::seal_data_key(const base::Secret& data_key, const SealContext& context) {
  const SealingKey& key = keys_.active();
  return base::to_base64url(
      seal_bytes(key.bytes, random_.bytes(base::aes_nonce_bytes), bound_bytes(context, key.id), data_key.reveal()));
}

base::Result<base::Secret> SecretVault::open_data_key(std::string_view sealed, const SealContext& context) const {
  std::optional<SealedText> parts = split_sealed(sealed);
  if (!parts) return unreadable_secret(context, "it is no sealed text");
  const SealingKey* key = find_key(parts->key_id);
  if (!key) return unreadable_secret(context, fmt::format("the key '{}' is not there", parts->key_id));
  std::optional<std::string> bytes = base::from_base64(parts->data_key);
  std::optional<base::Secret> data_key =
      bytes ? open_bytes(key->bytes, *bytes, bound_bytes(context, key->id)) : std::nullopt;
  if (!data_key || data_key->reveal().size() != base::aes_key_bytes) return unreadable_secret(context, was_moved);
  return *std::move(data_key);
}

const SealingKey* SecretVault::find_key(std::string_view id) const {
  const SealingKey* key = keys_.find(id);
  return key ? key : before_.find(id);
}

base::Result<base::Secret> SecretVault::open(std::string_view sealed, const SealContext& context) const {
  base::Result<base::Secret> data_key = open_data_key(sealed, context);
  if (!data_key) return data_key;
  std::optional<std::string> bytes = base::from_base64(split_sealed(sealed)->secret);
  if (!bytes || bytes->empty() || bytes->front() != aes_256_gcm) return unreadable_secret(context, was_moved);
  std::optional<base::Secret> plain =
      open_bytes(*data_key, std::string_view(*bytes).substr(1), bound_bytes(context, ""));
  if (!plain) return unreadable_secret(context, was_moved);
  return *std::move(plain);
}

base::Result<std::string> SecretVault::rewrap(std::string_view sealed, const SealContext& context) {
  base::Result<base::Secret> data_key = open_data_key(sealed, context);
  if (!data_key) return data_key.error();
  return fmt::format("{}.{}.{}.{}", seal_version, keys_.active().id, seal_data_key(*data_key, context),
                     split_sealed(sealed)->secret);
}

std::string_view SecretVault::key_of(std::string_view sealed) {
  std::optional<SealedText> parts = split_sealed(sealed);
  return parts ? parts->key_id : std::string_view{};
}

}  // namespace connectors
