// What an org's duplicate rules say of a record that they keep from being saved.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/json_writer.hpp"

namespace connectors::salesforce {

// A record that the org takes for the same.
struct DuplicateMatch {
  std::string object{};
  std::string id{};

  friend bool operator==(const DuplicateMatch&, const DuplicateMatch&) = default;
};

struct Duplicates {
  std::string rule{};                     // its API name
  bool may_be_saved = true;               // the rule only alerts
  std::vector<DuplicateMatch> matches{};  // those that the account's user may see
};

// What one error of an answer holds of it; nullopt where it is about something else.
std::optional<Duplicates> read_duplicates(const nlohmann::json& error);
// Of an answer's body: of its first error that is about duplicates.
std::optional<Duplicates> duplicates_in(std::string_view body);

// [{"object", "id"}]
void write_matches(base::JsonWriter& json, const std::vector<DuplicateMatch>& matches);
// "Contact 003…, Contact 003…", or that none may be seen; long lists are told by their beginning.
std::string matches_in_words(const std::vector<DuplicateMatch>& matches);

}  // namespace connectors::salesforce
