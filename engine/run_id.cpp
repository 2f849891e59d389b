#include "engine/run_id.hpp"

#include <charconv>

#include <fmt/format.h>

#include "base/crypto.hpp"

namespace engine {
namespace {

constexpr std::size_t hash_characters = 20;  // 96 bits
constexpr std::size_t tail_characters = 7;   // 32 bits
constexpr std::string_view run_prefix = "run_";

// Lengths in front keep ("ab","c") and ("a","bc") apart.
std::string hash_of_parts(std::initializer_list<std::string_view> parts, std::size_t bytes) {
  std::string text;
  for (std::string_view part : parts) fmt::format_to(std::back_inserter(text), "{}:{}", part.size(), part);
  return base::to_base32(base::sha256(text).substr(0, bytes));
}

}  // namespace

std::string event_hash(std::string_view brand_id, std::string_view source, std::string_view dedup_key) {
  return hash_of_parts({brand_id, source, dedup_key}, 12);
}

std::string run_id(std::string_view event_hash, std::string_view workflow_id, int replay) {
  return fmt::format("{}{}{}", run_prefix, event_hash,
                     hash_of_parts({event_hash, workflow_id, std::to_string(replay)}, 4));
}

std::string item_run_id(std::string_view parent_id, std::string_view task_id, int number) {
  return fmt::format("{}.{}.{}", parent_id, task_id, number);
}

std::optional<ItemRunId> read_item_run_id(std::string_view run_id) {
  const std::size_t first = run_id.find('.');
  const std::size_t last = run_id.rfind('.');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  ItemRunId parts{.parent = std::string(run_id.substr(0, first)),
                  .task = std::string(run_id.substr(first + 1, last - first - 1))};
  const std::string_view number = run_id.substr(last + 1);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), parts.number);
  if (error != std::errc{} || end != number.data() + number.size()) return std::nullopt;
  return parts;
}

std::optional<std::string> event_hash_of(std::string_view run_id) {
  run_id = run_id.substr(0, run_id.find('.'));
  if (!run_id.starts_with(run_prefix) || run_id.size() != run_prefix.size() + hash_characters + tail_characters)
    return std::nullopt;
  return std::string(run_id.substr(run_prefix.size(), hash_characters));
}

std::string effect_key(std::string_view root_run_id, std::string_view task_id, std::string_view item, int write) {
  // An item may be called "0", too.
  const std::string part = item.empty() ? std::string("0") : fmt::format("item {}", item);
  return "eff_" + hash_of_parts({root_run_id, task_id, part, std::to_string(write)}, 16);
}

}  // namespace engine
