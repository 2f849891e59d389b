// `sluice plan`: what responses would change, field by field, and nothing is written.
#include <filesystem>
#include <iostream>

#include <fmt/format.h>

#include "app/cli/account_option.hpp"
#include "app/cli/plan_picture.hpp"
#include "app/cli/printing.hpp"
#include "app/cli/table.hpp"
#include "app/cli/verbs.hpp"
#include "app/loop_run.hpp"
#include "app/planner.hpp"
#include "base/core_dumps.hpp"
#include "connectors/survey/response_file.hpp"

namespace app::cli {
namespace {

struct PlanArguments {
  std::string workflow;
  std::vector<std::string> responses{};
  std::vector<AccountFile> accounts{};
  std::string api_version = "60.0";
  bool json = false;
};

base::Findings missing_files(const std::vector<std::string>& files) {
  base::Findings findings;
  for (const std::string& file : files) {
    if (std::filesystem::is_regular_file(file)) continue;
    findings.push_back(
        {.code = "file_missing", .pointer = "", .message = fmt::format("there is no file '{}'", file), .file = file});
  }
  return findings;
}

// What is worst decides: input that cannot be used, a gate that says no, a task that would fail, one that cannot be
// told, changes.
int exit_of_plan(const PlanTally& tally) {
  if (tally.unreadable > 0) return Exit::bad_input;
  if (tally.count(Outlook::held) > 0) return Exit::not_allowed;
  if (tally.count(Outlook::fails) > 0) return Exit::failed;
  if (tally.count(Outlook::undecided) > 0) return Exit::try_again;
  return tally.has_changes() ? Exit::changes_planned : Exit::fine;
}

class PlanTelling {
 public:
  PlanTelling(const PlanArguments& arguments, Planner& planner) : arguments_(arguments), planner_(planner) {}

  // The exit code.
  base::awaitable<int> tell() {
    base::Findings findings = missing_files(arguments_.responses);
    if (findings.empty()) findings = co_await planner_.open(arguments_.workflow, arguments_.accounts);
    if (base::has_errors(findings)) {
      print_findings(findings, arguments_.json);
      co_return Exit::bad_input;
    }
    print_findings(findings, false);
    if (!arguments_.json) std::cout << plan_head_picture(planner_.head(), options_) << std::flush;
    for (const std::string& file : arguments_.responses) {
      std::vector<connectors::survey::FileResponse> read;
      const base::Status whole = read_file(file, read);
      for (connectors::survey::FileResponse& one : read) co_await take(file, std::move(one));
      if (whole) continue;
      connectors::survey::FileResponse unreadable{.place = "", .response = whole.error()};
      co_await take(file, std::move(unreadable));
    }
    if (arguments_.json)
      std::cout << to_json(planner_.head(), told_, tally_).text << std::endl;
    else
      std::cout << plan_tally_picture(tally_, options_) << std::flush;
    co_return exit_of_plan(tally_);
  }

 private:
  base::Status read_file(const std::string& file, std::vector<connectors::survey::FileResponse>& into) const {
    connectors::survey::ResponseFileOptions options;
    const std::shared_ptr<const connectors::survey::Survey> survey = planner_.surveys().find("");
    options.survey = survey.get();
    return connectors::survey::read_responses(read_text_file(file), options,
                                              [&](connectors::survey::FileResponse&& one) {
                                                into.push_back(std::move(one));
                                                return true;
                                              });
  }

  base::awaitable<void> take(const std::string& file, connectors::survey::FileResponse one) {
    PlannedResponse planned;
    if (one.response) {
      planned = co_await planner_.plan(*std::move(one.response));
    } else {
      planned.is_unreadable = true;
      planned.code = std::string(one.response.error().code.name);
      planned.message = one.response.error().message;
    }
    planned.file = file;
    planned.place = std::move(one.place);
    tally_.add(planned);
    if (arguments_.json)
      told_.push_back(std::move(planned));
    else
      std::cout << planned_response_picture(planned, options_) << std::flush;
  }

  const PlanArguments& arguments_;
  Planner& planner_;
  const PictureOptions options_ = this_terminal();
  PlanTally tally_{};
  std::vector<PlannedResponse> told_{};
};

int plan_responses(const PlanArguments& arguments) {
  boost::asio::io_context loop(1);
  base::StderrLog log(base::LogLevel::error);  // what concerns the runs stands in the plan
  base::forbid_core_dumps();
  Planner planner(loop, log, arguments.api_version);
  PlanTelling telling(arguments, planner);
  return run_on(loop, telling.tell());
}

}  // namespace

void add_plan(VerbGroup& program) {
  auto verb =
      program.verb("plan", "what responses would change, field by field: old -> new; writes nothing", plan_responses);
  verb.argument("WORKFLOW", verb->workflow, "a workflow file");
  verb.repeatable(
          "--response",
          [responses = &verb->responses](const std::string& text) {
            responses->push_back(text);
            return std::string();
          },
          "a response, or a file of many: API, export, NDJSON or CSV (repeatable)")
      .required();
  take_accounts(verb, verb->accounts);
  verb.option("--api-version", verb->api_version, "Salesforce API version");
  take_json(verb, verb->json);
}

}  // namespace app::cli
