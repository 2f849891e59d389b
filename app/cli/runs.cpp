// `sluice runs`: the runs of a server or of a data directory, as a table and one by one.
#include <iostream>

#include "app/cli/printing.hpp"
#include "app/cli/run_picture.hpp"
#include "app/cli/run_source.hpp"
#include "app/cli/runs_table.hpp"
#include "app/cli/terminal_text.hpp"
#include "app/cli/verbs.hpp"
#include "engine/run.hpp"

namespace app::cli {
namespace {

int list_runs(const RunsListArguments& arguments) {
  if (!arguments.state.empty() && !engine::read_run_state(arguments.state)) {
    std::cerr << "sluice: --state is one of queued, running, succeeded, failed, cancelled, held\n";
    return Exit::usage;
  }
  const base::Result<base::JsonText> document = read_runs(arguments);
  if (!document) {
    print_error(document.error(), arguments.json);
    return exit_of(document.error());
  }
  if (arguments.json) {
    std::cout << document->text << std::endl;
    return Exit::fine;
  }
  const PictureOptions options{.width = terminal_columns(), .has_colour = wants_colour()};
  std::cout << (arguments.not_started ? not_started_table(*document, options) : runs_table(*document, options))
            << std::flush;
  return Exit::fine;
}

struct RunsShowArguments {
  ServerArguments at{};
  std::string run;
  bool json = false;
};

int show_run(const RunsShowArguments& arguments) {
  const base::Result<base::JsonText> document = read_run(arguments.at, arguments.run);
  if (!document) {
    print_error(document.error(), arguments.json);
    return exit_of(document.error());
  }
  if (arguments.json) {
    std::cout << document->text << std::endl;
  } else {
    std::cout << run_picture(*document, {.width = terminal_columns(), .has_colour = wants_colour()}) << std::flush;
  }
  return Exit::fine;
}

}  // namespace

void add_runs(VerbGroup& program) {
  VerbGroup runs = program.group("runs", "runs of a server or of a data directory");

  auto list = runs.verb("list", "runs, newest first; or accepted events that started none", list_runs);
  list.flag("--not-started", list->not_started, "accepted events that started no run, and why");
  list.option("--state", list->state, "only runs in this state");
  list.option("--limit", list->limit, "at most so many").between(1, 500);
  take_json(list, list->json);
  take_server(list, list->at);

  auto show = runs.verb("show", "one run: its graph, attempts, verdicts, requests and records", show_run);
  show.argument("RUN", show->run, "run id");
  take_json(show, show->json);
  take_server(show, show->at);
}

}  // namespace app::cli
