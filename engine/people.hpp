// Who is there: brands, their users, projects, and what a workflow's aliases are bound to. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

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

struct Project {
  std::string id;  // prj_…
  std::string name;
  std::string owner;  // user id
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

}  // namespace engine
