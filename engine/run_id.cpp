#include "engine/run_id.hpp"

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

std::optional<std::string> event_hash_of(std::string_view run_id) {
  if (!run_id.starts_with(run_prefix) || run_id.size() != run_prefix.size() + hash_characters + tail_characters)
    return std::nullopt;
  return std::string(run_id.substr(run_prefix.size(), hash_characters));
}

std::string effect_key(std::string_view root_run_id, std::string_view task_id, int item, int write) {
  return "eff_" + hash_of_parts({root_run_id, task_id, std::to_string(item), std::to_string(write)}, 16);
}

}  // namespace engine
