#include "app/cli/server_client.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/errors.hpp"
#include "app/loop_run.hpp"
#include "base/data_directory.hpp"
#include "base/http/client.hpp"
#include "base/system_clock.hpp"

namespace app::cli {
namespace {

namespace fs = std::filesystem;

constexpr base::Duration longest_answer{120'000};  // a login at Salesforce may stand behind it

std::string first_line_of(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string token_from_file_variable(bool as_operator) {
  const char* path = std::getenv(as_operator ? "SLUICE_OPERATOR_TOKEN_FILE" : "SLUICE_TOKEN_FILE");
  return path == nullptr ? "" : first_line_of(path);
}

Exit exit_of_problem(int status, const Tree& problem) {
  if (status == 401 || status == 403) return Exit::not_allowed;
  if (status == 409 && (problem.contains("refusals") || problem.contains("invalidates"))) return Exit::not_allowed;
  if (status == 429) return Exit::try_again;
  if (status >= 500) return Exit::unavailable;
  if (status == 404 || status == 409) return Exit::failed;
  return Exit::bad_input;
}

}  // namespace

std::optional<ServerAddress> server_of(const ServerArguments& at) {
  ServerAddress server{at.server, at.token};
  if (server.token.empty()) server.token = token_from_file_variable(at.as_operator);
  if (server.url.empty()) {
    if (!base::DataDirectory::owner_of(at.data)) return std::nullopt;
    server.url = first_line_of(fs::path(at.data) / "address");
    if (server.url.empty()) return std::nullopt;
    if (server.token.empty())
      server.token = first_line_of(fs::path(at.data) / (at.as_operator ? "operator_token" : "token"));
  }
  while (server.url.ends_with('/')) server.url.pop_back();
  return server;
}

std::string path_of(std::initializer_list<std::string_view> segments) {
  std::string path;
  for (const std::string_view segment : segments) path += "/" + base::http::percent_encode(segment);
  return path;
}

struct ServerClient::Wire {
  boost::asio::io_context loop{1};
  base::SystemClock clock{loop};
  std::unique_ptr<base::http::Client> http = base::http::make_client(loop, clock);
};

ServerClient::ServerClient(ServerAddress address)
    : address_(std::move(address)), wire_(std::make_unique<ServerClient::Wire>()) {}

ServerClient::ServerClient(const ServerArguments& at)
    : ServerClient([&] {
        std::optional<ServerAddress> address = server_of(at);
        if (address) return *std::move(address);
        throw Refusal(Exit::unavailable, std::string(server_unreachable.name),
                      fmt::format("no server is named, and none runs on the data directory '{}'", at.data),
                      "name one by --server or SLUICE_SERVER, or its data directory by --data");
      }()) {}

ServerClient::~ServerClient() = default;

base::JsonText ServerClient::get(const std::string& path) { return expect_success(send("GET", path)); }

base::JsonText ServerClient::post(const std::string& path, const nlohmann::ordered_json& body) {
  return expect_success(send("POST", path, body.dump()));
}

base::JsonText ServerClient::post(const std::string& path) { return expect_success(send("POST", path, "")); }

base::JsonText ServerClient::put(const std::string& path, const nlohmann::ordered_json& body) {
  return expect_success(send("PUT", path, body.dump()));
}

base::JsonText ServerClient::patch(const std::string& path, const nlohmann::ordered_json& body) {
  return expect_success(send("PATCH", path, body.dump()));
}

base::JsonText ServerClient::remove(const std::string& path) { return expect_success(send("DELETE", path)); }

base::JsonText ServerClient::all(const std::string& path, const std::string& plural) {
  Tree whole = Tree::object();
  whole[plural] = Tree::array();
  const std::string first = path + (path.find('?') == std::string::npos ? "?" : "&") + "limit=500";
  for (std::string page_path = first; !page_path.empty();) {
    const Tree page = tree_of(get(page_path));
    for (const Tree& item : member(page, plural.c_str())) whole[plural].push_back(item);
    const std::string next = text_in(page, "next");
    page_path = next.empty() ? "" : first + "&after=" + base::http::percent_encode(next);
  }
  return {whole.dump()};
}

ServerAnswer ServerClient::send(std::string_view method, const std::string& path, std::string body) {
  base::http::Request request{.method = std::string(method), .url = address_.url + path, .timeout = longest_answer};
  if (!address_.token.empty()) request.headers.emplace_back("authorization", "Bearer " + address_.token);
  if (!body.empty()) request.headers.emplace_back("content-type", "application/json");
  request.body = std::move(body);
  const base::Result<base::http::Response> response = run_on(wire_->loop, wire_->http->send(std::move(request)));
  if (!response) {
    throw Refusal(Exit::unavailable, std::string(server_unreachable.name),
                  fmt::format("{} does not answer: {}", address_.url, response.error().message));
  }
  if (!response->body.empty() && !nlohmann::json::accept(response->body)) {
    throw Refusal(Exit::unavailable, std::string(server_refused.name),
                  fmt::format("{} answered {} without JSON", address_.url, response->status),
                  "check that the address is that of a Sluice server");
  }
  return {response->status, {response->body}};
}

base::JsonText ServerClient::expect_success(ServerAnswer answer) const {
  if (answer.status < 200 || answer.status > 299) throw refusal_of(answer, address_.url);
  return std::move(answer.document);
}

Refusal refusal_of(const ServerAnswer& answer, const std::string& url) {
  const Tree problem = tree_of(answer.document);
  std::string code = text_in(problem, "code"), sentence = text_in(problem, "detail"), next = text_in(problem, "next");
  if (sentence.empty()) sentence = text_in(problem, "title");
  if (sentence.empty()) sentence = fmt::format("{} answered {}", url, answer.status);
  if (code.empty()) code = server_refused.name;
  if (answer.status == 401 && next.empty())
    next = "give a token of this server by --token, SLUICE_TOKEN or SLUICE_TOKEN_FILE, or its data directory by --data";
  Refusal refusal(exit_of_problem(answer.status, problem), code, sentence, next);
  refusal.problem = answer.document;
  return refusal;
}

}  // namespace app::cli
