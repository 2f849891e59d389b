// `sluice run`: one run, here and now, on the accounts given, its history printed.
#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>

#include "app/cli/account_option.hpp"
#include "app/cli/printing.hpp"
#include "app/cli/run_picture.hpp"
#include "app/cli/terminal_text.hpp"
#include "app/cli/verbs.hpp"
#include "app/response_event.hpp"
#include "app/run_report.hpp"
#include "app/run_rest.hpp"
#include "app/workspace.hpp"
#include "base/core_dumps.hpp"
#include "base/crypto.hpp"
#include "base/json_document.hpp"
#include "engine/errors.hpp"

namespace app::cli {
namespace {

struct RunArguments {
  std::string workflow;
  std::string response;
  std::vector<AccountFile> accounts{};
  std::string data = ".sluice";
  std::string api_version = "60.0";
  bool json = false;
};

bool is_of_the_gate(std::string_view code) {
  const std::array answers{engine::extension_not_licensed,  engine::account_not_linked,
                           engine::account_removed,         engine::wrong_org,
                           engine::account_share_revoked,   engine::account_not_the_owners,
                           engine::awaits_reauthentication, engine::account_token_expired,
                           engine::account_blocked_by_org};
  return std::any_of(answers.begin(), answers.end(),
                     [&](const base::ErrorCode& answer) { return answer.name == code; });
}

int exit_of_run(const engine::RunRow& run) {
  if (run.state == engine::RunState::succeeded) return Exit::fine;
  if (engine::is_over(run.state)) return Exit::failed;
  return run.state == engine::RunState::held && is_of_the_gate(run.code) ? Exit::not_allowed : Exit::try_again;
}

class OneRun {
 public:
  OneRun(const RunArguments& arguments, boost::asio::io_context& loop, Services& services)
      : arguments_(arguments), loop_(loop), services_(services), workspace_(services) {}

  int result() const { return result_; }

  base::awaitable<void> start() {
    // Before anything is read back: a stored version may need a survey's wordings.
    base::Findings findings =
        services_.surveys.put_folder(std::filesystem::path(arguments_.workflow).parent_path().string());
    co_await services_.load();
    co_await workspace_.open();
    base::Findings of_accounts = co_await workspace_.take_accounts(arguments_.accounts);
    findings.insert(findings.end(), of_accounts.begin(), of_accounts.end());
    const std::string name = std::filesystem::absolute(arguments_.workflow).lexically_normal().string();
    if (!base::has_errors(findings)) {
      base::Findings of_workflow = co_await workspace_.take_workflow_file(arguments_.workflow, name);
      findings.insert(findings.end(), of_workflow.begin(), of_workflow.end());
    }
    const base::JsonDocument response = base::JsonDocument::read_file(arguments_.response);
    findings.insert(findings.end(), response.findings().begin(), response.findings().end());
    if (!base::has_errors(findings)) {
      base::Findings of_orgs = co_await workspace_.identify_accounts();
      findings.insert(findings.end(), of_orgs.begin(), of_orgs.end());
    }
    if (base::has_errors(findings)) {
      print_findings(findings, arguments_.json);
      result_ = Exit::bad_input;
      co_return;
    }
    print_findings(findings, false);
    co_await deliver(workspace_.hooks().at(name).substr(std::string_view("/hooks/").size()));
  }

 private:
  // Whoever runs a workflow by hand means it, also the second time: every call is an event of its own.
  base::awaitable<void> deliver(std::string hook) {
    std::ifstream file(arguments_.response);
    std::ostringstream body;
    body << file.rdbuf();
    base::Result<engine::TriggerEvent> event = response_event(body.str(), services_.surveys);
    if (!event)
      co_return refuse({{.code = std::string(event.error().code.name),
                         .pointer = "",
                         .message = event.error().message,
                         .file = arguments_.response}});
    event->source = std::move(hook);
    event->dedup_key += " by hand " + base::to_base32(services_.random.bytes(5));
    event->received_at = services_.clock.now();
    base::Result<engine::IntakeAnswer> answer = co_await services_.intake.accept(workspace_.brand(), *std::move(event));
    if (!answer) co_return print_error(answer.error(), arguments_.json);
    if (answer->run_ids.empty()) {
      const engine::NotStarted reason = answer->not_started.front();
      print_error({reason.code, "no run was started: " + reason.message}, arguments_.json);
      co_return;
    }
    co_await follow(answer->run_ids.front());
  }

  base::awaitable<void> follow(std::string run_id) {
    boost::asio::co_spawn(loop_, services_.worker.run(), boost::asio::detached);
    boost::asio::signal_set signals(loop_, SIGINT, SIGTERM);
    signals.async_wait([this, run_id](const boost::system::error_code& error, int) {
      if (!error) boost::asio::co_spawn(loop_, interrupt(run_id), boost::asio::detached);
    });
    std::function<void(const engine::RunRow&)> on_wait = [](const engine::RunRow& waiting) {
      std::cerr << "sluice: the next attempt is due at " << base::to_iso8601(*waiting.due_at)
                << "; Ctrl-C leaves the run queued\n";
    };
    const engine::RunRow run = co_await until_at_rest(services_, workspace_.brand(), run_id, std::move(on_wait));
    co_await print(run_id);
    result_ = exit_of_run(run);
  }

  base::awaitable<void> interrupt(std::string run_id) {
    co_await print(run_id);
    result_ = Exit::try_again;
    loop_.stop();
  }

  base::awaitable<void> print(std::string run_id) {
    const std::optional<base::JsonText> document = co_await run_report(services_, workspace_.brand(), run_id);
    if (!document) co_return;
    if (arguments_.json) {
      std::cout << document->text << std::endl;
    } else {
      std::cout << run_picture(*document, {.width = terminal_columns(), .has_colour = wants_colour()}) << std::flush;
    }
  }

  void refuse(const base::Findings& findings) {
    print_findings(findings, arguments_.json);
    result_ = Exit::bad_input;
  }

  const RunArguments& arguments_;
  boost::asio::io_context& loop_;
  Services& services_;
  Workspace workspace_;
  int result_ = Exit::failed;
};

int run_once(const RunArguments& arguments) {
  boost::asio::io_context loop(1);
  base::StderrLog log(base::LogLevel::error);  // what concerns the run stands in its picture
  base::forbid_core_dumps();
  ServiceOptions options{.data_directory = arguments.data, .program = "sluice run"};
  options.api_version = arguments.api_version;
  base::Result<std::unique_ptr<Services>> services = Services::open(loop, log, std::move(options));
  if (!services) {
    print_error(services.error(), arguments.json);
    return Exit::bad_configuration;
  }
  OneRun one(arguments, loop, **services);
  std::exception_ptr fault;
  boost::asio::co_spawn(loop, one.start(), [&](std::exception_ptr error) {
    fault = error;
    loop.stop();
  });
  loop.run();
  if (fault) std::rethrow_exception(fault);
  return one.result();
}

}  // namespace

void add_run(VerbGroup& program) {
  auto verb = program.verb("run", "one run, here and now, its history printed", run_once);
  verb.argument("WORKFLOW", verb->workflow, "a workflow file");
  verb.option("--response", verb->response, "a survey response as the response API gives it").required();
  take_accounts(verb, verb->accounts);
  verb.option("--data", verb->data, "data directory that keeps the history").from_environment("SLUICE_DATA");
  verb.option("--api-version", verb->api_version, "Salesforce API version");
  take_json(verb, verb->json);
}

}  // namespace app::cli
