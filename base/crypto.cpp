// Hashes, message codes, sealing and signatures of OpenSSL; encodings of RFC 4648.
#include "base/crypto.hpp"

#include <cstdint>
#include <memory>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

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

constexpr std::size_t aes_tag_bytes = 16;
constexpr int rsa_bits_min = 2048;

struct FreeOpenssl {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
template <class T>
using OpensslHandle = std::unique_ptr<T, FreeOpenssl>;

void must_succeed(int code, const char* what) {
  if (code != 1) throw std::runtime_error(what);
}

// Sizes are ours, not an attacker's: secrets and keys of some kilobytes.
int openssl_size(std::string_view text) { return static_cast<int>(text.size()); }

void check_aes_sizes(const Secret& key, std::string_view nonce) {
  if (key.reveal().size() != aes_key_bytes || nonce.size() != aes_nonce_bytes) {
    throw std::invalid_argument("AES-256-GCM takes a key of 32 bytes and a nonce of 12");
  }
}

// Without one, OpenSSL would ask the terminal for a pass phrase.
int no_pass_phrase(char*, int, int, void*) { return -1; }

OpensslHandle<EVP_PKEY> read_rsa_key(const Secret& pem) {
  OpensslHandle<BIO> bio(BIO_new_mem_buf(pem.reveal().data(), openssl_size(pem.reveal())));
  OpensslHandle<EVP_PKEY> key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_pass_phrase, nullptr) : nullptr);
  ERR_clear_error();
  if (key && (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key.get()) < rsa_bits_min)) {
    key.reset();
  }
  return key;
}

OpensslHandle<EVP_PKEY> read_public_key(std::string_view pem) {
  OpensslHandle<BIO> bio(BIO_new_mem_buf(pem.data(), openssl_size(pem)));
  OpensslHandle<X509> certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, no_pass_phrase, nullptr) : nullptr);
  OpensslHandle<EVP_PKEY> key(certificate ? X509_get_pubkey(certificate.get()) : nullptr);
  if (!certificate) {
    bio.reset(BIO_new_mem_buf(pem.data(), openssl_size(pem)));
    key.reset(bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, no_pass_phrase, nullptr) : nullptr);
  }
  ERR_clear_error();
  if (key && EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) key.reset();
  return key;
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
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

std::string aes_gcm_seal(const Secret& key, std::string_view nonce, std::string_view bound, std::string_view plain) {
  check_aes_sizes(key, nonce);
  OpensslHandle<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
  must_succeed(
      EVP_EncryptInit_ex2(context.get(), EVP_aes_256_gcm(), openssl_bytes(key.reveal()), openssl_bytes(nonce), nullptr),
      "OpenSSL has no AES-256-GCM");
  std::string sealed(plain.size() + aes_tag_bytes, '\0');
  int size = 0;
  must_succeed(EVP_EncryptUpdate(context.get(), nullptr, &size, openssl_bytes(bound), openssl_size(bound)), "AES-GCM");
  must_succeed(
      EVP_EncryptUpdate(context.get(), openssl_bytes(sealed), &size, openssl_bytes(plain), openssl_size(plain)),
      "AES-GCM");
  unsigned char* tag = openssl_bytes(sealed) + plain.size();
  must_succeed(EVP_EncryptFinal_ex(context.get(), tag, &size), "AES-GCM");
  must_succeed(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, aes_tag_bytes, tag), "AES-GCM");
  return sealed;
}

std::optional<Secret> aes_gcm_open(const Secret& key, std::string_view nonce, std::string_view bound,
                                   std::string_view sealed) {
  check_aes_sizes(key, nonce);
  if (sealed.size() < aes_tag_bytes) return std::nullopt;
  std::string_view body = sealed.substr(0, sealed.size() - aes_tag_bytes);
  std::string tag(sealed.substr(body.size()));
  OpensslHandle<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
  must_succeed(
      EVP_DecryptInit_ex2(context.get(), EVP_aes_256_gcm(), openssl_bytes(key.reveal()), openssl_bytes(nonce), nullptr),
      "OpenSSL has no AES-256-GCM");
  std::string plain(body.size(), '\0');
  int size = 0;
  must_succeed(EVP_DecryptUpdate(context.get(), nullptr, &size, openssl_bytes(bound), openssl_size(bound)), "AES-GCM");
  must_succeed(EVP_DecryptUpdate(context.get(), openssl_bytes(plain), &size, openssl_bytes(body), openssl_size(body)),
               "AES-GCM");
  must_succeed(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, aes_tag_bytes, tag.data()), "AES-GCM");
  Secret opened(std::move(plain));
  unsigned char nothing = 0;
  if (EVP_DecryptFinal_ex(context.get(), &nothing, &size) != 1) return std::nullopt;
  return opened;
}

Result<std::string> sign_rs256(const Secret& private_key_pem, std::string_view data) {
  OpensslHandle<EVP_PKEY> key = read_rsa_key(private_key_pem);
  if (!key) {
    return Error{private_key_unreadable,
                 "the private key is not an RSA key of at least 2048 bits in PEM form, without a pass phrase"};
  }
  OpensslHandle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  must_succeed(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()), "RS256");
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key.get()));
  std::string signature(size, '\0');
  must_succeed(EVP_DigestSign(context.get(), openssl_bytes(signature), &size, openssl_bytes(data), data.size()),
               "RS256");
  signature.resize(size);
  return signature;
}

bool verify_rs256(std::string_view public_pem, std::string_view data, std::string_view signature) {
  OpensslHandle<EVP_PKEY> key = read_public_key(public_pem);
  if (!key) return false;
  OpensslHandle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  must_succeed(EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()), "RS256");
  const bool signed_by_owner = EVP_DigestVerify(context.get(), openssl_bytes(signature), signature.size(),
                                                openssl_bytes(data), data.size()) == 1;
  ERR_clear_error();
  return signed_by_owner;
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

std::string to_base64url(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() * 4 + 2) / 3);
  append_digits(out, bytes, 6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::size_t digits = text.find_last_not_of('=') + 1;
  std::size_t padding = text.size() - digits;
  if (digits % 4 == 1 || (padding > 0 && (padding > 2 || text.size() % 4 != 0))) return std::nullopt;
  std::string bytes;
  bytes.reserve(digits * 3 / 4);
  std::uint32_t window = 0;
  int held = 0;
  for (char c : text.substr(0, digits)) {
    int digit = base64_digit(c);
    if (digit < 0) return std::nullopt;
    window = window << 6 | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(window >> held & 0xff);
  }
  // Bits that are left over and not zero belong to no byte: two texts would stand for the same bytes.
  if ((window & ((1u << held) - 1)) != 0) return std::nullopt;
  return bytes;
}

std::string to_base32(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() * 8 + 4) / 5);
  append_digits(out, bytes, 5, "abcdefghijklmnopqrstuvwxyz234567");
  return out;
}

}  // namespace base
