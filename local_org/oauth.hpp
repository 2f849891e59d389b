// The OAuth endpoints: tokens, revocation, and who a token stands for.
#pragma once

#include <string>

#include "base/http/server.hpp"
#include "local_org/call_log.hpp"
#include "local_org/org.hpp"
#include "local_org/sessions.hpp"

namespace local_org {

class OAuth {
 public:
  // With `rotates`, every refresh gives a new refresh token and the old one dies at once.
  OAuth(Org& org, Sessions& sessions, const base::Clock& clock, bool rotates)
      : org_(org), sessions_(sessions), clock_(clock), rotates_(rotates) {}

  // Notes in `call` which client asked for which grant.
  base::http::Response token(const base::http::ServerRequest& request, Call& call);
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

  base::http::Response client_credentials(const Client& client, const std::string& origin);
  base::http::Response refresh(const Client& client, const std::string& refresh_token, const std::string& origin);
  base::http::Response password(const Client& client, const base::http::Form& form, const std::string& origin);
  base::http::Response token_answer(Session session, const std::string& new_refresh_token, const std::string& origin);
  std::string origin(const base::http::ServerRequest& request) const;
  Record user_record(const std::string& user_id);
  std::string user_text(const Record& user, std::string_view field) const;

  Org& org_;
  Sessions& sessions_;
  const base::Clock& clock_;
  bool rotates_;
};

// The token of `Authorization: Bearer …` (or OAuth …), "" when there is none.
std::string_view bearer_token(const base::http::ServerRequest& request);

}  // namespace local_org
