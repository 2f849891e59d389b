#include "local_org/login_history.hpp"

#include <chrono>

#include "local_org/record_id.hpp"

namespace local_org {

void LoginHistory::add(const Login& login) {
  const Object& history = *org_.schema().find("LoginHistory");
  const std::string id = make_record_id(history.key_prefix, org_.store().next_number(history));
  org_.plant(history, id,
             {{"UserId", login.user_id},
              {"LoginTime", base::to_millis(std::chrono::floor<std::chrono::seconds>(clock_.now()))},
              {"LoginType", login.login_type},
              {"SourceIp", login.source_ip},
              {"LoginUrl", login.login_url},
              {"Status", login.status},
              {"Application", login.application}});
}

}  // namespace local_org
