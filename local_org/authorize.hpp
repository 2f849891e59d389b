// The authorize endpoint: a person logs in, allows the app or does not, and is sent back with a code or an error.
#pragma once

#include <string>
#include <string_view>

#include "base/http/server.hpp"
#include "local_org/authorization_codes.hpp"
#include "local_org/call_log.hpp"
#include "local_org/org.hpp"
#include "local_org/sessions.hpp"

namespace local_org {

class Authorize {
 public:
  Authorize(Org& org, Sessions& sessions, AuthorizationCodes& codes, const base::Clock& clock)
      : org_(org), sessions_(sessions), codes_(codes), clock_(clock) {}

  // GET shows the page, POST takes what was filled in.
  base::http::Response answer(const base::http::ServerRequest& request, Call& call);

 private:
  base::http::Response show(const base::http::Form& asked, std::string_view problem) const;
  base::http::Response decide(const base::http::Form& asked, Call& call);

  Org& org_;
  Sessions& sessions_;
  AuthorizationCodes& codes_;
  const base::Clock& clock_;
};

}  // namespace local_org
