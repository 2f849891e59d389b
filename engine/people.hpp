// Who is there: brands, their users, groups, projects, API tokens, and what a workflow's aliases are bound to. Plain
// values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace engine {

// Brands are told apart by number in every table and every store function.
struct BrandId {
  std::int64_t no = 0;
  friend bool operator==(BrandId, BrandId) = default;
};

struct Brand {
  BrandId no;
  std::string id;  // brd_…
  std::string name;
  std::vector<std::string> extensions;  // the licence's, e.g. {"salesforce"}
  std::int64_t auth_epoch = 1;          // raised by every change the gate may answer differently after
};

enum class Role { user, brand_admin };

struct User {
  std::string id;  // usr_…
  std::string name;
  Role role = Role::user;
};

struct Group {
  std::string id;  // grp_…
  std::string name;
  std::vector<std::string> members{};  // user ids
};

// What somebody may do with a project and its workflows; each right holds those before it.
// view: see them, their versions and runs. run: resume and cancel runs, enable, disable. edit: change workflows,
// and see what a run has sent. owner: share, hand on, remove.
enum class Right { none, view, run, edit, owner };

struct Collaborator {
  std::string user;  // id
  Right right = Right::view;
};

struct Project {
  std::string id;  // prj_…
  std::string name;
  std::string owner;  // user id
  std::vector<Collaborator> collaborators{};
};

// What is known of a token: never the token itself, which is stored as its hash.
struct ApiToken {
  std::string id;    // tok_…
  std::string user;  // id
  std::string label;
  base::TimePoint created_at{};
};

struct Binding {
  std::int64_t workflow = 0;
  std::string alias;
  std::string account;              // acc_…
  std::string org_id;               // the org it was made for; empty until the account has logged in
  bool awaits = false;              // an edit by somebody else than the creator has invalidated it
  std::string awaits_editor{};      // who made that edit, and
  std::int64_t awaits_version = 0;  // the number of the version
};

std::string_view to_string(Role role);
std::string_view to_string(Right right);
std::optional<Role> read_role(std::string_view word);
std::optional<Right> read_right(std::string_view word);

}  // namespace engine
