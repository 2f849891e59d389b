// Who may call the org: its one app, its users, and the tokens that stand for both.
#include "local_org/sessions.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "local_org/record_id.hpp"

namespace local_org {
namespace {

const std::string initial_scope = "api id refresh_token";
const std::string refresh_token_start = "5Aep861";
constexpr std::string_view token_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";

std::string whole_org_id(const std::string& id) {
  const std::optional<std::string> whole = to_record_id(id);
  if (!whole || !whole->starts_with("00D")) throw std::invalid_argument(fmt::format("'{}' is no org id", id));
  return *whole;
}

}  // namespace

bool Session::has_scope(std::string_view wanted) const {
  return fmt::format(" {} ", scope).find(fmt::format(" {} ", wanted)) != std::string::npos;
}

Sessions::Sessions(RecordStore& store, const base::Clock& clock, base::Random& random, const Credentials& wanted)
    : store_(store), clock_(clock), random_(random), approvals_(store) {
  const std::string wanted_org = wanted.org_id.empty() ? "" : whole_org_id(wanted.org_id);
  const std::optional<std::string> known_org = store_.setting("org_id");
  if (known_org && !wanted_org.empty() && *known_org != wanted_org) {
    throw std::invalid_argument(fmt::format("the file belongs to org {}, not to {}", *known_org, wanted_org));
  }
  constexpr std::uint64_t numbers_of_nine_digits = 13'537'086'546'263'552;  // 62^9
  const auto number = static_cast<std::int64_t>(random_.below(numbers_of_nine_digits));
  credentials_.org_id = remembered("org_id", wanted_org, make_record_id("00D", number));
  credentials_.user_id = remembered("user_id", "", make_record_id("005", 1));
  credentials_.client_id = remembered("client_id", wanted.client_id, "3MVG9" + random_text(80));
  credentials_.client_secret = remembered("client_secret", wanted.client_secret, base::to_hex(random_.bytes(32)));
  credentials_.username = remembered("username", wanted.username, "integration@local.example");
  credentials_.password = remembered("password", wanted.password, random_text(16));
  credentials_.access_token = remembered("access_token", wanted.access_token, new_access_token());
  sessions_[credentials_.access_token] = {.user_id = credentials_.user_id,
                                          .username = credentials_.username,
                                          .client_id = credentials_.client_id,
                                          .grant = "initial",
                                          .scope = initial_scope,
                                          .opened_at = clock_.now()};
  credentials_.refresh_token = remembered("refresh_token", wanted.refresh_token, refresh_token_start + random_text(80));
  const bool must_work = !approvals_.were_ever_kept() || !wanted.refresh_token.empty();
  if (must_work && !approvals_.find(credentials_.refresh_token))
    add_approval(credentials_.user_id, initial_scope, credentials_.refresh_token);
}

std::string Sessions::remembered(std::string_view name, const std::string& wanted, const std::string& invented) {
  std::optional<std::string> known = store_.setting(name);
  if (known && (wanted.empty() || *known == wanted)) return *std::move(known);
  const std::string& value = wanted.empty() ? invented : wanted;
  store_.set_setting(name, value);
  return value;
}

bool Sessions::is_secret(std::string_view secret) const {
  return !secret_broken_ && base::equal_in_constant_time(secret, credentials_.client_secret);
}

std::string Sessions::open(Session session) {
  std::string token = new_access_token();
  session.opened_at = clock_.now();
  sessions_[token] = std::move(session);
  return token;
}

Session* Sessions::find(std::string_view access_token) {
  const auto found = sessions_.find(access_token);
  return found == sessions_.end() || found->second.expires_at <= clock_.now() ? nullptr : &found->second;
}

const Approval& Sessions::approve(const std::string& user_id, const std::string& scope) {
  add_approval(user_id, scope, refresh_token_start + random_text(80));
  return approvals_.all().back();
}

void Sessions::add_approval(const std::string& user_id, const std::string& scope, std::string refresh_token) {
  const base::TimePoint now = clock_.now();
  const std::string ended = approvals_.add({.id = random_text(12),
                                            .user_id = user_id,
                                            .client_id = credentials_.client_id,
                                            .scope = scope,
                                            .refresh_token = std::move(refresh_token),
                                            .created_at = now,
                                            .used_at = now});
  if (!ended.empty()) end_approval(ended);
}

std::string Sessions::use(const Approval& approval, bool rotates) {
  std::string next = rotates ? refresh_token_start + random_text(80) : "";
  approvals_.use(approval.id, clock_.now(), next);
  return next;
}

void Sessions::end_approval(const std::string& id) {
  approvals_.end(id);
  std::erase_if(sessions_, [&](const auto& session) { return session.second.approval == id; });
}

void Sessions::end_approvals_of(std::string_view user_id) {
  std::vector<std::string> ids;
  for (const Approval& approval : approvals_.all()) {
    if (approval.user_id == user_id) ids.push_back(approval.id);
  }
  for (const std::string& id : ids) end_approval(id);
}

void Sessions::end_all_approvals() {
  while (!approvals_.all().empty()) end_approval(std::string(approvals_.all().back().id));
}

void Sessions::end_sessions_of(std::string_view user_id) {
  std::erase_if(sessions_, [&](const auto& session) { return session.second.user_id == user_id; });
}

bool Sessions::revoke(std::string_view token) {
  if (const auto session = sessions_.find(token); session != sessions_.end()) {
    sessions_.erase(session);
    return true;
  }
  const Approval* approval = approvals_.find(token);
  if (!approval) return false;
  end_approval(std::string(approval->id));
  return true;
}

// `00D…!…`, 112 characters, as Salesforce's are.
std::string Sessions::new_access_token() { return credentials_.org_id.substr(0, 15) + "!" + random_text(96); }

std::string Sessions::random_text(std::size_t length) {
  std::string text = random_.bytes(length);
  for (char& c : text) c = token_characters[static_cast<unsigned char>(c) % token_characters.size()];
  return text;
}

}  // namespace local_org
