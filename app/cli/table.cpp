#include "app/cli/table.hpp"

#include <algorithm>
#include <optional>

#include "app/cli/printing.hpp"

namespace app::cli {
namespace {

constexpr std::size_t column_gap = 2;
// Cut further, a text says nothing any more.
constexpr std::size_t narrowest_column = 10;

std::size_t width_of_line(const std::vector<std::size_t>& widths) {
  std::size_t sum = 0;
  for (const std::size_t width : widths) sum += width == 0 ? 0 : width + column_gap;
  return sum < column_gap ? 0 : sum - column_gap;
}

}  // namespace

std::vector<std::size_t> Table::widths(std::size_t width_max) const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < headings_.size(); ++i) {
    std::size_t width = 0;
    for (const std::vector<TableCell>& row : rows_) width = std::max(width, columns_of(row[i].text));
    widths.push_back(width == 0 ? 0 : std::max(width, columns_of(headings_[i].text)));
  }
  while (width_of_line(widths) > width_max) {
    std::optional<std::size_t> widest;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const bool may_be_cut = !headings_[i].is_whole && widths[i] > narrowest_column;
      if (may_be_cut && (!widest || widths[i] >= widths[*widest])) widest = i;
    }
    if (!widest) break;
    --widths[*widest];
  }
  return widths;
}

std::string Table::draw(const PictureOptions& options, const std::string& indent) const {
  const std::vector<std::size_t> columns = widths(options.width > indent.size() ? options.width - indent.size() : 0);
  const Paint paint(options.has_colour);
  const auto draw_line = [&](const auto& cell_at) {
    std::string line;
    std::size_t spaces = 0;  // before the next text, so that no line ends with any
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i] == 0) continue;
      const TableCell cell = cell_at(i);
      const std::string text = fitted(cell.text, columns[i]);
      if (!text.empty()) line += std::string(spaces, ' ') + paint(cell.ink, text);
      spaces = (text.empty() ? spaces : 0) + columns[i] - columns_of(text) + column_gap;
    }
    return indent + line + "\n";
  };
  std::string drawn = draw_line([&](std::size_t i) { return TableCell(headings_[i].text, Ink::dim); });
  for (const std::vector<TableCell>& row : rows_) drawn += draw_line([&](std::size_t i) { return row[i]; });
  return drawn;
}

std::string draw_facts(const Facts& facts, const std::string& indent) {
  std::size_t width = 0;
  for (const auto& [name, text] : facts) width = std::max(width, text.empty() ? 0 : columns_of(name));
  std::string drawn;
  for (const auto& [name, text] : facts) {
    if (!text.empty()) drawn += indent + padded(name, width + column_gap) + text + "\n";
  }
  return drawn;
}

PictureOptions this_terminal() { return {.width = terminal_columns(), .has_colour = wants_colour()}; }

}  // namespace app::cli
