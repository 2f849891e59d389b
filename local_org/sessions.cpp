// Who may call the org: its one app, its users, and the tokens that stand for both.
#include "local_org/sessions.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "local_org/record_id.hpp"

namespace local_org {
namespace {

constexpr std::size_t refresh_tokens_per_user_max = 5;
const std::string refresh_token_start = "5Aep861";
constexpr std::string_view token_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";

std::string whole_org_id(const std::string& id) {
  const std::optional<std::string> whole = to_record_id(id);
  if (!whole || !whole->starts_with("00D")) throw std::invalid_argument(fmt::format("'{}' is no org id", id));
  return *whole;
}

}  // namespace

Sessions::Sessions(RecordStore& store, base::Random& random, const base::Clock& clock, const Credentials& wanted)
    : store_(store), random_(random), clock_(clock) {
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
  sessions_[credentials_.access_token] = {credentials_.user_id, credentials_.username, credentials_.client_id,
                                          "initial"};
  const bool is_new = !store_.setting("refresh_tokens");
  load_grants();
  credentials_.refresh_token = remembered("refresh_token", wanted.refresh_token, refresh_token_start + random_text(80));
  const bool must_work = is_new || !wanted.refresh_token.empty();
  if (must_work && !grant_of(credentials_.refresh_token)) {
    add_grant({.token = credentials_.refresh_token, .user_id = credentials_.user_id});
  }
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

const Session* Sessions::find(std::string_view access_token) const {
  const auto found = sessions_.find(access_token);
  if (found == sessions_.end()) return nullptr;
  const Session& session = found->second;
  const base::Duration life{policies_.access_token_seconds * 1000};
  const bool lives = session.grant == "initial" || life.count() == 0 || clock_.now() < session.opened_at + life;
  return lives ? &session : nullptr;
}

std::string Sessions::approve(const std::string& user_id, const std::string& scope) {
  const auto of_user = [&](const Grant& grant) { return grant.user_id == user_id; };
  const auto live = static_cast<std::size_t>(std::count_if(grants_.begin(), grants_.end(), of_user));
  if (live >= refresh_tokens_per_user_max) {
    const std::string oldest = std::find_if(grants_.begin(), grants_.end(), of_user)->token;
    revoke(oldest);
  }
  add_grant({.token = refresh_token_start + random_text(80), .user_id = user_id, .scope = scope});
  return grants_.back().token;
}

std::optional<Grant> Sessions::use(std::string_view refresh_token) {
  if (const auto spent = spent_.find(refresh_token); spent != spent_.end()) {
    if (policies_.detects_reuse) end_family(std::string(spent->second));
    return std::nullopt;
  }
  const auto found =
      std::find_if(grants_.begin(), grants_.end(), [&](const Grant& grant) { return grant.token == refresh_token; });
  if (found == grants_.end() || has_run_out(*found)) return std::nullopt;
  found->used_at = clock_.now();
  return *found;
}

bool Sessions::has_run_out(const Grant& grant) const {
  const base::Duration life{policies_.refresh_token_seconds * 1000};
  if (policies_.refresh_token_policy == "Zero") return true;
  if (policies_.refresh_token_policy == "SpecificLifetime") return clock_.now() >= grant.approved_at + life;
  if (policies_.refresh_token_policy == "SpecificInactivity") return clock_.now() >= grant.used_at + life;
  return false;
}

// The approval keeps its place among the five: what is rotated is its token.
std::string Sessions::rotate(const std::string& refresh_token) {
  const auto found =
      std::find_if(grants_.begin(), grants_.end(), [&](const Grant& grant) { return grant.token == refresh_token; });
  spent_[refresh_token] = found->family;
  std::erase_if(sessions_, [&](const auto& session) { return session.second.refresh_token == refresh_token; });
  found->token = refresh_token_start + random_text(80);
  save_grants();
  return found->token;
}

void Sessions::end_family(const std::string& family) {
  std::vector<std::string> tokens;
  for (const Grant& grant : grants_) {
    if (grant.family == family) tokens.push_back(grant.token);
  }
  for (const std::string& token : tokens) revoke(token);
}

const Grant* Sessions::grant_of(std::string_view refresh_token) const {
  const auto found =
      std::find_if(grants_.begin(), grants_.end(), [&](const Grant& grant) { return grant.token == refresh_token; });
  return found == grants_.end() ? nullptr : &*found;
}

void Sessions::add_grant(Grant grant) {
  grant.family = grant.token;
  grant.approved_at = clock_.now();
  grant.used_at = grant.approved_at;
  grants_.push_back(std::move(grant));
  save_grants();
}

bool Sessions::revoke(std::string_view token) {
  if (const auto session = sessions_.find(token); session != sessions_.end()) {
    sessions_.erase(session);
    return true;
  }
  const std::string refresh_token(token);
  const auto gone = std::erase_if(grants_, [&](const Grant& held) { return held.token == refresh_token; });
  if (gone == 0) return false;
  std::erase_if(sessions_, [&](const auto& session) { return session.second.refresh_token == refresh_token; });
  save_grants();
  return true;
}

void Sessions::revoke_user(const std::string& user_id) {
  std::erase_if(sessions_, [&](const auto& session) { return session.second.user_id == user_id; });
  std::erase_if(grants_, [&](const Grant& grant) { return grant.user_id == user_id; });
  save_grants();
}

void Sessions::revoke_all_refresh_tokens() {
  while (!grants_.empty()) revoke(std::string(grants_.back().token));
}

// `00D…!…`, 112 characters, as Salesforce's are.
std::string Sessions::new_access_token() { return credentials_.org_id.substr(0, 15) + "!" + random_text(96); }

std::string Sessions::random_text(std::size_t length) {
  std::string text = random_.bytes(length);
  for (char& c : text) c = token_characters[static_cast<unsigned char>(c) % token_characters.size()];
  return text;
}

// One a line: token, user, family, times, and the scope with commas for its blanks.
void Sessions::save_grants() {
  std::string lines;
  for (const Grant& grant : grants_) {
    std::string scope = grant.scope.empty() ? "-" : grant.scope;
    std::replace(scope.begin(), scope.end(), ' ', ',');
    lines += fmt::format("{} {} {} {} {} {}\n", grant.token, grant.user_id, grant.family,
                         base::to_millis(grant.approved_at), base::to_millis(grant.used_at), scope);
  }
  store_.set_setting("refresh_tokens", lines);
}

// Lines of an earlier program end after the user.
void Sessions::load_grants() {
  std::istringstream lines(store_.setting("refresh_tokens").value_or(""));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Grant grant;
    std::int64_t approved_at = base::to_millis(clock_.now());
    words >> grant.token >> grant.user_id;
    std::string family;
    grant.family = words >> family ? family : grant.token;
    if (!(words >> approved_at)) approved_at = base::to_millis(clock_.now());
    std::int64_t used_at = approved_at;
    if (!(words >> used_at)) used_at = approved_at;
    if (words >> grant.scope) std::replace(grant.scope.begin(), grant.scope.end(), ',', ' ');
    if (grant.scope == "-") grant.scope.clear();
    grant.approved_at = base::from_millis(approved_at);
    grant.used_at = base::from_millis(used_at);
    grants_.push_back(std::move(grant));
  }
}

}  // namespace local_org
