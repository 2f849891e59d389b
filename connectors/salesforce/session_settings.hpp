// An org's session settings: the question to the Metadata API, which alone has them, and its answer. No I/O.
#pragma once

#include <string_view>

#include "base/http/client.hpp"
#include "base/json_text.hpp"
#include "base/result.hpp"
#include "connectors/accounts/account_sessions.hpp"

namespace connectors::salesforce {

// SOAP is the only way in; the session stands in the envelope.
base::http::Request session_settings_request(const Session& session, std::string_view api_version);

// {"lockSessionsToIp": false, "lockSessionsToDomain": true, "enforceIpRangesEveryRequest": false}; a fault of the
// service is salesforce_refused, in its own words.
base::Result<base::JsonText> read_session_settings(const base::http::Response& response);

}  // namespace connectors::salesforce
