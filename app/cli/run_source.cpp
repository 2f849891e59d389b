#include "app/cli/run_source.hpp"

#include <filesystem>
#include <optional>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <nlohmann/json.hpp>

#include "app/cause_document.hpp"
#include "app/cli/resource_names.hpp"
#include "app/cli/server_client.hpp"
#include "app/errors.hpp"
#include "app/loop_run.hpp"
#include "app/run_report.hpp"
#include "app/services.hpp"
#include "base/data_directory.hpp"
#include "base/http/client.hpp"

namespace app::cli {
namespace {

namespace fs = std::filesystem;

// Nobody reads more of them.
constexpr int causes_max = 10'000;

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

base::JsonText read_directory(const std::string& path, const ReadDirectory& read) {
  if (!fs::exists(fs::path(path) / "sluice.db")) {
    throw Refusal(Exit::bad_configuration, std::string(base::data_directory_unusable.name),
                  fmt::format("'{}' is no data directory: nothing has run there yet", path),
                  "say by --data where else, or name a server by --server");
  }
  boost::asio::io_context loop(1);
  base::StderrLog log(base::LogLevel::warning);
  base::Result<std::unique_ptr<Services>> services =
      Services::open(loop, log, {.data_directory = path, .program = "sluice runs", .opens_secrets = false});
  if (!services) throw Refusal(Exit::bad_configuration, services.error());
  base::Result<base::JsonText> document = run_on(loop, read_with(**services, read));
  if (!document) throw Refusal(Exit::failed, document.error());
  return *std::move(document);
}

base::awaitable<base::Result<base::JsonText>> list_in(Services& services, engine::BrandId brand,
                                                      const RunsListArguments& arguments) {
  if (arguments.not_started) {
    const std::vector<engine::EventWithoutRun> events = co_await services.history.not_started(brand, arguments.limit);
    co_return not_started_document(events);
  }
  engine::RunFilter filter{.state = engine::read_run_state(arguments.state), .limit = arguments.limit + 1};
  if (!arguments.parent.empty()) {
    const std::optional<engine::RunRow> parent = co_await services.history.find(brand, arguments.parent);
    if (!parent) co_return base::Error{run_unknown, fmt::format("there is no run {}", arguments.parent)};
    std::vector<engine::RunRow> rows = co_await services.history.children(brand, parent->no);
    std::erase_if(rows, [&](const engine::RunRow& row) { return filter.state && row.state != *filter.state; });
    co_return runs_document(rows, false);
  }
  filter.shows_children = arguments.children;
  filter.cause = arguments.cause;
  std::vector<engine::RunRow> rows = co_await services.history.list(brand, std::move(filter));
  const bool has_more = static_cast<int>(rows.size()) > arguments.limit;
  if (has_more) rows.pop_back();
  co_return runs_document(rows, has_more);
}

// The id of what is called so; an id is taken as it is.
base::Result<std::string> workflow_in(const Services& services, engine::BrandId brand, const std::string& name_or_id) {
  if (name_or_id.empty()) return std::string();
  for (const engine::Workflow* workflow : services.workflows.all(brand))
    if (workflow->id == name_or_id || workflow->name == name_or_id) return workflow->id;
  return base::Error{name_unknown, fmt::format("there is no workflow '{}'", name_or_id)};
}

base::awaitable<base::Result<base::JsonText>> causes_in(Services& services, engine::BrandId brand,
                                                        const RunsCausesArguments& arguments) {
  base::Result<std::string> workflow = workflow_in(services, brand, arguments.workflow);
  if (!workflow) co_return workflow.error();
  engine::CauseFilter filter{.state = engine::read_run_state(arguments.state)};
  filter.workflow = *std::move(workflow);
  filter.limit = causes_max;
  const std::vector<engine::CauseRow> rows = co_await services.causes.list(brand, std::move(filter));
  co_return causes_document(rows, false);
}

base::awaitable<base::Result<base::JsonText>> show_in(Services& services, engine::BrandId brand, std::string run_id,
                                                      std::string path) {
  std::optional<base::JsonText> document = co_await run_report(services, brand, run_id);
  if (!document) co_return base::Error{run_unknown, fmt::format("there is no run {} in {}", run_id, path)};
  co_return *std::move(document);
}

base::awaitable<base::Result<base::JsonText>> material_in(Services& services, engine::BrandId brand, std::string run_id,
                                                          std::string path) {
  const base::Result<base::JsonText> run = co_await show_in(services, brand, run_id, path);
  if (!run) co_return run.error();
  const std::optional<engine::RunRow> row = co_await services.history.find(brand, run_id);
  nlohmann::json material;
  material["run"] = run->text;
  material["workflow"] = co_await services.workflows.source(brand, row->version_no);
  material["response"] = co_await services.history.response(brand, row->no);
  co_return base::JsonText{material.dump()};
}

}  // namespace

base::JsonText read_runs(const RunsListArguments& arguments) {
  if (std::optional<ServerAddress> server = server_of(arguments.at)) {
    std::string query = fmt::format("/runs?limit={}", arguments.limit);
    if (arguments.not_started) query += "&not_started=true";
    if (arguments.children) query += "&children=true";
    if (!arguments.cause.empty()) query += "&cause=" + base::http::percent_encode(arguments.cause);
    if (!arguments.parent.empty()) query += "&parent=" + base::http::percent_encode(arguments.parent);
    if (!arguments.state.empty()) query += "&state=" + base::http::percent_encode(arguments.state);
    return ServerClient(*std::move(server)).get(query);
  }
  return read_directory(arguments.at.data,
                        [&](Services& services, engine::BrandId brand) { return list_in(services, brand, arguments); });
}

base::JsonText read_causes(const RunsCausesArguments& arguments) {
  if (std::optional<ServerAddress> address = server_of(arguments.at)) {
    ServerClient server(*std::move(address));
    std::string query = "/runs/causes?limit=500";
    if (!arguments.workflow.empty())
      query += "&workflow=" + base::http::percent_encode(id_of(server, resource::workflows, arguments.workflow));
    if (!arguments.state.empty()) query += "&state=" + arguments.state;
    return server.all(query, "causes");
  }
  return read_directory(arguments.at.data, [&](Services& services, engine::BrandId brand) {
    return causes_in(services, brand, arguments);
  });
}

base::JsonText read_run(const ServerArguments& at, const std::string& run_id) {
  if (std::optional<ServerAddress> server = server_of(at))
    return ServerClient(*std::move(server)).get(path_of({"runs", run_id}));
  return read_directory(
      at.data, [&](Services& services, engine::BrandId brand) { return show_in(services, brand, run_id, at.data); });
}

RunMaterial read_run_material(const ServerArguments& at, const std::string& run_id) {
  if (std::optional<ServerAddress> address = server_of(at)) {
    ServerClient server(*std::move(address));
    RunMaterial material{.run = server.get(path_of({"runs", run_id})), .workflow = "", .response = ""};
    const nlohmann::json workflow = nlohmann::json::parse(material.run.text).at("workflow");
    const std::string id = workflow.at("id");
    material.workflow =
        server
            .get(path_of({"workflows", id, "document"}) + fmt::format("?version={}", workflow.at("version").get<int>()))
            .text;
    material.response = server.get(path_of({"runs", run_id, "response"})).text;
    return material;
  }
  const base::JsonText document = read_directory(at.data, [&](Services& services, engine::BrandId brand) {
    return material_in(services, brand, run_id, at.data);
  });
  const nlohmann::json material = nlohmann::json::parse(document.text);
  return {{material.at("run")}, material.at("workflow"), material.at("response")};
}

}  // namespace app::cli
