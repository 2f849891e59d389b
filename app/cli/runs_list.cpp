// `sluice runs list`: runs, newest first; or the accepted events that started none, and why.
#include <iostream>

#include "app/cli/printing.hpp"
#include "app/cli/run_source.hpp"
#include "app/cli/runs_table.hpp"
#include "app/cli/terminal_text.hpp"
#include "app/cli/verbs.hpp"
#include "engine/run.hpp"

namespace app::cli {

int runs_list(const RunsListArguments& arguments) {
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

}  // namespace app::cli
