#include "app/cli/run_source.hpp"

#include <filesystem>
#include <fstream>
#include <optional>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <nlohmann/json.hpp>

#include "app/errors.hpp"
#include "app/loop_run.hpp"
#include "app/run_report.hpp"
#include "app/services.hpp"
#include "base/data_directory.hpp"
#include "base/http/client.hpp"

namespace app::cli {
namespace {

namespace fs = std::filesystem;

struct ServerAddress {
  std::string url;
  std::string token;
};

std::string first_line_of(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// The server that was named, or the one that owns the data directory; nullopt: the directory itself is to be read.
std::optional<ServerAddress> server_of(const ServerArguments& at) {
  if (!at.server.empty()) return ServerAddress{at.server, at.token};
  if (!base::DataDirectory::owner_of(at.data)) return std::nullopt;
  ServerAddress server{first_line_of(fs::path(at.data) / "address"), at.token};
  if (server.token.empty()) server.token = first_line_of(fs::path(at.data) / "token");
  if (server.url.empty()) return std::nullopt;
  return server;
}

// The title of a problem document, or what came instead of one.
std::string words_of_refusal(const base::http::Response& response) {
  const nlohmann::json problem = nlohmann::json::parse(response.body, nullptr, false);
  if (problem.is_object() && problem.contains("title") && problem["title"].is_string())
    return problem["title"].get<std::string>();
  return fmt::format("status {}", response.status);
}

base::awaitable<base::Result<base::JsonText>> ask_server(base::http::Client& http, ServerAddress server,
                                                         std::string path) {
  while (server.url.ends_with('/')) server.url.pop_back();
  base::http::Request request{.method = "GET", .url = server.url + path};
  request.headers.emplace_back("authorization", "Bearer " + server.token);
  base::Result<base::http::Response> response = co_await http.send(std::move(request));
  if (!response)
    co_return base::Error{server_unreachable,
                          fmt::format("{} does not answer: {}", server.url, response.error().message)};
  if (response->status == 404 && path.starts_with("/runs/"))
    co_return base::Error{run_unknown, fmt::format("{} knows no such run", server.url)};
  if (response->status != 200)
    co_return base::Error{server_refused, fmt::format("{} says: {}", server.url, words_of_refusal(*response))};
  if (!nlohmann::json::accept(response->body))
    co_return base::Error{server_refused, fmt::format("{} did not answer with JSON", server.url)};
  co_return base::JsonText{std::move(response->body)};
}

base::Result<base::JsonText> ask_server(const ServerAddress& server, const std::string& path) {
  boost::asio::io_context loop(1);
  base::SystemClock clock(loop);
  const std::unique_ptr<base::http::Client> http = base::http::make_client(loop, clock);
  return run_on(loop, ask_server(*http, server, path));
}

using ReadDirectory = std::function<base::awaitable<base::Result<base::JsonText>>(Services&, engine::BrandId)>;

// Not Services::load(): the runs that a program which is gone had leased are left for the next one that works on them.
base::awaitable<base::Result<base::JsonText>> read_with(Services& services, const ReadDirectory& read) {
  co_await services.people.load();
  co_await services.accounts.load();
  co_await services.workflows.load();
  const std::vector<engine::Brand> brands = services.people.brands();
  const engine::BrandId brand = brands.empty() ? engine::BrandId{} : brands.front().no;
  co_return co_await read(services, brand);
}

base::Result<base::JsonText> read_directory(const std::string& path, const ReadDirectory& read) {
  if (!fs::exists(fs::path(path) / "sluice.db")) {
    return base::Error{
        base::data_directory_unusable,
        fmt::format("'{}' is no data directory: nothing has run there yet; --data or --server say where else", path)};
  }
  boost::asio::io_context loop(1);
  base::StderrLog log(base::LogLevel::warning);
  base::Result<std::unique_ptr<Services>> services =
      Services::open(loop, log, {.data_directory = path, .program = "sluice runs"});
  if (!services) return services.error();
  return run_on(loop, read_with(**services, read));
}

base::awaitable<base::Result<base::JsonText>> list_in(Services& services, engine::BrandId brand,
                                                      const RunsListArguments& arguments) {
  if (arguments.not_started) {
    const std::vector<engine::EventWithoutRun> events = co_await services.history.not_started(brand, arguments.limit);
    co_return not_started_document(events);
  }
  engine::RunFilter filter{.state = engine::read_run_state(arguments.state), .limit = arguments.limit + 1};
  std::vector<engine::RunRow> rows = co_await services.history.list(brand, std::move(filter));
  const bool has_more = static_cast<int>(rows.size()) > arguments.limit;
  if (has_more) rows.pop_back();
  co_return runs_document(rows, has_more);
}

base::awaitable<base::Result<base::JsonText>> show_in(Services& services, engine::BrandId brand, std::string run_id,
                                                      std::string path) {
  std::optional<base::JsonText> document = co_await run_report(services, brand, run_id);
  if (!document) co_return base::Error{run_unknown, fmt::format("there is no run {} in {}", run_id, path)};
  co_return *std::move(document);
}

}  // namespace

base::Result<base::JsonText> read_runs(const RunsListArguments& arguments) {
  if (const std::optional<ServerAddress> server = server_of(arguments.at)) {
    std::string query = fmt::format("/runs?limit={}", arguments.limit);
    if (arguments.not_started) query += "&not_started=true";
    if (!arguments.state.empty()) query += "&state=" + base::http::percent_encode(arguments.state);
    return ask_server(*server, query);
  }
  return read_directory(arguments.at.data,
                        [&](Services& services, engine::BrandId brand) { return list_in(services, brand, arguments); });
}

base::Result<base::JsonText> read_run(const ServerArguments& at, const std::string& run_id) {
  if (const std::optional<ServerAddress> server = server_of(at))
    return ask_server(*server, "/runs/" + base::http::percent_encode(run_id));
  return read_directory(
      at.data, [&](Services& services, engine::BrandId brand) { return show_in(services, brand, run_id, at.data); });
}

int exit_of(const base::Error& error) {
  if (error.code == run_unknown) return Exit::failed;
  if (error.code == server_refused) return Exit::not_allowed;
  if (error.code == base::data_directory_owned || error.code == base::data_directory_unusable)
    return Exit::bad_configuration;
  return Exit::unavailable;
}

}  // namespace app::cli
