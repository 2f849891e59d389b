// 128 bits, drawn or derived, behind a prefix.
#include "base/id.hpp"

#include <cstdint>

#include "base/crypto.hpp"

namespace base {

namespace {

constexpr std::size_t id_bytes = 16;

// Big-endian, so that the id is the same on every machine.
void append_part_length(std::string& out, std::uint64_t length) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(length >> shift & 0xff);
}

std::string with_prefix(std::string_view prefix, std::string_view bytes) {
  std::string id(prefix);
  id += to_base32(bytes);
  return id;
}

}  // namespace

std::string random_id(std::string_view prefix, Random& random) { return with_prefix(prefix, random.bytes(id_bytes)); }

std::string derived_id(std::string_view prefix, std::initializer_list<std::string_view> parts) {
  std::string hashed;
  for (std::string_view part : parts) {
    append_part_length(hashed, part.size());
    hashed += part;
  }
  return with_prefix(prefix, std::string_view(sha256(hashed)).substr(0, id_bytes));
}

}  // namespace base
