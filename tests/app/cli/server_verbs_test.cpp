// The verbs that ask a server, against the real one and a local org: what the scripted server cannot show.
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/api/routes.hpp"
#include "app/local_account.hpp"
#include "app/loop_run.hpp"
#include "base/random.hpp"
#include "base/system_clock.hpp"
#include "local_org/server.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using nlohmann::json;
using test::Ended;

// A server on a data directory, and an org beside it, on a thread of their own.
class ServerWithOrg {
 public:
  ServerWithOrg() {
    services_ = std::move(*app::Services::open(loop_, log_, {.data_directory = data(), .program = "the test"}));
    workspace_.emplace(*services_);
    context_.emplace(app::api::Context{*services_, *workspace_});
    app::api::add_routes(router_, *context_);
    server_ = base::http::listen(loop_, router_, log_, {});
    app::run_on(loop_, prepare());
    test::write_file(services_->directory.file("address"),
                     "http://127.0.0.1:" + std::to_string(server_->port()) + "\n");
    guard_.emplace(loop_.get_executor());
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~ServerWithOrg() {
    loop_.stop();
    thread_.join();
  }

  std::string data() const { return directory.file("data"); }
  Ended run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--data", data()});
    return test::run_program(arguments);
  }
  std::string account_file() {
    test::write_file(directory.file("crm.json"),
                     app::local_account(org_.credentials(), local_org::Environment::production).text);
    return directory.file("crm.json");
  }

  test::TemporaryDirectory directory;

 private:
  base::awaitable<std::string> prepare() {
    services_->hosts.allow_host_of(served_.url());
    co_await services_->load();
    co_await workspace_->open();
    co_await workspace_->operator_token();
    co_return co_await workspace_->token();
  }

  base::SilentLog log_;
  base::SystemRandom random_;
  boost::asio::io_context loop_{1};
  base::SystemClock clock_{loop_};
  local_org::LocalOrg org_{{}, clock_, random_};
  local_org::Served served_{org_, loop_, log_};
  std::unique_ptr<app::Services> services_;
  std::optional<app::Workspace> workspace_;
  std::optional<app::api::Context> context_;
  base::http::Router router_;
  std::unique_ptr<base::http::Server> server_;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> guard_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("the verbs find the server of a data directory, link an org there, and share it by name") {
  ServerWithOrg server;
  const Ended added = server.run({"accounts", "add", server.account_file(), "--name", "CRM"});
  INFO(added.complaint);
  CHECK(added.code == 0);
  CHECK(server.run({"accounts", "share", "crm", "brand"}).code == 0);
  const json list = json::parse(server.run({"accounts", "list", "--json"}).output);
  REQUIRE(list["accounts"].size() == 1);
  CHECK(list["accounts"][0]["name"] == "CRM");
  CHECK(list["accounts"][0]["shared_with"] == json{"brand"});
}

TEST_CASE("a server's own refusal reaches the person, and nobody is told a secret") {
  ServerWithOrg server;
  CHECK(server.run({"users", "add", "maria"}).code == 0);
  const Ended again = server.run({"users", "add", "maria"});
  CHECK(again.code == 1);
  CHECK(again.complaint.find("[user_exists]") != std::string::npos);
  const Ended stranger = server.run({"users", "add", "eve", "--token", "slt_wrong"});
  CHECK(stranger.code == 77);
  CHECK(stranger.complaint.find("slt_wrong") == std::string::npos);
}

TEST_CASE("license set is what the next look finds") {
  ServerWithOrg server;
  CHECK(server.run({"license", "set", "--none"}).output.starts_with("The licence holds: none"));
  CHECK(server.run({"license", "set", "salesforce"}).output.starts_with("The licence holds: salesforce"));
}

TEST_CASE("people, groups, projects and tokens are changed by name, and the audit log knows of it") {
  ServerWithOrg server;
  CHECK(server.run({"users", "add", "ben"}).code == 0);
  CHECK(server.run({"groups", "add", "Research"}).code == 0);
  CHECK(server.run({"groups", "join", "research", "ben"}).code == 0);
  CHECK(server.run({"groups", "list"}).output.find("Research  ben") != std::string::npos);
  CHECK(server.run({"projects", "add", "CRM"}).code == 0);
  CHECK(server.run({"projects", "share", "CRM", "ben", "edit"}).code == 0);
  CHECK(server.run({"projects", "show", "CRM"}).output.find("ben           edit") != std::string::npos);
  CHECK(server.run({"tokens", "add", "--label", "ci"}).code == 0);
  CHECK(server.run({"tokens", "list"}).output.find("ci") != std::string::npos);
  CHECK(server.run({"audit", "verify"}).code == 0);
  CHECK(server.run({"audit", "list"}).output.find("ben") != std::string::npos);
}

TEST_CASE("the operator's verbs take the operator's token from the data directory") {
  ServerWithOrg server;
  CHECK(server.run({"brands", "add", "Second"}).code == 0);
  CHECK(server.run({"brands", "list"}).output.find("Second") != std::string::npos);
  CHECK(server.run({"brands", "license", "Second", "salesforce"}).code == 0);
}

TEST_CASE("the operator changes the keys by a verb, and sees how far it is") {
  ServerWithOrg server;
  REQUIRE(server.run({"accounts", "add", server.account_file()}).code == 0);
  const Ended before = server.run({"keys", "list"});
  INFO(before.complaint);
  CHECK(before.code == 0);
  CHECK(before.output.starts_with("Keys from the file " + server.data() + "/key\n"));
  CHECK(before.output.find("active  2") != std::string::npos);

  const Ended begun = server.run({"keys", "rotate"});
  CHECK(begun.code == 0);
  CHECK(begun.output.find("of 2 secrets sealed anew") != std::string::npos);
  CHECK(server.run({"keys", "list", "--json"}).output.find("\"rotation\"") != std::string::npos);
  CHECK(server.run({"keys", "list", "--token", "slt_wrong"}).code == 77);
}
