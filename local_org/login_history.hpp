// Who has logged in, from where, and how it ended: records of LoginHistory.
#pragma once

#include <string>

#include "base/time.hpp"
#include "local_org/org.hpp"

namespace local_org {

struct Login {
  std::string user_id;
  std::string login_type;   // as Salesforce calls it, e.g. "Remote Access 2.0"
  std::string status;       // "Success", "Restricted IP", …
  std::string application;  // the app's name
  std::string source_ip;
  std::string login_url{};
};

class LoginHistory {
 public:
  LoginHistory(Org& org, const base::Clock& clock) : org_(org), clock_(clock) {}

  void add(const Login& login);

 private:
  Org& org_;
  const base::Clock& clock_;
};

}  // namespace local_org
