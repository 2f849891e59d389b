// An org's schema as files that people review and keep beside their workflows: what its describe calls say of the
// objects in use. Never a record.
//
//   org.json               which org, when, by which version of the API, and a fingerprint of all objects
//   objects/Contact.json   one object, keys and fields in alphabetical order, so that a change shows as a short diff
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.hpp"
#include "base/findings.hpp"
#include "base/result.hpp"
#include "connectors/salesforce/client.hpp"
#include "connectors/salesforce/org_needs.hpp"

namespace connectors::salesforce {

struct OrgSnapshot {
  std::string org_id{};
  std::string environment{};  // production or sandbox, as the org says itself
  std::string api_version{};
  std::string taken_at{};                        // UTC
  std::map<std::string, std::string> objects{};  // API name -> its description: the part that is kept, as JSON

  // "sha256:…" of all objects; the time and the org do not count.
  std::string fingerprint() const;
};

// The part of a describe answer that a mapping can depend on. Addresses, labels of layouts and the like are left out.
base::Result<std::string> kept_description(std::string_view describe);

enum class IfObjectIsGone { fail, leave_out };

// Asks the org for the objects in `needs`, and for those to which their field paths lead (Account.Name). Read-only.
base::awaitable<base::Result<OrgSnapshot>> take_org_snapshot(Client& client, std::string account_id,
                                                             std::string api_version, OrgNeeds needs,
                                                             IfObjectIsGone if_gone);
// Every object that can be queried or written.
base::awaitable<base::Result<OrgNeeds>> all_objects(Client& client, std::string account_id);

// Replaces what the folder has of an earlier snapshot; throws where it cannot be written.
void write_org_snapshot(const OrgSnapshot& snapshot, const std::string& folder);

struct OrgSnapshotReading {
  std::optional<OrgSnapshot> snapshot{};  // present when no finding is an error
  base::Findings findings{};
};
// A folder that was written so. An object that no longer has the fingerprint it was written with is only noted: people
// may try a change in the file before they make it in the org.
OrgSnapshotReading read_org_snapshot(const std::string& folder);

}  // namespace connectors::salesforce
