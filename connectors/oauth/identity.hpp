// Whom a token stands for, and in what kind of org: two reads after every login. No I/O.
#pragma once

#include <string>
#include <string_view>

#include "base/http/client.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "connectors/accounts/linked_account.hpp"

namespace connectors {

// `instance_url` of the token answer; the path is that of the identity URL. The identity service stands on every host
// of an org, so the token is not sent to a host of its own for it.
base::http::Request identity_request(std::string_view instance_url, const std::string& org_id,
                                     const std::string& user_id, const base::Secret& access_token);
// An answer that is none of an identity gives login_refused.
base::Result<OrgIdentity> read_identity(const base::http::Response& response);

base::http::Request organization_request(std::string_view instance_url, std::string_view api_version,
                                         const base::Secret& access_token);
// Organization.IsSandbox; true for scratch orgs as well.
base::Result<Environment> read_organization(const base::http::Response& response);

// Ids have 15 characters, or 18 with a checksum.
bool is_same_id(std::string_view a, std::string_view b);

}  // namespace connectors
