// The org's users as those who log in: found by name, judged by password.
#include "local_org/users.hpp"

#include <chrono>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "local_org/permissions.hpp"
#include "local_org/record_id.hpp"

namespace local_org {
namespace {

std::string password_setting(std::string_view user_id) { return fmt::format("password of {}", user_id); }

}  // namespace

std::optional<std::string> Users::find(std::string_view username) {
  if (username.empty()) return std::nullopt;
  const std::vector<std::string> ids = org_.store().find_ids(users(), *users().find("Username"), std::string(username));
  return ids.empty() ? std::nullopt : std::optional(ids.front());
}

std::string Users::add(const std::string& username) {
  if (const std::optional<std::string> known = find(username)) return *known;
  const std::string id = make_record_id(users().key_prefix, org_.store().next_number(users()));
  const std::int64_t now = base::to_millis(std::chrono::floor<std::chrono::seconds>(clock_.now()));
  const std::string& author = sessions_.credentials().user_id;
  org_.plant(users(), id,
             {{"Username", username},
              {"LastName", username},
              {"Name", username},
              {"Email", username},
              {"IsActive", std::int64_t{1}},
              {"TimeZoneSidKey", "GMT"},
              {"LocaleSidKey", "en_US"},
              {"EmailEncodingKey", "UTF-8"},
              {"LanguageLocaleKey", "en_US"},
              {"ProfileId", first_profile_id()},
              {"CreatedDate", now},
              {"CreatedById", author},
              {"LastModifiedDate", now},
              {"LastModifiedById", author},
              {"SystemModstamp", now}});
  return id;
}

std::optional<std::string> Users::log_in(std::string_view username, std::string_view given) {
  const std::optional<std::string> id = find(username);
  if (!id || !is_active(*id)) return std::nullopt;
  return base::equal_in_constant_time(given, password(*id)) ? id : std::nullopt;
}

bool Users::is_active(std::string_view user_id) {
  const std::optional<Record> user = org_.store().find(users(), user_id);
  return user && (*user)[users().index_of(*users().find("IsActive"))] != base::sql::Value(std::int64_t{0});
}

std::string Users::text(std::string_view user_id, std::string_view field) {
  const std::optional<Record> user = org_.store().find(users(), user_id);
  const Field* known = users().find(field);
  const auto* text = user && known ? std::get_if<std::string>(&(*user)[users().index_of(*known)]) : nullptr;
  return text ? *text : std::string();
}

void Users::set(std::string_view user_id, std::string_view field, base::sql::Value value) {
  std::optional<Record> user = org_.store().find(users(), user_id);
  const Field* known = users().find(field);
  if (!user || !known) return;
  (*user)[users().index_of(*known)] = std::move(value);
  org_.store().update(users(), *user);
}

std::string Users::password(std::string_view user_id) {
  return org_.store().setting(password_setting(user_id)).value_or(sessions_.credentials().password);
}

void Users::set_password(std::string_view user_id, std::string_view password) {
  org_.store().set_setting(password_setting(user_id), password);
}

}  // namespace local_org
