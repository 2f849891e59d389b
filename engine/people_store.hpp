// Brands, users, groups, projects, API tokens and bindings: stored, and held in memory for the gate. Every change goes
// through the audit log and raises the brand's auth epoch where the gate may answer differently after.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.hpp"
#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "engine/audit_log.hpp"
#include "engine/people.hpp"

namespace engine {

// Mutating functions take who does it first, as the audit log names them: a user's id, "operator" or "system".
class PeopleStore {
 public:
  PeopleStore(base::sql::Database& database, base::Clock& clock, AuditLog& audit);
  PeopleStore(const PeopleStore&) = delete;
  PeopleStore& operator=(const PeopleStore&) = delete;

  base::awaitable<void> load();

  // From memory.
  const Brand* brand(BrandId no) const;
  const Brand* brand(std::string_view id) const;
  std::vector<Brand> brands() const;
  std::optional<User> user(BrandId brand, std::string_view id) const;
  std::optional<User> user_named(BrandId brand, std::string_view name) const;
  std::vector<User> users(BrandId brand) const;
  std::optional<Group> group(BrandId brand, std::string_view id) const;
  std::vector<Group> groups(BrandId brand) const;
  std::vector<std::string> groups_of(BrandId brand, std::string_view user) const;  // ids
  std::optional<Project> project(BrandId brand, std::string_view id) const;
  std::vector<Project> projects(BrandId brand) const;
  // A brand admin has the owner's rights in every project of the brand. Whoever has none must not learn that it exists.
  Right right_of(BrandId brand, std::string_view project, std::string_view user) const;
  std::optional<Binding> binding(BrandId brand, std::int64_t workflow, std::string_view alias) const;
  std::vector<Binding> bindings(BrandId brand, std::int64_t workflow) const;
  std::vector<ApiToken> tokens(BrandId brand, std::string_view user) const;
  struct Principal {
    BrandId brand;
    std::string user;
    std::string token;  // its id
  };
  std::optional<Principal> principal_of_token(std::string_view token_hash) const;
  bool is_operator_token(std::string_view token_hash) const { return operator_tokens_.contains(token_hash); }

  BrandId next_brand();  // a number that no brand has or had since the start
  base::awaitable<void> add_brand(std::string who, Brand brand);
  base::awaitable<void> set_extensions(std::string who, BrandId brand, std::vector<std::string> extensions);

  // False where another user, or another group, of the brand has the name.
  base::awaitable<bool> add_user(std::string who, BrandId brand, User user);
  base::awaitable<bool> rename_user(std::string who, BrandId brand, std::string user, std::string name);
  base::awaitable<bool> add_group(std::string who, BrandId brand, Group group);
  base::awaitable<bool> rename_group(std::string who, BrandId brand, std::string group, std::string name);
  // False where the brand would be left without an admin.
  base::awaitable<bool> set_role(std::string who, BrandId brand, std::string user, Role role);
  // With the user's tokens and memberships; false too where the user owns a project.
  base::awaitable<bool> remove_user(std::string who, BrandId brand, std::string user);

  base::awaitable<void> remove_group(std::string who, BrandId brand, std::string group);
  // False where it is so already, or the group or the user is there no more.
  base::awaitable<bool> join_group(std::string who, BrandId brand, std::string group, std::string user);
  base::awaitable<bool> leave_group(std::string who, BrandId brand, std::string group, std::string user);

  base::awaitable<void> add_token(std::string who, BrandId brand, ApiToken token, std::string token_hash);
  base::awaitable<void> revoke_token(std::string who, BrandId brand, std::string token);  // by its id
  base::awaitable<void> add_operator_token(std::string who, std::string token_hash);

  base::awaitable<void> add_project(std::string who, BrandId brand, Project project);
  base::awaitable<void> rename_project(std::string who, BrandId brand, std::string project, std::string name);
  base::awaitable<void> remove_project(std::string who, BrandId brand, std::string project);
  // False where the project or the user is there no more.
  base::awaitable<bool> set_collaborator(std::string who, BrandId brand, std::string project,
                                         Collaborator collaborator);
  base::awaitable<bool> remove_collaborator(std::string who, BrandId brand, std::string project, std::string user);
  base::awaitable<void> set_owner(std::string who, BrandId brand, std::string project, std::string owner);
  base::awaitable<void> bind(std::string who, BrandId brand, Binding binding);
  base::awaitable<void> unbind(std::string who, BrandId brand, std::int64_t workflow, std::string alias);

  // For changes that other stores commit in one transaction with theirs: the statement, and after the commit its effect
  // in memory.
  static base::sql::Statement put_owner(BrandId brand, const std::string& project, const std::string& owner);
  void owner_is(BrandId brand, const std::string& project, const std::string& owner);
  static base::sql::Statement put_binding(BrandId brand, const Binding& binding);
  void binding_is(BrandId brand, const Binding& binding);
  // Only whether it awaits and its org, and only while it is bound to that account: whoever binds anew meanwhile wins.
  static base::sql::Statement put_standing(BrandId brand, const Binding& binding);
  void standing_is(BrandId brand, const Binding& binding);
  static base::sql::Statement drop_binding(BrandId brand, std::int64_t workflow, const std::string& alias);
  void binding_is_gone(BrandId brand, std::int64_t workflow, const std::string& alias);

  // Without the audit log, which does it by itself: a change that is committed otherwise puts the statement in its
  // transaction and calls raised_epoch() after the commit.
  static base::sql::Statement raise_epoch(BrandId brand);
  void raised_epoch(BrandId brand);

 private:
  struct Held {
    Brand brand;
    std::map<std::string, User, std::less<>> users{};
    std::map<std::string, Group, std::less<>> groups{};
    std::map<std::string, Project, std::less<>> projects{};
    std::map<std::pair<std::int64_t, std::string>, Binding> bindings{};
    std::map<std::string, ApiToken, std::less<>> tokens{};  // by hash
  };

  base::awaitable<void> load_brand(Held& held);
  base::awaitable<void> change(BrandId brand, AuditEntry entry, base::sql::Statement statement,
                               bool raises_epoch = true);
  // The rest of the batch, and the entry, only where its first statement changes something.
  base::awaitable<bool> change_if(BrandId brand, AuditEntry entry, base::sql::Batch batch, bool raises_epoch);
  const Held* held(BrandId brand) const;
  std::int64_t now() const { return base::to_millis(clock_.now()); }

  base::sql::Database& database_;
  base::Clock& clock_;
  AuditLog& audit_;
  std::map<std::int64_t, Held> brands_;
  std::int64_t last_brand_no_ = 0;
  std::map<std::string, Principal, std::less<>> tokens_;  // by hash, of all brands
  std::set<std::string, std::less<>> operator_tokens_;    // hashes
};

}  // namespace engine
