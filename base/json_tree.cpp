#include "base/json_tree.hpp"

#include <charconv>
#include <cstdint>
#include <utility>

#include <nlohmann/json.hpp>

namespace base {
namespace {

template <class Whole>
bool add_if_whole(std::string_view text, nlohmann::json& number) {
  Whole whole = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (error != std::errc{} || end != text.data() + text.size()) return false;
  number = whole;
  return true;
}

}  // namespace

JsonTree::JsonTree() : root_(std::make_unique<nlohmann::json>()) {}

JsonTree::~JsonTree() = default;

bool JsonTree::null() { return add(nullptr); }

bool JsonTree::boolean(bool yes) { return add(yes); }

bool JsonTree::number(std::string_view text, double value) {
  nlohmann::json number = value;
  if (!add_if_whole<std::int64_t>(text, number)) add_if_whole<std::uint64_t>(text, number);
  return add(std::move(number));
}

bool JsonTree::string(std::string&& text) { return add(std::move(text)); }

bool JsonTree::key(std::string&& name) {
  key_ = std::move(name);
  return true;
}

bool JsonTree::start_object() {
  open_.push_back(add(nlohmann::json::object()));
  return true;
}

bool JsonTree::end_object() {
  open_.pop_back();
  return true;
}

bool JsonTree::start_array() {
  open_.push_back(add(nlohmann::json::array()));
  return true;
}

bool JsonTree::end_array() {
  open_.pop_back();
  return true;
}

bool JsonTree::has(const std::string& name) const { return !open_.empty() && open_.back()->contains(name); }

nlohmann::json JsonTree::take() { return std::move(*root_); }

// The pointers in open_ stay good: a container gets no further members while one of its members is open.
nlohmann::json* JsonTree::add(nlohmann::json&& value) {
  if (open_.empty()) {
    *root_ = std::move(value);
    return root_.get();
  }
  nlohmann::json& parent = *open_.back();
  if (parent.is_array()) return &parent.emplace_back(std::move(value));
  nlohmann::json& member = parent[std::move(key_)];
  member = std::move(value);
  return &member;
}

}  // namespace base
