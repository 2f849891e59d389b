#include "app/cli/resource_names.hpp"

#include <array>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/errors.hpp"
#include "base/findings.hpp"
#include "base/http/message.hpp"

namespace app::cli {
namespace {

std::string collection_path(const Collection& collection) { return std::string("/") + collection.plural; }

// What tells two of one name apart.
std::string in_one_line(const Tree& item) {
  std::string line = text_in(item, "id");
  for (const char* name : {"name", "role", "project", "environment", "org_id", "owner"}) {
    const std::string text = text_in(item, name);
    if (!text.empty()) line += " · " + text;
  }
  return line;
}

}  // namespace

std::string id_of(ServerClient& server, const Collection& collection, const std::string& name_or_id) {
  if (name_or_id.starts_with(collection.prefix)) return name_or_id;
  const Tree list = tree_of(server.all(collection_path(collection), collection.plural));
  std::vector<const Tree*> found;
  std::vector<std::string> names;
  for (const Tree& item : member(list, collection.plural)) {
    if (text_in(item, "id") == name_or_id) return name_or_id;
    names.push_back(text_in(item, "name"));
    if (base::http::equal_ignoring_case(names.back(), name_or_id)) found.push_back(&item);
  }
  if (found.size() == 1) return text_in(*found.front(), "id");
  if (found.empty()) {
    const std::string meant = base::nearest(name_or_id, names);
    throw Refusal(Exit::failed, std::string(name_unknown.name),
                  fmt::format("there is no {} '{}' that you can see{}", collection.word, name_or_id,
                              meant.empty() ? "" : fmt::format(" · did you mean '{}'?", meant)),
                  fmt::format("`sluice {} list` shows all of them", collection.plural));
  }
  std::string candidates;
  for (const Tree* item : found) candidates += "\n          " + in_one_line(*item);
  throw Refusal(Exit::bad_input, std::string(name_ambiguous.name),
                fmt::format("{} {} are called '{}':{}", found.size(), collection.plural, name_or_id, candidates),
                "give the id instead of the name");
}

std::string share_partner_of(ServerClient& server, const std::string& name_or_id) {
  if (name_or_id == "brand" || name_or_id.starts_with(resource::users.prefix) ||
      name_or_id.starts_with(resource::groups.prefix))
    return name_or_id;
  std::vector<std::string> ids;
  for (const Collection& collection : {resource::users, resource::groups}) {
    try {
      ids.push_back(id_of(server, collection, name_or_id));
    } catch (const Refusal& refusal) {
      if (refusal.code != name_unknown.name) throw;
    }
  }
  if (ids.size() == 1) return ids.front();
  if (ids.empty()) {
    throw Refusal(Exit::failed, std::string(name_unknown.name),
                  fmt::format("there is no user and no group '{}'", name_or_id),
                  "`sluice users list` and `sluice groups list` show them; `brand` means everybody");
  }
  throw Refusal(Exit::bad_input, std::string(name_ambiguous.name),
                fmt::format("a user ({}) and a group ({}) are called '{}'", ids[0], ids[1], name_or_id),
                "give the id instead of the name");
}

std::string NameBook::name_of(const std::string& id) {
  if (id == "brand") return "the whole brand";
  constexpr std::array collections{resource::users, resource::groups, resource::projects, resource::workflows,
                                   resource::accounts};
  for (const Collection& collection : collections) {
    if (!id.starts_with(collection.prefix)) continue;
    const std::map<std::string, std::string>& names = names_in(collection);
    const auto found = names.find(id);
    return found == names.end() || found->second.empty() ? id : found->second;
  }
  return id;
}

const std::map<std::string, std::string>& NameBook::names_in(const Collection& collection) {
  const auto known = read_.find(collection.plural);
  if (known != read_.end()) return known->second;
  std::map<std::string, std::string>& names = read_[collection.plural];
  try {
    const Tree list = tree_of(server_.all(collection_path(collection), collection.plural));
    for (const Tree& item : member(list, collection.plural)) names[text_in(item, "id")] = text_in(item, "name");
  } catch (const Refusal&) {
    // Not everybody may list everything; the ids stand for themselves then.
  }
  return names;
}

}  // namespace app::cli
