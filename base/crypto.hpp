// Hashes, message codes, sealing, signatures and encodings. Only user of OpenSSL's EVP.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace base {

// A private key that is none, or not one of the kind that is needed.
inline constexpr ErrorCode private_key_unreadable{"private_key_unreadable", Kind::blocked};

std::string sha256(std::string_view data);                             // 32 raw bytes
std::string hmac_sha256(std::string_view key, std::string_view data);  // 32 raw bytes
std::string hmac_sha512(std::string_view key, std::string_view data);  // 64 raw bytes
bool equal_in_constant_time(std::string_view a, std::string_view b);

// AES-256-GCM. A key of 32 bytes and a nonce of 12, which must never meet the same key twice: draw it. What is bound
// (the additional data) is not sealed, but must be the same at opening. Gives the sealed bytes with the 16 bytes of the
// tag behind them.
inline constexpr std::size_t aes_key_bytes = 32;
inline constexpr std::size_t aes_nonce_bytes = 12;
std::string aes_gcm_seal(const Secret& key, std::string_view nonce, std::string_view bound, std::string_view plain);
// nullopt for everything that was not sealed with this key, nonce and bound data.
std::optional<Secret> aes_gcm_open(const Secret& key, std::string_view nonce, std::string_view bound,
                                   std::string_view sealed);

// RS256 of RFC 7518: PKCS #1 v1.5 with SHA-256, raw bytes. The key is PEM, at least 2048 bits, without a pass phrase.
Result<std::string> sign_rs256(const Secret& private_key_pem, std::string_view data);
// Whether the owner of that certificate or public key, PEM too, has signed the data.
bool verify_rs256(std::string_view public_pem, std::string_view data, std::string_view signature);

std::string to_hex(std::string_view bytes);  // lower case
std::string to_base64(std::string_view bytes);
std::string to_base64url(std::string_view bytes);  // without padding
// Takes what RFC 4648 calls base64 and base64url, with or without padding; nullopt for anything else.
std::optional<std::string> from_base64(std::string_view text);
std::string to_base32(std::string_view bytes);  // lower case, a-z 2-7, without padding

}  // namespace base
