// Hashes, message codes and encodings. Only user of OpenSSL's EVP.
#pragma once

#include <string>
#include <string_view>

namespace base {

std::string sha256(std::string_view data);                             // 32 raw bytes
std::string hmac_sha256(std::string_view key, std::string_view data);  // 32 raw bytes
std::string hmac_sha512(std::string_view key, std::string_view data);  // 64 raw bytes
bool equal_in_constant_time(std::string_view a, std::string_view b);

std::string to_hex(std::string_view bytes);  // lower case
std::string to_base64(std::string_view bytes);
std::string to_base32(std::string_view bytes);  // lower case, a-z 2-7, without padding

}  // namespace base
