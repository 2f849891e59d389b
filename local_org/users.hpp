// The org's users as those who log in: found by name, judged by password.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "local_org/org.hpp"
#include "local_org/sessions.hpp"

namespace local_org {

class Users {
 public:
  Users(Org& org, const Sessions& sessions, const base::Clock& clock) : org_(org), sessions_(sessions), clock_(clock) {}

  // An active user whose other names are the given one. Returns its id; one of that name that exists stays as it is.
  std::string add(const std::string& username);

  // Ids, oldest first.
  std::vector<std::string> all() { return org_.store().all_ids(users()); }
  // Nothing for an unknown name.
  std::optional<std::string> find(std::string_view username);
  // The id of the active user with that name and password; nothing otherwise.
  std::optional<std::string> log_in(std::string_view username, std::string_view password);
  bool is_active(std::string_view user_id);
  // "" for a field that is empty or unknown.
  std::string text(std::string_view user_id, std::string_view field);

  void set(std::string_view user_id, std::string_view field, base::sql::Value value);
  // A user made by hand has the first user's password until it gets its own.
  std::string password(std::string_view user_id);
  void set_password(std::string_view user_id, std::string_view password);

 private:
  const Object& users() const { return *org_.schema().find("User"); }

  Org& org_;
  const Sessions& sessions_;
  const base::Clock& clock_;
};

}  // namespace local_org
