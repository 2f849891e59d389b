// A Salesforce stand-in that gives out tokens which the test knows letter by letter, and echoes what it was sent, as no
// org should: for looking whether any of it is found where it must not be.
#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "tests/support/raw_server.hpp"

namespace promises {

class StandInOrg {
 public:
  StandInOrg();
  ~StandInOrg();
  StandInOrg(const StandInOrg&) = delete;
  StandInOrg& operator=(const StandInOrg&) = delete;

  std::string url() const;
  // No refresh token works any more.
  void end_all_tokens() { let_tokens_work(false); }
  void give_tokens_again() { let_tokens_work(true); }
  // The tokens given out so far, and every code verifier and signed assertion that came.
  std::vector<std::string> secrets() const;

 private:
  void let_tokens_work(bool they_do);
  std::string answer(const std::string& request);
  std::string answer_token_request(const std::string& form);

  mutable std::mutex mutex_;
  std::vector<std::string> secrets_;
  int logins_ = 0;
  bool tokens_work_ = true;
  boost::asio::io_context loop_;
  support::RawServer server_;
  std::thread thread_;
};

}  // namespace promises
