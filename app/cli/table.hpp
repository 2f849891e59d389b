// Rows under headings, aligned, no wider than the terminal.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/cli/terminal_text.hpp"

namespace app::cli {

// Made of its words alone, so that `Table({"NAME", whole("ID")})` reads well.
struct TableHeading {
  TableHeading(const char* words) : text(words) {}
  std::string text;
  bool is_whole = false;
};

// A column whose cells are never cut, since people copy them.
inline TableHeading whole(const char* text) {
  TableHeading heading(text);
  heading.is_whole = true;
  return heading;
}

struct TableCell {
  TableCell(const char* words) : text(words), ink(Ink::plain) {}
  TableCell(std::string words, Ink colour = Ink::plain) : text(std::move(words)), ink(colour) {}
  std::string text;
  Ink ink;
};

class Table {
 public:
  explicit Table(std::vector<TableHeading> headings) : headings_(std::move(headings)) {}

  // As many cells as there are headings.
  void row(std::vector<TableCell> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }

  // One line a row. Columns without a single text are left out; the widest are cut until the line fits.
  std::string draw(const PictureOptions& options, const std::string& indent = "") const;

 private:
  std::vector<std::size_t> widths(std::size_t width_max) const;

  std::vector<TableHeading> headings_;
  std::vector<std::vector<TableCell>> rows_;
};

// Names and what stands to them, aligned below each other; lines without a text are left out.
using Facts = std::vector<std::pair<std::string, std::string>>;
std::string draw_facts(const Facts& facts, const std::string& indent = "  ");

// The terminal that is there, with its width and colours.
PictureOptions this_terminal();

}  // namespace app::cli
