#include "app/cli/runs_causes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/refusal.hpp"
#include "app/cli/run_source.hpp"
#include "app/cli/run_words.hpp"
#include "app/cli/table.hpp"
#include "app/cli/wrapped_text.hpp"

namespace app::cli {
namespace {

// "40 runs failed", "1 run held", "41 runs failed or held"
std::string how_many(const Tree& cause) {
  const std::string runs = text_in(cause, "runs");
  return fmt::format("{} {} {}", runs, runs == "1" ? "run" : "runs",
                     fmt::join(texts_of(member(cause, "states")), " or "));
}

Ink ink_of_cause(const Tree& cause) {
  const std::vector<std::string> states = texts_of(member(cause, "states"));
  return states.empty() ? Ink::bold : ink_of_state(states.front());
}

std::string where_of(const Tree& cause) {
  const std::string task = text_in(cause, "task");
  return fmt::format("{} · {}", text_in(member(cause, "workflow"), "name"), task.empty() ? "the response" : task);
}

std::string code_of(const Tree& cause) {
  const std::string org_code = text_in(cause, "org_code"), code = text_in(cause, "code");
  std::string line = org_code.empty() ? code : org_code;
  if (const std::vector<std::string> fields = texts_of(member(cause, "fields")); !fields.empty())
    line += fmt::format(" on {}", fmt::join(fields, ", "));
  return org_code.empty() ? line : fmt::format("{} ({})", line, code);
}

int show_causes(const RunsCausesArguments& arguments) {
  return run_or_refuse(arguments.json, [&] {
    const base::JsonText document = read_causes(arguments);
    return tell(arguments, document, causes_picture(document, this_terminal()));
  });
}

}  // namespace

std::string causes_picture(const base::JsonText& document, const PictureOptions& options) {
  const Paint paint(options.has_colour);
  const Tree tree = tree_of(document);
  std::string out;
  for (const Tree& cause : member(tree, "causes")) {
    const std::string last = day_and_minute(text_in(cause, "last_at"));
    out += fmt::format("{}  {}\n", paint(ink_of_cause(cause), how_many(cause)), paint(Ink::bold, where_of(cause)));
    out += fmt::format("  {}\n", code_of(cause));
    for (const std::string& line : wrapped(text_in(cause, "message"), options.width - 2)) out += "  " + line + "\n";
    out += paint(Ink::dim, fmt::format("  last {}, {}", last, text_in(cause, "example"))) + "\n";
    out += paint(Ink::dim, fmt::format("  sluice runs list --cause {}", text_in(cause, "id"))) + "\n\n";
  }
  if (out.empty()) return "No run has failed or is held, but those that were dealt with.\n";
  out.pop_back();
  return out;
}

void add_runs_causes(VerbGroup& runs) {
  auto causes = runs.verb("causes", "why runs have failed or are held, each cause once", show_causes);
  causes.option("--workflow", causes->workflow, "only of this workflow: its name or id");
  causes.option("--state", causes->state, "only runs in this state").one_of({"failed", "held"});
  take_json(causes, causes->json);
  take_server(causes, causes->at);
}

}  // namespace app::cli
