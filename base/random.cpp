// getrandom() for the world, splitmix64 for tests.
#include "base/random.hpp"

#include <cerrno>
#include <system_error>

#include <sys/random.h>

namespace base {

namespace {

// A plain remainder would prefer small numbers: the incomplete last span of 2^64 is drawn again.
template <class NextWord>
std::uint64_t uniform_below(std::uint64_t bound, NextWord next_word) {
  if (bound == 0) return 0;
  std::uint64_t first_fair = (0 - bound) % bound;
  std::uint64_t word = next_word();
  while (word < first_fair) word = next_word();
  return word % bound;
}

void fill_from_system(void* bytes, std::size_t count) {
  auto* place = static_cast<char*>(bytes);
  while (count > 0) {
    ssize_t got = getrandom(place, count, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw std::system_error(errno, std::generic_category(), "getrandom");
    place += got;
    count -= static_cast<std::size_t>(got);
  }
}

// Sebastiano Vigna's splitmix64.
std::uint64_t splitmix64(std::uint64_t& state) {
  std::uint64_t word = state += 0x9e3779b97f4a7c15u;
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
  word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
  return word ^ (word >> 31);
}

}  // namespace

std::string SystemRandom::bytes(std::size_t count) {
  std::string out(count, '\0');
  fill_from_system(out.data(), count);
  return out;
}

std::uint64_t SystemRandom::below(std::uint64_t bound) {
  return uniform_below(bound, [] {
    std::uint64_t word = 0;
    fill_from_system(&word, sizeof word);
    return word;
  });
}

std::string SeededRandom::bytes(std::size_t count) {
  std::string out;
  out.reserve(count + 8);
  while (out.size() < count) {
    std::uint64_t word = splitmix64(state_);
    for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(word >> shift & 0xff);
  }
  out.resize(count);
  return out;
}

std::uint64_t SeededRandom::below(std::uint64_t bound) {
  return uniform_below(bound, [this] { return splitmix64(state_); });
}

}  // namespace base
