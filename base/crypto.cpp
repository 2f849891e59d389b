// Hashes and message codes of OpenSSL; encodings of RFC 4648.
#include "base/crypto.hpp"

#include <cstdint>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace base {

namespace {

const unsigned char* openssl_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* openssl_bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string hmac_code(const EVP_MD* digest, std::string_view key, std::string_view data) {
  std::string code(static_cast<std::size_t>(EVP_MD_get_size(digest)), '\0');
  unsigned size = 0;
  if (!HMAC(digest, key.data(), static_cast<int>(key.size()), openssl_bytes(data), data.size(), openssl_bytes(code),
            &size)) {
    throw std::runtime_error("OpenSSL has no HMAC");
  }
  return code;
}

// `bits` of a time, most significant first; what is left over is filled with zero bits.
void append_digits(std::string& out, std::string_view bytes, int bits, std::string_view alphabet) {
  std::uint32_t window = 0;
  int held = 0;
  auto append_digit = [&](std::uint32_t digit) { out += alphabet[digit & ((1u << bits) - 1)]; };
  for (char byte : bytes) {
    window = window << 8 | static_cast<unsigned char>(byte);
    for (held += 8; held >= bits; held -= bits) append_digit(window >> (held - bits));
  }
  if (held > 0) append_digit(window << (bits - held));
}

}  // namespace

std::string sha256(std::string_view data) {
  // Fetched once: EVP_sha256() would be looked up among the providers at every hash.
  static EVP_MD* const digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::string hash(32, '\0');
  if (EVP_Digest(data.data(), data.size(), openssl_bytes(hash), nullptr, digest, nullptr) != 1) {
    throw std::runtime_error("OpenSSL has no SHA-256");
  }
  return hash;
}

std::string hmac_sha256(std::string_view key, std::string_view data) { return hmac_code(EVP_sha256(), key, data); }

std::string hmac_sha512(std::string_view key, std::string_view data) { return hmac_code(EVP_sha512(), key, data); }

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_hex(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  append_digits(out, bytes, 4, "0123456789abcdef");
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  append_digits(out, bytes, 6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  while (out.size() % 4 != 0) out += '=';
  return out;
}

std::string to_base32(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() * 8 + 4) / 5);
  append_digits(out, bytes, 5, "abcdefghijklmnopqrstuvwxyz234567");
  return out;
}

}  // namespace base
