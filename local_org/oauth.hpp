// The OAuth endpoints: login, tokens, revocation, and who a token stands for.
#pragma once

#include <string>
#include <string_view>

#include "base/http/server.hpp"
#include "local_org/app_policies.hpp"
#include "local_org/authorization_codes.hpp"
#include "local_org/call_log.hpp"
#include "local_org/login_history.hpp"
#include "local_org/org.hpp"
#include "local_org/permissions.hpp"
#include "local_org/sessions.hpp"
#include "local_org/users.hpp"

namespace local_org {

class OAuth {
 public:
  OAuth(Org& org, Sessions& sessions, Users& users, Permissions& permissions, const AppPolicies& policies,
        const base::Clock& clock)
      : sessions_(sessions),
        users_(users),
        permissions_(permissions),
        policies_(policies),
        clock_(clock),
        logins_(org, clock) {}

  // GET shows the page for login and consent, POST takes its form and goes back to the app with a code or a refusal.
  base::http::Response authorize(const base::http::ServerRequest& request, Call& call);
  // Where a browser lands when the app's own address is not to be trusted.
  base::http::Response error_page(const base::http::ServerRequest& request);
  // Notes in `call` which client asked for which grant, for whom, and how it was refused.
  base::http::Response token(const base::http::ServerRequest& request, Call& call);
  base::http::Response revoke(const base::http::ServerRequest& request, Call& call);
  base::http::Response introspect(const base::http::ServerRequest& request);
  base::http::Response userinfo(const base::http::ServerRequest& request, Call& call);
  // /id/<org>/<user>
  base::http::Response identity(const base::http::ServerRequest& request, Call& call);

 private:
  struct Client {
    std::string id;
    std::string secret;
    bool has_secret = false;
  };
  // A request for a token on its way to an answer.
  struct Ask {
    const base::http::ServerRequest& http;
    const base::http::Form& form;
    Client client;
    Call& call;
  };

  static Client client_of(const base::http::ServerRequest& request, const base::http::Form& form);
  void check_client(const Client& client, bool needs_secret) const;
  void check_flow(std::string_view flow) const;
  std::string granted_scope(const std::string& wanted) const;

  base::http::Response login(const base::http::ServerRequest& request, const base::http::Form& form, Call& call);
  void check_login(const base::http::Form& form) const;
  std::string new_code(const base::http::Form& form, const std::string& user_id);

  base::http::Response grant(const Ask& ask, const std::string& grant);
  base::http::Response authorization_code(const Ask& ask);
  base::http::Response refresh(const Ask& ask);
  base::http::Response client_credentials(const Ask& ask);
  base::http::Response password(const Ask& ask);
  base::http::Response jwt_bearer(const Ask& ask);
  const Approval& live_approval(const Ask& ask);
  bool is_over(const Approval& approval) const;
  void check_user(const Ask& ask, const std::string& user_id);
  void note_login(const base::http::ServerRequest& request, const std::string& username, std::string_view status);
  bool may_log_in_from(const base::http::ServerRequest& request, const std::string& user_id, std::string_view grant);
  base::http::Response token_answer(const Ask& ask, Session session, const std::string& new_refresh_token);

  const Session* session_of(std::string_view token, Call& call);
  std::string origin(const base::http::ServerRequest& request) const;

  Sessions& sessions_;
  Users& users_;
  Permissions& permissions_;
  const AppPolicies& policies_;
  const base::Clock& clock_;
  LoginHistory logins_;
  AuthorizationCodes codes_;
};

// The token of `Authorization: Bearer …` (or OAuth …), "" when there is none.
std::string_view bearer_token(const base::http::ServerRequest& request);
// The address that the org takes a call to come from: what X-Local-Source-Ip says, or the peer's.
std::string source_address(const base::http::ServerRequest& request);

}  // namespace local_org
