// The OAuth endpoints: tokens, revocation, and who a token stands for.
#pragma once

#include <string>

#include "base/http/server.hpp"
#include "local_org/authorization_codes.hpp"
#include "local_org/call_log.hpp"
#include "local_org/org.hpp"
#include "local_org/sessions.hpp"

namespace local_org {

class OAuth {
 public:
  OAuth(Org& org, Sessions& sessions, AuthorizationCodes& codes, const base::Clock& clock)
      : org_(org), sessions_(sessions), codes_(codes), clock_(clock) {}

  // Notes in `call` which client asked for which grant.
  base::http::Response token(const base::http::ServerRequest& request, Call& call);
  // Whether a token is good, and for what.
  base::http::Response introspect(const base::http::ServerRequest& request);
  base::http::Response revoke(const base::http::ServerRequest& request);
  base::http::Response userinfo(const base::http::ServerRequest& request);
  // /id/<org>/<user>
  base::http::Response identity(const base::http::ServerRequest& request);

 private:
  struct Client {
    std::string id;
    std::string secret;
    bool has_secret = false;
  };

  Client client_of(const base::http::ServerRequest& request, const base::http::Form& form) const;
  void check_client(const Client& client, bool needs_secret) const;
  base::http::Response exchange_code(const Client& client, const base::http::Form& form, const std::string& origin,
                                     Call& call);
  base::http::Response client_credentials(const Client& client, const std::string& origin);
  base::http::Response refresh(const Client& client, const std::string& refresh_token, const std::string& origin,
                               Call& call);
  base::http::Response password(const Client& client, const base::http::Form& form, const std::string& origin);
  base::http::Response token_answer(Session session, const std::string& new_refresh_token, const std::string& origin);
  std::string origin(const base::http::ServerRequest& request) const;
  Record user_record(const std::string& user_id);
  std::string user_text(const Record& user, std::string_view field) const;

  Org& org_;
  Sessions& sessions_;
  AuthorizationCodes& codes_;
  const base::Clock& clock_;
};

// The token of `Authorization: Bearer …` (or OAuth …), "" when there is none.
std::string_view bearer_token(const base::http::ServerRequest& request);

}  // namespace local_org
