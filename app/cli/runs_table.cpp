#include "app/cli/runs_table.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/run_words.hpp"

namespace app::cli {
namespace {

// A table's cells: a heading, then one text a row.
struct TableColumn {
  std::string heading;
  std::vector<std::string> cells{};
  std::vector<Ink> inks{};
};

std::string draw_table(const std::vector<TableColumn>& columns, const PictureOptions& options) {
  const Paint paint(options.has_colour);
  std::vector<std::size_t> widths;
  for (const TableColumn& column : columns) {
    std::size_t width = columns_of(column.heading);
    for (const std::string& cell : column.cells) width = std::max(width, columns_of(cell));
    widths.push_back(width);
  }
  std::string out;
  for (std::size_t row = 0; row <= columns.front().cells.size(); ++row) {
    std::string text;
    std::size_t used = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const bool is_last = i + 1 == columns.size();
      std::string cell = row == 0 ? columns[i].heading : columns[i].cells[row - 1];
      if (is_last) cell = fitted(cell, options.width > used + 10 ? options.width - used : 10);
      const Ink ink = row == 0 ? Ink::dim : columns[i].inks.empty() ? Ink::plain : columns[i].inks[row - 1];
      text += paint(ink, cell) + (is_last ? "" : std::string(widths[i] - columns_of(cell) + 2, ' '));
      used += widths[i] + 2;
    }
    text.resize(text.find_last_not_of(' ') + 1);
    out += text + "\n";
  }
  return out;
}

}  // namespace

std::string runs_table(const base::JsonText& document, const PictureOptions& options) {
  const Tree tree = tree_of(document);
  TableColumn run{"RUN"}, state{"STATE"}, received{"RECEIVED"}, workflow{"WORKFLOW"}, why{"WHY"};
  for (const Tree& row : member(tree, "runs")) {
    const std::string name = text_in(row, "state");
    run.cells.push_back(text_in(row, "id"));
    state.cells.push_back(fmt::format("{} {}", mark_of_state(name), name));
    state.inks.push_back(ink_of_state(name));
    received.cells.push_back(day_and_time(text_in(row, "received_at")));
    workflow.cells.push_back(text_in(row, "workflow"));
    const std::string due = text_in(row, "due_at");
    why.cells.push_back(text_in(row, "code") + (due.empty() || name != "queued" ? "" : "goes on " + day_and_time(due)));
  }
  if (run.cells.empty()) return "No runs.\n";
  return draw_table({run, state, received, workflow, why}, options);
}

std::string not_started_table(const base::JsonText& document, const PictureOptions& options) {
  const Tree tree = tree_of(document);
  TableColumn at{"RECEIVED"}, key{"KEY"}, workflow{"WORKFLOW"}, code{"CODE"}, why{"WHY"};
  for (const Tree& row : member(tree, "not_started")) {
    at.cells.push_back(day_and_time(text_in(row, "at")));
    key.cells.push_back(text_in(row, "dedup_key"));
    workflow.cells.push_back(text_in(row, "workflow"));
    code.cells.push_back(text_in(row, "code"));
    why.cells.push_back(text_in(row, "message"));
  }
  if (at.cells.empty()) return "Every event has started a run.\n";
  return draw_table({at, key, workflow, code, why}, options);
}

}  // namespace app::cli
