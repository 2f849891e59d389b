// The Metadata API, as far as the org has settings that nothing else tells: readMetadata of its session settings.
#pragma once

#include <string>

#include "base/http/server.hpp"
#include "base/xml.hpp"
#include "local_org/app_policies.hpp"
#include "local_org/call_log.hpp"
#include "local_org/permissions.hpp"
#include "local_org/session_door.hpp"

namespace local_org {

class MetadataApi {
 public:
  MetadataApi(SessionDoor& door, Permissions& permissions, const AppPolicies& policies)
      : door_(door), permissions_(permissions), policies_(policies) {}

  // POST /services/Soap/m/66.0. Notes in `call` who asked.
  base::http::Response answer(const base::http::ServerRequest& request, Call& call);

 private:
  std::string read_metadata(const base::XmlElement& wanted) const;

  SessionDoor& door_;
  Permissions& permissions_;
  const AppPolicies& policies_;
};

}  // namespace local_org
