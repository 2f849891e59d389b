// rand://int/A:B: a number that chance would have given, and gives again at every attempt of the same run.
#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "connectors/survey/pipe_family.hpp"

namespace connectors::survey {

namespace {

struct IntegerRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

std::optional<std::int64_t> integer_of(std::string_view text) {
  std::int64_t number = 0;
  auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Of `int/1:10`; nullopt for everything else. The bounds keep the width of the range within 64 bits.
std::optional<IntegerRange> range_of(std::string_view path) {
  constexpr std::string_view prefix = "int/";
  constexpr std::int64_t bound = 1'000'000'000'000'000;
  const std::size_t colon = path.find(':');
  if (!path.starts_with(prefix) || colon == std::string_view::npos) return std::nullopt;
  const auto first = integer_of(path.substr(prefix.size(), colon - prefix.size()));
  const auto last = integer_of(path.substr(colon + 1));
  if (!first || !last || *first > *last || *first < -bound || *last > bound) return std::nullopt;
  return IntegerRange{*first, *last};
}

// FNV-1a, and the finish of MurmurHash3, so that neighbours end far apart.
std::uint64_t scattered(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdU;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53U;
  return hash ^ (hash >> 33);
}

PipeFault random_fault(const PipePath& pipe, const Survey*) {
  if (range_of(pipe.path)) return {};
  return {fmt::format("'{}' is no range of whole numbers, the smaller one first", pipe.path), "rand://int/1:100"};
}

Found find_random(const PipePath& pipe, const PipeContext& context) {
  const std::optional<IntegerRange> range = range_of(pipe.path);
  if (!range) return random_fault(pipe, nullptr);
  const std::uint64_t width = static_cast<std::uint64_t>(range->last - range->first) + 1;
  const std::uint64_t step = scattered(fmt::format("{} {}", context.response.id, pipe.path)) % width;
  return base::number(std::to_string(range->first + static_cast<std::int64_t>(step)));
}

}  // namespace

const PipeFamily random_pipes{"rand", "", random_fault, find_random};

}  // namespace connectors::survey
