// The HTTP API over a data directory of its own, asked without a network; every answer is held against its description.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <nlohmann/json_fwd.hpp>

#include "app/api/context.hpp"
#include "base/http/server.hpp"
#include "base/log.hpp"
#include "tests/support/blocking_http.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/temporary_directory.hpp"

namespace support {

class ApiWorld {
 public:
  ApiWorld();
  ~ApiWorld();

  // A token of "" sends none.
  HttpAnswer call(const std::string& token, const std::string& method, const std::string& target,
                  const std::string& body = "");
  // A call that must be answered with 2xx, and its document.
  nlohmann::json ask(const std::string& token, const std::string& method, const std::string& target,
                     const nlohmann::json& body);
  nlohmann::json ask(const std::string& token, const std::string& method, const std::string& target);

  struct Person {
    std::string id;
    std::string token;
  };
  // A user of the first brand, made by its admin.
  Person add_user(const std::string& name, const std::string& role = "user");
  // Publishes samples/starter in the first project: its id.
  std::string add_workflow();

  // An account of the first brand, shared with the brand; it has never logged in: its id.
  std::string add_account();

  app::Services& services() { return *services_; }
  app::Workspace& workspace() { return *workspace_; }
  const std::string& admin() const { return admin_; }  // token
  const std::string& operator_token() const { return operator_token_; }
  std::string project() const { return workspace_->project(); }  // the first one's id

  template <class T>
  T wait(base::awaitable<T> task) {
    return run(loop_, std::move(task));
  }

 private:
  test::TemporaryDirectory directory_;
  boost::asio::io_context loop_;
  base::SilentLog log_;
  std::unique_ptr<app::Services> services_;
  std::unique_ptr<app::Workspace> workspace_;
  std::unique_ptr<app::api::Context> context_;
  base::http::Router router_;
  std::string admin_;
  std::string operator_token_;
};

}  // namespace support
