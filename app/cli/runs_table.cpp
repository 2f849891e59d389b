#include "app/cli/runs_table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/run_words.hpp"
#include "app/cli/table.hpp"

namespace app::cli {

std::string runs_table(const base::JsonText& document, const PictureOptions& options) {
  const Tree tree = tree_of(document);
  Table table({whole("RUN"), whole("STATE"), whole("RECEIVED"), "WORKFLOW", "WHY"});
  for (const Tree& row : member(tree, "runs")) {
    const std::string state = text_in(row, "state"), due = text_in(row, "due_at");
    table.row({text_in(row, "id"),
               {fmt::format("{} {}", mark_of_state(state), state), ink_of_state(state)},
               day_and_time(text_in(row, "received_at")),
               text_in(row, "workflow"),
               text_in(row, "code") + (due.empty() || state != "queued" ? "" : "goes on " + day_and_time(due))});
  }
  return table.empty() ? "No runs.\n" : table.draw(options);
}

std::string not_started_table(const base::JsonText& document, const PictureOptions& options) {
  const Tree tree = tree_of(document);
  Table table({whole("RECEIVED"), "KEY", "WORKFLOW", whole("CODE"), "WHY"});
  for (const Tree& row : member(tree, "not_started")) {
    table.row({day_and_time(text_in(row, "at")), text_in(row, "dedup_key"), text_in(row, "workflow"),
               text_in(row, "code"), text_in(row, "message")});
  }
  return table.empty() ? "Every event has started a run.\n" : table.draw(options);
}

}  // namespace app::cli
