// `sluice demo`: everything at once on this machine: a local org, a server, a response, its run, and what it wrote.
#include <filesystem>
#include <iostream>
#include <optional>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <nlohmann/json.hpp>

#include "app/api/routes.hpp"
#include "app/cli/printing.hpp"
#include "app/cli/run_picture.hpp"
#include "app/cli/terminal_text.hpp"
#include "app/cli/verbs.hpp"
#include "app/embedded_samples.hpp"
#include "app/local_account.hpp"
#include "app/loop_run.hpp"
#include "app/run_report.hpp"
#include "app/run_rest.hpp"
#include "app/temporary_directory.hpp"
#include "base/json_writer.hpp"
#include "local_org/server.hpp"

namespace app::cli {
namespace {

struct DemoArguments {
  std::string directory{};  // empty: a temporary one
  bool json = false;
};

namespace fs = std::filesystem;

constexpr std::string_view sample = "nps_to_contact/";
constexpr const char* written_records =
    "SELECT Id, Response_Id__c, Score__c, Segment__c, Comment__c, Contact__r.Name FROM Survey_Response__c";

class Demo {
 public:
  Demo(const DemoArguments& arguments, boost::asio::io_context& loop, base::Log& log, Services& services,
       local_org::LocalOrg& org, fs::path folder)
      : arguments_(arguments),
        loop_(loop),
        services_(services),
        workspace_(services),
        context_{services, workspace_},
        org_(org),
        served_(org, loop, log),
        folder_(std::move(folder)),
        paint_(wants_colour() && !arguments.json) {
    api::add_routes(router_, context_);
    server_ = base::http::listen(loop, router_, log, {});
  }

  base::awaitable<int> play() {
    write_files();
    seed_contact();
    co_await open_workspace();
    boost::asio::co_spawn(loop_, services_.worker.run(), boost::asio::detached);

    const std::string first = co_await deliver();
    const std::string run_id = nlohmann::json::parse(first).at("runs").at(0).get<std::string>();
    say("3", fmt::format("A response was delivered to POST {}{}", url(), hook()), "202: run " + run_id);
    const engine::RunRow run = co_await until_at_rest(services_, workspace_.brand(), run_id);
    const std::string second = co_await deliver();
    const bool is_repeated = nlohmann::json::parse(second).value("repeated", false);
    say("4", "The same response was delivered once more",
        is_repeated ? "202: known already, nothing is written twice" : second);

    const std::optional<base::JsonText> document = co_await run_report(services_, workspace_.brand(), run_id);
    const base::JsonText records = org_.query(written_records);
    print(*document, records, run_id);
    services_.worker.stop();
    co_return run.state == engine::RunState::succeeded&& is_repeated ? Exit::fine : Exit::failed;
  }

 private:
  std::string url() const { return fmt::format("http://127.0.0.1:{}", server_->port()); }
  std::string hook() const { return workspace_.hooks().at("workflow.json"); }
  std::string file(const char* name) const { return (folder_ / name).string(); }

  void say(std::string_view number, const std::string& what, const std::string& more) {
    if (arguments_.json) return;
    std::cout << paint_(Ink::bold, fmt::format("{}  {}", number, what)) << "\n   " << more << "\n" << std::flush;
  }

  // The account holds the secret of a local org, which protects nothing.
  void write_files() {
    fs::create_directories(folder_ / "workflows");
    write_text_file(file("workflows/workflow.json"), samples::text_of(std::string(sample) + "workflow.json"));
    write_text_file(file("response.json"), samples::text_of(std::string(sample) + "detractor.json"));
    write_text_file(file("account.json"), local_account(org_.credentials(), local_org::Environment::production).text);
    say("1", fmt::format("A local org listens on {}", served_.url()),
        "org " + org_.credentials().org_id + ", Salesforce-compatible, on this machine only");
  }

  void seed_contact() {
    if (org_.query("SELECT Id FROM Contact").text == "[]") {
      org_.insert("Contact", base::JsonText{R"({"FirstName":"Ana","LastName":"Reyes","Email":"reyes@example.com"})"});
    }
    say("2", "The org has a contact", "Ana Reyes, reyes@example.com");
  }

  base::awaitable<void> open_workspace() {
    co_await services_.load();
    co_await workspace_.open();
    std::vector<AccountFile> accounts{{"crm", file("account.json")}};
    base::Findings findings = co_await workspace_.take_accounts(std::move(accounts));
    const base::Findings of_workflows = co_await workspace_.take_workflows(file("workflows"));
    findings.insert(findings.end(), of_workflows.begin(), of_workflows.end());
    if (base::has_errors(findings))
      throw std::runtime_error("the demo's own files are refused: " + base::to_line(findings.front()));
  }

