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

Sessions::Sessions(RecordStore& store, base::Random& random, const Credentials& wanted)
    : store_(store), random_(random) {
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
  load_refresh_tokens();
  credentials_.refresh_token = remembered("refresh_token", wanted.refresh_token, refresh_token_start + random_text(80));
  const bool must_work = is_new || !wanted.refresh_token.empty();
  if (must_work && !user_of(credentials_.refresh_token))
    add_refresh_token(credentials_.refresh_token, credentials_.user_id);
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
  sessions_[token] = std::move(session);
  return token;
}

const Session* Sessions::find(std::string_view access_token) const {
  const auto found = sessions_.find(access_token);
  return found == sessions_.end() ? nullptr : &found->second;
}

std::string Sessions::new_refresh_token(const std::string& user_id) {
  const auto of_user = [&](const RefreshToken& token) { return token.user_id == user_id; };
  const auto live = static_cast<std::size_t>(std::count_if(refresh_tokens_.begin(), refresh_tokens_.end(), of_user));
  if (live >= refresh_tokens_per_user_max) {
    const std::string oldest = std::find_if(refresh_tokens_.begin(), refresh_tokens_.end(), of_user)->token;
    revoke(oldest);
  }
  add_refresh_token(refresh_token_start + random_text(80), user_id);
  return refresh_tokens_.back().token;
}

void Sessions::add_refresh_token(std::string token, std::string user_id) {
  refresh_tokens_.push_back({std::move(token), std::move(user_id)});
  save_refresh_tokens();
}

std::optional<std::string> Sessions::user_of(std::string_view refresh_token) const {
  const auto found = std::find_if(refresh_tokens_.begin(), refresh_tokens_.end(),
                                  [&](const RefreshToken& token) { return token.token == refresh_token; });
  return found == refresh_tokens_.end() ? std::nullopt : std::optional(found->user_id);
}

bool Sessions::revoke(std::string_view token) {
  if (const auto session = sessions_.find(token); session != sessions_.end()) {
    sessions_.erase(session);
    return true;
  }
  const std::string refresh_token(token);
  const auto gone =
      std::erase_if(refresh_tokens_, [&](const RefreshToken& held) { return held.token == refresh_token; });
  if (gone == 0) return false;
  std::erase_if(sessions_, [&](const auto& session) { return session.second.refresh_token == refresh_token; });
  save_refresh_tokens();
  return true;
}

void Sessions::revoke_all_refresh_tokens() {
  while (!refresh_tokens_.empty()) revoke(std::string(refresh_tokens_.back().token));
}

// `00D…!…`, 112 characters, as Salesforce's are.
std::string Sessions::new_access_token() { return credentials_.org_id.substr(0, 15) + "!" + random_text(96); }

std::string Sessions::random_text(std::size_t length) {
  std::string text = random_.bytes(length);
  for (char& c : text) c = token_characters[static_cast<unsigned char>(c) % token_characters.size()];
  return text;
}

void Sessions::save_refresh_tokens() {
  std::string lines;
  for (const RefreshToken& token : refresh_tokens_) lines += fmt::format("{} {}\n", token.token, token.user_id);
  store_.set_setting("refresh_tokens", lines);
}

void Sessions::load_refresh_tokens() {
  std::istringstream lines(store_.setting("refresh_tokens").value_or(""));
  RefreshToken token;
  while (lines >> token.token >> token.user_id) refresh_tokens_.push_back(token);
}

}  // namespace local_org
