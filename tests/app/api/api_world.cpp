#include "tests/app/api/api_world.hpp"

#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "app/api/routes.hpp"
#include "tests/support/described_api.hpp"
#include "tests/support/source_path.hpp"

namespace support {

ApiWorld::ApiWorld() {
  app::ServiceOptions options{.data_directory = directory_.file("data")};
  base::Result<std::unique_ptr<app::Services>> services = app::Services::open(loop_, log_, std::move(options));
  if (!services) throw std::runtime_error(services.error().message);
  services_ = *std::move(services);
  workspace_ = std::make_unique<app::Workspace>(*services_);
  context_ = std::make_unique<app::api::Context>(app::api::Context{*services_, *workspace_});
  wait(services_->load());
  wait(workspace_->open());
  admin_ = wait(workspace_->token());
  operator_token_ = wait(workspace_->operator_token());
  app::api::add_routes(router_, *context_);
}

ApiWorld::~ApiWorld() { services_->worker.stop(); }

HttpAnswer ApiWorld::call(const std::string& token, const std::string& method, const std::string& target,
                          const std::string& body) {
  base::http::ServerRequest request{.method = method, .target = target, .path = target.substr(0, target.find('?'))};
  if (const std::size_t query = target.find('?'); query != std::string::npos)
    request.query = base::http::parse_form(std::string_view(target).substr(query + 1)).value();
  request.body = body;
  if (!token.empty()) request.headers.emplace_back("authorization", "Bearer " + token);
  const base::http::Handler handler = router_.find(request);
  const base::http::Response response = wait(handler(request));
  HttpAnswer answer{response.status, response.body, response.headers};
  check_described(method, target, answer);
  return answer;
}

nlohmann::json ApiWorld::ask(const std::string& token, const std::string& method, const std::string& target,
                             const nlohmann::json& body) {
  const HttpAnswer answer = call(token, method, target, body.is_null() ? "" : body.dump());
  if (answer.status / 100 != 2)
    throw std::runtime_error(method + " " + target + ": " + std::to_string(answer.status) + " " + answer.body);
  return answer.body.empty() ? nlohmann::json() : nlohmann::json::parse(answer.body);
}

nlohmann::json ApiWorld::ask(const std::string& token, const std::string& method, const std::string& target) {
  return ask(token, method, target, nlohmann::json());
}

ApiWorld::Person ApiWorld::add_user(const std::string& name, const std::string& role) {
  const nlohmann::json user = ask(admin_, "POST", "/users", {{"name", name}, {"role", role}});
  return {user.at("id"), user.at("token")};
}

std::string ApiWorld::add_workflow() {
  const std::string path = test::source_path("samples/starter/workflow.json");
  wait(workspace_->take_workflow_file(path, "starter.json"));
  return services_->workflows.all(workspace_->brand()).front()->id;
}

std::string ApiWorld::add_account() {
  const std::string path = directory_.file("account.json");
  std::ofstream(path) << R"({"environment": "sandbox", "login": "client_credentials",
    "token_url": "http://127.0.0.1:9/services/oauth2/token", "client_id": "an app",
    "client_secret": {"file": ")"
                      << directory_.file("secret") << R"("}})";
  std::ofstream(directory_.file("secret")) << "a secret";
  const base::Findings findings = wait(workspace_->take_accounts({{"crm", path}}));
  if (base::has_errors(findings)) throw std::runtime_error(base::to_line(findings.front()));
  return services_->accounts.list(services_->people.brand(workspace_->brand())->id).front().id;
}

}  // namespace support
