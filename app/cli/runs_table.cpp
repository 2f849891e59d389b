#include "app/cli/runs_table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/run_words.hpp"
#include "app/cli/table.hpp"

namespace app::cli {

namespace {

// Of a queued run when it goes on, of any other its code; and the items that it waits for.
std::string why_of(const Tree& row) {
  const bool is_queued = text_in(row, "state") == "queued";
  const std::string due = text_in(row, "due_at"), items = items_in_words(member(row, "items"));
  if (is_queued) return due.empty() ? items : "goes on " + day_and_time(due);
  const std::string code = text_in(row, "code");
  return items.empty() ? code : fmt::format("{} · {}", code, items);
}

}  // namespace

std::string runs_table(const base::JsonText& document, const PictureOptions& options) {
  const Tree tree = tree_of(document);
  Table table({whole("RUN"), whole("STATE"), whole("RECEIVED"), "WORKFLOW", "WHY"});
  int failed = 0;
  for (const Tree& row : member(tree, "runs")) {
    const std::string state = text_in(row, "state");
    failed += state == "failed" ? 1 : 0;
    table.row({text_in(row, "id"),
               {fmt::format("{} {}", mark_of_state(state), state), ink_of_state(state)},
               day_and_time(text_in(row, "received_at")),
               text_in(row, "workflow"),
               why_of(row)});
  }
  if (table.empty()) return "No runs.\n";
  std::string drawn = table.draw(options);
  if (failed > 1)
    drawn += "\n" + Paint(options.has_colour)(Ink::dim, "Why runs failed, each cause once: sluice runs causes") + "\n";
  return drawn;
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
