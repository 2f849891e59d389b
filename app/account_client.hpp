// A way to one org with an account out of a file, for verbs that ask no server.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "base/http/client.hpp"
#include "base/log.hpp"
#include "base/system_clock.hpp"
#include "connectors/accounts/account_sessions.hpp"
#include "connectors/accounts/linked_account.hpp"
#include "connectors/accounts/memory_accounts.hpp"
#include "connectors/salesforce/client.hpp"

namespace app {

class AccountClient {
 public:
  AccountClient(boost::asio::io_context& loop, connectors::LinkedAccount account, const std::string& api_version)
      : clock_(loop),
        log_(base::LogLevel::error),
        http_(base::http::make_client(loop, clock_)),
        accounts_(clock_),
        sessions_(accounts_, *http_, clock_, log_),
        client_(*http_, sessions_, {.api_version = api_version}),
        account_id_(account.id) {
    accounts_.add(std::move(account));
  }

  connectors::salesforce::Client& client() { return client_; }
  const std::string& account_id() const { return account_id_; }

 private:
  base::SystemClock clock_;
  base::StderrLog log_;
  std::unique_ptr<base::http::Client> http_;
  connectors::MemoryAccounts accounts_;
  connectors::AccountSessions sessions_;
  connectors::salesforce::Client client_;
  std::string account_id_;
};

}  // namespace app
