// Which objects the local orgs of mapping tests have: their own, or those of an org whose schema was saved.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/findings.hpp"
#include "connectors/salesforce/org_snapshot.hpp"

namespace app {

class LocalSchemas {
 public:
  // The org behind `alias`, behind every one where that is empty, is as the snapshot has it: an object of the same name
  // is replaced, and one that it does not have stays. Findings: objects that no local org can be made of; `folder` is
  // where they were read from.
  base::Findings add(const std::string& alias, const connectors::salesforce::OrgSnapshot& snapshot,
                     const std::string& folder);

  // Texts of describe documents beyond the local org's own, for the org behind the alias.
  std::vector<std::string> describes_of(const std::string& alias) const;
  // The text by which that org knows an object; "" where it has none.
  std::string_view describe_of(const std::string& alias, const std::string& object) const;

 private:
  struct Described {
    std::string text;
    std::string key_prefix;  // with which ids of its records begin; may be empty
  };
  using Describes = std::map<std::string, Described>;  // by folded name

  std::map<std::string, Describes> by_alias_{};  // "": of every one
};

}  // namespace app
