// Names and ids of what a server holds: people type names, the API speaks of ids.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "app/cli/server_client.hpp"

namespace app::cli {

struct Collection {
  const char* plural;  // its path, and the list's name in the answer
  const char* word;    // for one of them
  const char* prefix;  // of their ids
};

namespace resource {

inline constexpr Collection users{"users", "user", "usr_"};
inline constexpr Collection groups{"groups", "group", "grp_"};
inline constexpr Collection projects{"projects", "project", "prj_"};
inline constexpr Collection workflows{"workflows", "workflow", "wfl_"};
inline constexpr Collection accounts{"accounts", "account", "acc_"};
inline constexpr Collection brands{"brands", "brand", "brd_"};

}  // namespace resource

// The id of what is called so; an id is taken as it is. A name that several have throws Refusal with all of them.
std::string id_of(ServerClient& server, const Collection& collection, const std::string& name_or_id);

// `user`, `group` or `brand` (the whole one), as whom something is shared with.
std::string share_partner_of(ServerClient& server, const std::string& name_or_id);

// Ids as names, for reading. What this token may not list is shown as its id.
class NameBook {
 public:
  explicit NameBook(ServerClient& server) : server_(server) {}

  // Of a user, a group, a project, a workflow or an account; `brand` is the whole brand.
  std::string name_of(const std::string& id);

 private:
  const std::map<std::string, std::string>& names_in(const Collection& collection);

  ServerClient& server_;
  std::map<std::string, std::map<std::string, std::string>> read_;  // by plural
};

}  // namespace app::cli
