// A user's approvals of the app: each one's live refresh token, and those that rotation has ended.
#include "local_org/approvals.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"

namespace local_org {
namespace {

constexpr std::ptrdiff_t live_approvals_max = 5;
constexpr std::size_t ended_tokens_max = 1000;
constexpr std::string_view approvals_setting = "approvals";

void write_approval(base::JsonWriter& json, const Approval& approval) {
  json.begin_object();
  json.field("id", approval.id);
  json.field("user_id", approval.user_id);
  json.field("client_id", approval.client_id);
  json.field("scope", approval.scope);
  json.field("refresh_token", approval.refresh_token);
  json.field("generation", approval.generation);
  json.field("created_at", base::to_millis(approval.created_at));
  json.field("used_at", base::to_millis(approval.used_at));
  json.field("uses", approval.uses);
  json.key("ended_tokens");
  json.begin_array();
  for (const std::string& token : approval.ended_tokens) json.string(token);
  json.end_array();
  json.end_object();
}

Approval read_approval(const nlohmann::json& json) {
  return {json.at("id"),
          json.at("user_id"),
          json.at("client_id"),
          json.at("scope"),
          json.at("refresh_token"),
          json.at("generation"),
          base::from_millis(json.at("created_at")),
          base::from_millis(json.at("used_at")),
          json.at("uses"),
          json.at("ended_tokens")};
}

}  // namespace

Approvals::Approvals(RecordStore& store) : store_(store) { load(); }

std::string Approvals::add(Approval approval) {
  const auto is_rival = [&](const Approval& other) {
    return other.user_id == approval.user_id && other.client_id == approval.client_id;
  };
  std::string ended;
  if (std::count_if(approvals_.begin(), approvals_.end(), is_rival) >= live_approvals_max) {
    const auto oldest = std::find_if(approvals_.begin(), approvals_.end(), is_rival);
    ended = oldest->id;
    approvals_.erase(oldest);
  }
  approvals_.push_back(std::move(approval));
  save();
  return ended;
}

const Approval* Approvals::find(std::string_view refresh_token) const {
  const auto found = std::find_if(approvals_.begin(), approvals_.end(),
                                  [&](const Approval& approval) { return approval.refresh_token == refresh_token; });
  return found == approvals_.end() ? nullptr : &*found;
}

const Approval* Approvals::find_ended(std::string_view refresh_token) const {
  const auto found = std::find_if(approvals_.begin(), approvals_.end(), [&](const Approval& approval) {
    const auto& ended = approval.ended_tokens;
    return std::find(ended.begin(), ended.end(), refresh_token) != ended.end();
  });
  return found == approvals_.end() ? nullptr : &*found;
}

const Approval* Approvals::find_by_id(std::string_view id) const {
  const auto found = std::find_if(approvals_.begin(), approvals_.end(), [&](const Approval& a) { return a.id == id; });
  return found == approvals_.end() ? nullptr : &*found;
}

bool Approvals::is_approved(std::string_view user_id, std::string_view client_id) const {
  return std::any_of(approvals_.begin(), approvals_.end(), [&](const Approval& approval) {
    return approval.user_id == user_id && approval.client_id == client_id;
  });
}

void Approvals::use(std::string_view id, base::TimePoint now, const std::string& new_token) {
  const auto used = std::find_if(approvals_.begin(), approvals_.end(), [&](const Approval& a) { return a.id == id; });
  if (used == approvals_.end()) return;
  used->used_at = now;
  ++used->uses;
  if (!new_token.empty()) {
    used->ended_tokens.push_back(std::exchange(used->refresh_token, new_token));
    if (used->ended_tokens.size() > ended_tokens_max) used->ended_tokens.erase(used->ended_tokens.begin());
    ++used->generation;
  }
  save();
}

void Approvals::end(std::string_view id) {
  std::erase_if(approvals_, [&](const Approval& approval) { return approval.id == id; });
  save();
}

void Approvals::save() {
  base::JsonWriter json;
  json.begin_array();
  for (const Approval& approval : approvals_) write_approval(json, approval);
  json.end_array();
  store_.set_setting(approvals_setting, json.text());
}

void Approvals::load() {
  const std::optional<std::string> kept = store_.setting(approvals_setting);
  were_kept_ = kept.has_value();
  if (!kept) return;
  const base::Result<nlohmann::json> approvals = base::parse_json(*kept);
  if (!approvals) return;
  for (const nlohmann::json& approval : *approvals) approvals_.push_back(read_approval(approval));
}

}  // namespace local_org
