#include "local_org/session_door.hpp"

#include <string>

#include "local_org/api_error.hpp"
#include "local_org/oauth.hpp"

namespace local_org {

const Session& SessionDoor::admit(std::string_view token, const base::http::ServerRequest& request, Call& call) {
  Session* session = sessions_.find(token);
  if (!session) throw ApiError{401, "INVALID_SESSION_ID", "Session expired or invalid"};
  call.user = session->username;
  call.client_id = session->client_id;
  call.grant = session->grant;
  call.generation = session->generation;
  const Access& access = permissions_.access_of(session->user_id);
  check_place(request, *session, access);
  if (!session->has_scope("api") && !session->has_scope("full")) {
    throw ApiError{401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API"};
  }
  if (!policies_.api_enabled) {
    throw ApiError{403, "API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner"};
  }
  if (!access.has("PermissionsApiEnabled")) {
    throw ApiError{403, "API_CURRENTLY_DISABLED", "API is disabled for this user"};
  }
  return *session;
}

// Where the session may be used from, and at which host.
void SessionDoor::check_place(const base::http::ServerRequest& request, Session& session, const Access& access) const {
  const std::string host(base::http::find_header(request.headers, "host").value_or(""));
  if (session.host.empty()) session.host = host;
  if (session.source_ip.empty()) session.source_ip = source_address(request);
  const bool elsewhere = (policies_.lockSessionsToIp && session.source_ip != source_address(request)) ||
                         (policies_.lockSessionsToDomain && session.host != host) ||
                         (policies_.enforceIpRangesEveryRequest && !access.may_come_from(source_address(request)));
  if (elsewhere) throw ApiError{401, "INVALID_SESSION_ID", "Session expired or invalid"};
}

}  // namespace local_org
