// `sluice graph`: a workflow's picture, as Mermaid, as Graphviz's language, or drawn by Graphviz.
#include <cerrno>
#include <cstring>
#include <iostream>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include "app/cli/printing.hpp"
#include "app/cli/verbs.hpp"
#include "app/errors.hpp"
#include "app/temporary_directory.hpp"
#include "engine/definition.hpp"
#include "engine/graph.hpp"
#include "tasks/catalog.hpp"

extern char** environ;

namespace app::cli {
namespace {

struct GraphArguments {
  std::string workflow;
  std::string format = "mermaid";
  std::string output{};  // file; empty: stdout
};

// Files instead of pipes: neither side can block the other, whatever the picture's size.
base::Result<std::string> draw_with_graphviz(const std::string& dot) {
  const TemporaryDirectory directory;
  const std::string input = directory.file("picture.dot");
  const std::string output = directory.file("picture.svg");
  write_text_file(input, dot);
  std::string program = "dot", format = "-Tsvg", to = "-o", output_argument = output, input_argument = input;
  char* arguments[] = {program.data(),         format.data(),         to.data(),
                       output_argument.data(), input_argument.data(), nullptr};
  pid_t process = 0;
  if (const int fault = ::posix_spawnp(&process, "dot", nullptr, nullptr, arguments, environ); fault != 0) {
    return base::Error{graphviz_missing, std::string("svg is drawn by Graphviz's 'dot', which could not be started: ") +
                                             std::strerror(fault)};
  }
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return base::Error{graphviz_missing, "Graphviz's 'dot' could not draw the picture"};
  return read_text_file(output);
}

base::Result<std::string> picture_of(const engine::WorkflowDefinition& definition, const std::string& format) {
  if (format == "mermaid") return engine::to_mermaid(definition);
  if (format == "dot") return engine::to_dot(definition);
  return draw_with_graphviz(engine::to_dot(definition));
}

int print_graph(const GraphArguments& arguments) {
  const engine::Catalog catalog = tasks::make_catalog({});
  const engine::DefinitionCheck check =
      engine::check_definition(base::JsonDocument::read_file(arguments.workflow), catalog);
  print_findings(check.findings, false);
  if (!check.definition) return Exit::bad_input;
  const base::Result<std::string> picture = picture_of(*check.definition, arguments.format);
  if (!picture) {
    print_error(picture.error(), false);
    return Exit::unavailable;
  }
  if (arguments.output.empty()) {
    std::cout << *picture << std::flush;
  } else {
    write_text_file(arguments.output, *picture);
  }
  return Exit::fine;
}

}  // namespace

void add_graph(VerbGroup& program) {
  auto verb = program.verb("graph", "a workflow's picture", print_graph);
  verb.argument("WORKFLOW", verb->workflow, "a workflow file");
  verb.option("--format", verb->format, "mermaid, dot or svg (svg needs Graphviz)").one_of({"mermaid", "dot", "svg"});
  verb.option("-o,--output", verb->output, "write to this file");
}

}  // namespace app::cli
