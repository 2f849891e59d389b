// `sluice runs show`: one run, drawn.
#include <iostream>

#include "app/cli/printing.hpp"
#include "app/cli/run_picture.hpp"
#include "app/cli/run_source.hpp"
#include "app/cli/terminal_text.hpp"
#include "app/cli/verbs.hpp"

namespace app::cli {

int runs_show(const RunsShowArguments& arguments) {
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

}  // namespace app::cli