  base::awaitable<std::string> deliver() {
    base::http::Request request{.method = "POST", .url = url() + hook()};
    request.headers.emplace_back("content-type", "application/json");
    request.body = samples::text_of(std::string(sample) + "detractor.json");
    services_.hosts.allow_host_of(request.url);  // our own server, on this machine
    base::Result<base::http::Response> response = co_await services_.http->send(std::move(request));
    if (!response) throw std::runtime_error("the demo's own server does not answer: " + response.error().message);
    if (response->status != 202)
      throw std::runtime_error("the demo's own server refuses the response: " + response->body);
    co_return std::move(response->body);
  }

  void print(const base::JsonText& run, const base::JsonText& records, const std::string& run_id) const {
    if (arguments_.json) {
      base::JsonWriter json;
      json.begin_object();
      json.field("run", run);
      json.field("records", records);
      json.end_object();
      std::cout << json.text() << std::endl;
      return;
    }
    std::cout << "\n" << run_picture(run, {.width = terminal_columns(), .has_colour = wants_colour()}) << "\n";
    print_records(records);
    print_ways_on(run_id);
  }

  void print_records(const base::JsonText& records) const {
    std::cout << paint_(Ink::bold, "What the org holds now") << paint_(Ink::dim, "  (asked by SOQL)") << "\n";
    for (const nlohmann::json& record : nlohmann::json::parse(records.text)) {
      std::cout << "  Survey_Response__c " << record.at("Id").get<std::string>() << "\n";
      for (const auto& [field, value] : record.items()) {
        if (field == "Id" || field == "attributes" || field == "Contact__r") continue;
        std::cout << "    " << paint_(Ink::dim, padded(field, 16))
                  << (value.is_string() ? value.get<std::string>() : value.dump()) << "\n";
      }
      const nlohmann::json contact = record.value("Contact__r", nlohmann::json());
      if (contact.is_object())
        std::cout << "    " << paint_(Ink::dim, padded("Contact", 16)) << contact.value("Name", "") << "\n";
    }
    std::cout << "\n";
  }

  void print_ways_on(const std::string& run_id) const {
    std::cout << paint_(Ink::bold, "Where to look next") << "\n";
    const std::string kept = arguments_.directory;
    if (kept.empty()) {
      std::cout << "  sluice demo --dir demo       the same, and keep its files and its history\n";
    } else {
      std::cout << fmt::format(
          "  sluice graph {0}/workflows/workflow.json\n  sluice runs show {1} --data {0}/data\n"
          "  sluice serve --data {0}/data   and the same in a browser; the token is in {0}/data/token\n",
          kept, run_id);
    }
    std::cout << "  sluice new my_workflow       a folder with a workflow and a passing test to start from\n"
                 "  sluice explain               every error code, what it means and what to do\n"
              << std::flush;
  }

  const DemoArguments& arguments_;
  boost::asio::io_context& loop_;
  Services& services_;
  Workspace workspace_;
  api::Context context_;
  local_org::LocalOrg& org_;
  local_org::Served served_;
  base::http::Router router_;
  std::unique_ptr<base::http::Server> server_;
  fs::path folder_;
  Paint paint_;
};

int play_demo(const DemoArguments& arguments) {
  boost::asio::io_context loop(1);
  base::StderrLog log(base::LogLevel::warning);
  std::optional<TemporaryDirectory> temporary;
  if (arguments.directory.empty()) temporary.emplace();
  const fs::path folder = temporary ? temporary->path() : arguments.directory;
  fs::create_directories(folder);
  const base::Result<std::unique_ptr<Services>> services =
      Services::open(loop, log, {.data_directory = (folder / "data").string(), .program = "sluice demo"});
  if (!services) {
    print_error(services.error(), arguments.json);
    return Exit::bad_configuration;
  }
  local_org::LocalOrg org({.path = temporary ? ":memory:" : (folder / "org.db").string()}, (*services)->clock,
                          (*services)->random);
  Demo play(arguments, loop, log, **services, org, folder);
  return run_on(loop, play.play());
}

}  // namespace

void add_demo(VerbGroup& program) {
  auto verb = program.verb("demo", "everything at once on a local org, no account needed", play_demo);
  verb.option("--dir", verb->directory, "keep the demo's files in this folder");
  take_json(verb, verb->json);
}

}  // namespace app::cli
