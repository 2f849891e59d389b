// Login apps of every brand: kept in the database, looked up in memory, their secrets sealed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/sql/database.hpp"
#include "connectors/accounts/account_store.hpp"
#include "connectors/accounts/login_app.hpp"
#include "connectors/accounts/secret_vault.hpp"

namespace connectors {

class LoginAppStore {
 public:
  LoginAppStore(base::sql::Database& database, base::Random& random, SecretVault& vault, CommitChange commit_change)
      : database_(database), random_(random), vault_(vault), commit_change_(std::move(commit_change)) {}

  // Reads all that is stored. Once, before anything else.
  base::awaitable<void> load();

  // The brand's app at that address: a new one, or the one that is there with another client id and secret. What is
  // linked through it keeps what it was linked with.
  base::awaitable<LoginApp> put(std::string who, std::string brand, LoginApp app, base::Secret secret);
  // False where the brand has no such app.
  base::awaitable<bool> remove(std::string who, std::string brand, std::string id);

  std::vector<LoginApp> list(std::string_view brand) const;
  std::optional<LoginApp> find(std::string_view brand, std::string_view id) const;
  std::optional<LoginApp> at(std::string_view brand, std::string_view login_url) const;
  // Empty for an app without one; an error when it cannot be opened.
  base::awaitable<base::Result<base::Secret>> secret(std::string brand, std::string id);

 private:
  struct Kept {
    std::string brand;
    LoginApp app;
  };

  base::sql::Database& database_;
  base::Random& random_;
  SecretVault& vault_;
  CommitChange commit_change_;
  std::vector<Kept> apps_;  // in the order of their making
};

}  // namespace connectors
