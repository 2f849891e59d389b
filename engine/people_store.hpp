// Brands, users, projects, API tokens and bindings: stored, and held in memory for the gate. Every change raises the
// brand's auth epoch in its own transaction.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.hpp"
#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "engine/people.hpp"

namespace engine {

class PeopleStore {
 public:
  PeopleStore(base::sql::Database& database, base::Clock& clock) : database_(database), clock_(clock) {}

  base::awaitable<void> load();
  // Called, on the loop, after every change that was committed.
  void on_change(std::function<void(BrandId)> callback) { changed_ = std::move(callback); }

  // From memory.
  const Brand* brand(BrandId no) const;
  std::vector<Brand> brands() const;
  std::optional<User> user(BrandId brand, std::string_view id) const;
  std::optional<User> user_named(BrandId brand, std::string_view name) const;
  std::optional<Project> project(BrandId brand, std::string_view id) const;
  std::vector<Project> projects(BrandId brand) const;
  std::optional<Binding> binding(BrandId brand, std::int64_t workflow, std::string_view alias) const;
  std::vector<Binding> bindings(BrandId brand, std::int64_t workflow) const;
  struct Principal {
    BrandId brand;
    std::string user;
  };
  std::optional<Principal> principal_of_token(std::string_view token_hash) const;

  base::awaitable<void> add_brand(Brand brand);
  base::awaitable<void> add_user(BrandId brand, User user);
  base::awaitable<void> add_token(BrandId brand, std::string user, std::string token_hash);
  base::awaitable<void> add_project(BrandId brand, Project project);
  base::awaitable<void> set_extensions(BrandId brand, std::vector<std::string> extensions);
  base::awaitable<void> set_owner(BrandId brand, std::string project, std::string owner);
  base::awaitable<void> bind(BrandId brand, Binding binding);

  // To stand in the transaction of a change that other stores make; apply raised_epoch() after its commit.
  static base::sql::Statement raise_epoch(BrandId brand);
  void raised_epoch(BrandId brand);

 private:
  struct Held {
    Brand brand;
    std::map<std::string, User, std::less<>> users;
    std::map<std::string, Project, std::less<>> projects;
    std::map<std::pair<std::int64_t, std::string>, Binding> bindings;
  };

  base::awaitable<void> change(BrandId brand, base::sql::Statement statement);
  const Held* held(BrandId brand) const;

  base::sql::Database& database_;
  base::Clock& clock_;
  std::function<void(BrandId)> changed_;
  std::map<std::int64_t, Held> brands_;
  std::map<std::string, Principal, std::less<>> tokens_;
};

}  // namespace engine
