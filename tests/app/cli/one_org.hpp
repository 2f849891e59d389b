// An org that listens on a thread of its own, and account files for it: what a verb, which is another process, needs.
#pragma once

#include <string>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/local_account.hpp"
#include "base/random.hpp"
#include "base/system_clock.hpp"
#include "local_org/server.hpp"
#include "tests/support/blocking_http.hpp"
#include "tests/support/fixture.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace test {

// Runs a loop on a thread of its own, so that the program under test, another process, is answered meanwhile. It must
// go before all that the loop carries.
class LoopThread {
 public:
  explicit LoopThread(boost::asio::io_context& loop) : loop_(loop), thread_([&loop] { loop.run(); }) {}
  ~LoopThread() {
    loop_.stop();
    thread_.join();
  }

 private:
  boost::asio::io_context& loop_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{loop_.get_executor()};
  std::thread thread_;
};

// An org, an account file for it, and a data directory.
struct OneOrg {
  TemporaryDirectory directory;
  base::SilentLog log;
  base::SystemRandom random;
  boost::asio::io_context clock_loop;
  base::SystemClock clock{clock_loop};
  boost::asio::io_context loop{1};
  local_org::LocalOrg org{{}, clock, random};
  local_org::Served served{org, loop, log};
  LoopThread thread{loop};

  std::string account(bool with_right_secret = true) {
    local_org::Credentials credentials = org.credentials();
    if (!with_right_secret) credentials.client_secret = "another";
    write_file(directory.file("account.json"),
               app::local_account(credentials, local_org::Environment::production).text);
    return "crm=" + directory.file("account.json");
  }

  // The org's app holds the certificate, and its first user is approved.
  std::string account_with_key() {
    const local_org::Credentials credentials = org.credentials();
    set_policies({{"certificate", support::fixture("keys/rs256.certificate.pem")},
                  {"permitted_users", "AdminApprovedPreAuthorized"},
                  {"approved_users", {credentials.username}}});
    write_file(directory.file("key.pem"), support::fixture("keys/rs256.pem"));
    write_file(directory.file("signed.json"), nlohmann::json{{"environment", "production"},
                                                             {"login", "jwt_bearer"},
                                                             {"token_url", served.url() + "/services/oauth2/token"},
                                                             {"client_id", credentials.client_id},
                                                             {"username", credentials.username},
                                                             {"key", {{"file", "key.pem"}}}}
                                                  .dump());
    return "crm=" + directory.file("signed.json");
  }
  void set_policies(const nlohmann::json& policies) {
    const support::HttpAnswer answer = support::http_call("PUT", served.url() + "/_local/policies", policies.dump());
    INFO(answer.body);
    REQUIRE(answer.status == 200);
  }
  std::size_t logins(const std::string& grant) {
    const std::string conditions = "path=/services/oauth2/token&grant=" + grant;
    return nlohmann::json::parse(support::http_call("GET", served.url() + "/_local/calls?" + conditions).body).size();
  }

  std::string data() const { return directory.file("data"); }
};

}  // namespace test
