#include "app/cli/graph_drawing.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace app::cli {
namespace {

constexpr unsigned to_left = 1, to_right = 2, to_up = 4, to_down = 8;
constexpr std::size_t box_text_max = 28;
constexpr std::size_t box_text_min = 12;

// Characters on a grid. Lines are kept as the directions in which they leave a cell, so that they join where they meet.
class Canvas {
 public:
  void text(std::size_t x, std::size_t y, std::string_view words, Ink ink) {
    while (!words.empty()) {
      const std::size_t length = std::max<std::size_t>(1, base::utf8_length(words));
      const std::string_view character = words.substr(0, length);
      const std::size_t width = columns_of(character);
      if (width == 0 && x > 0) {
        cell(x - 1, y).text += character;
      } else {
        cell(x, y) = Cell{std::string(character), ink, 0, false};
        if (width == 2) cell(x + 1, y) = Cell{"", ink, 0, false, true};
        x += width;
      }
      words.remove_prefix(length);
    }
  }

  void line(std::size_t x, std::size_t y, unsigned directions) { cell(x, y).directions |= directions; }

  void horizontal(std::size_t from, std::size_t to, std::size_t y) {
    for (std::size_t x = from; x < to; ++x) {
      line(x, y, to_right);
      line(x + 1, y, to_left);
    }
  }

  // A vertical line that only passes here: what lies across it is not joined.
  void pass(std::size_t x, std::size_t y) { cell(x, y).passes = true; }

  std::vector<std::string> lines(const Paint& paint) const {
    std::vector<std::string> out;
    for (const std::vector<Cell>& row : rows_) out.push_back(painted(row, paint));
    return out;
  }

 private:
  struct Cell {
    std::string text{};
    Ink ink = Ink::plain;
    unsigned directions = 0;
    bool passes = false;
    bool is_covered = false;  // by the wide character before it
  };

  Cell& cell(std::size_t x, std::size_t y) {
    if (rows_.size() <= y) rows_.resize(y + 1);
    if (rows_[y].size() <= x) rows_[y].resize(x + 1);
    return rows_[y][x];
  }

  static std::string character(const Cell& cell) {
    static constexpr std::array<const char*, 16> shapes{" ", "─", "─", "─", "│", "┘", "└", "┴",
                                                        "│", "┐", "┌", "┬", "│", "┤", "├", "┼"};
    if (!cell.text.empty()) return cell.text;
    return cell.passes ? "│" : shapes[cell.directions];
  }

  static Ink ink_of(const Cell& cell) { return cell.text.empty() ? Ink::dim : cell.ink; }

  static std::string painted(const std::vector<Cell>& row, const Paint& paint) {
    std::string line, span;
    Ink ink = Ink::plain;
    for (const Cell& cell : row) {
      if (cell.is_covered) continue;
      const std::string next = character(cell);
      if (next != " " && ink_of(cell) != ink) {
        line += paint(ink, span);
        span.clear();
        ink = ink_of(cell);
      }
      span += next;
    }
    span.resize(span.find_last_not_of(' ') + 1);
    return line + paint(ink, span);
  }

  std::vector<std::vector<Cell>> rows_;
};

// A place in a column: a node, or a line on its way to a column further right.
struct Slot {
  std::optional<std::size_t> node{};
  std::vector<std::size_t> from{};  // slots of the column before
  std::size_t line_of = 0;          // whose line passes, where it is no node
  double wish = 0;                  // where its neighbours would like it
  std::size_t y = 0;                // of its upper text line: lines arrive there and leave one below
};

class Drawing {
 public:
  Drawing(const std::vector<DrawnNode>& nodes, std::size_t text_max) : nodes_(nodes), text_max_(text_max) {
    for (const DrawnNode& node : nodes) {
      columns_.resize(std::max(columns_.size(), node.column + 1));
      text_lines_ = std::max(text_lines_, node.lines.size());
    }
    fill_columns();
    place();
  }

  std::size_t width() const { return width_; }

  std::vector<std::string> draw(const Paint& paint) {
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      for (std::size_t i = 0; i < columns_[column].size(); ++i) {
        const Slot& slot = columns_[column][i];
        slot.node ? draw_box(column, slot) : draw_passing_line(column, i);
      }
      if (column + 1 < columns_.size()) draw_gap(column);
    }
    return canvas_.lines(paint);
  }

 private:
  using Column = std::vector<Slot>;

  // Every edge goes from one column to the next: a longer one gets a slot in each column between, shared by all edges
  // of its source.
  void fill_columns() {
    std::vector<std::size_t> last_needed(nodes_.size());
    for (const DrawnNode& node : nodes_) {
      for (std::size_t from : node.after) last_needed[from] = std::max(last_needed[from], node.column);
    }
    std::map<std::size_t, std::size_t> slot_of_source;  // in the column at hand
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      std::map<std::size_t, std::size_t> slots_before = std::move(slot_of_source);
      slot_of_source.clear();
      for (std::size_t i = 0; i < nodes_.size(); ++i) {
        if (nodes_[i].column != column) continue;
        Slot slot{.node = i};
        for (std::size_t from : nodes_[i].after) slot.from.push_back(slots_before.at(from));
        slot_of_source[i] = columns_[column].size();
        columns_[column].push_back(std::move(slot));
      }
      for (const auto& [source, before] : slots_before) {
        if (last_needed[source] <= column) continue;
        slot_of_source[source] = columns_[column].size();
        columns_[column].push_back(Slot{.node = {}, .from = {before}, .line_of = source});
      }
      order_by_predecessors(column, slot_of_source);
    }
  }

  // A slot goes where the middle of those it comes from is: few crossings, for little.
  void order_by_predecessors(std::size_t column, std::map<std::size_t, std::size_t>& slot_of_source) {
    Column& slots = columns_[column];
    std::vector<std::size_t> order(slots.size());
    for (std::size_t i = 0; i < slots.size(); ++i) {
      order[i] = i;
      double sum = 0;
      for (std::size_t from : slots[i].from) sum += static_cast<double>(from);
      slots[i].wish = slots[i].from.empty() ? static_cast<double>(i) : sum / static_cast<double>(slots[i].from.size());
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return slots[a].wish < slots[b].wish; });
    Column sorted;
    std::vector<std::size_t> place_of(slots.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      place_of[order[i]] = i;
      sorted.push_back(std::move(slots[order[i]]));
    }
    slots = std::move(sorted);
    for (auto& [source, slot] : slot_of_source) slot = place_of[slot];
  }

  std::size_t box_width(std::size_t column) const {
    std::size_t width = 0;
    for (const DrawnNode& node : nodes_) {
      if (node.column != column) continue;
      for (const std::string& line : node.lines) width = std::max(width, std::min(columns_of(line), text_max_));
    }
    return width + 4;
  }

  // The slots of a column that something of the next one comes from, in order: each gets a lane of its own between the
  // two.
  std::vector<std::size_t> sources_of_gap(std::size_t column) const {
    std::set<std::size_t> sources;
    for (const Slot& slot : columns_[column + 1]) sources.insert(slot.from.begin(), slot.from.end());
    return {sources.begin(), sources.end()};
  }

  void place() {
    std::size_t x = 0;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      left_.push_back(x);
      right_.push_back(x + box_width(column) - 1);
      std::size_t y = 0;
      for (Slot& slot : columns_[column]) {
        slot.y = slot.node ? y + 1 : y;
        y += slot.node ? text_lines_ + 2 : 2;
      }
      x = right_.back() + 1;
      width_ = x;
      if (column + 1 < columns_.size()) x += 2 * sources_of_gap(column).size() + 3;
    }
  }

  void draw_box(std::size_t column, const Slot& slot) {
    const DrawnNode& node = nodes_[*slot.node];
    const std::size_t left = left_[column], inner = right_[column] - left - 1;
    std::string edge;
    for (std::size_t i = 0; i < inner; ++i) edge += "─";
    canvas_.text(left, slot.y - 1, "┌" + edge + "┐", node.ink);
    for (std::size_t i = 0; i < text_lines_; ++i) {
      const std::string words = i < node.lines.size() ? fitted(node.lines[i], text_max_) : "";
      canvas_.text(left, slot.y + i, "│ ", node.ink);
      canvas_.text(left + 2, slot.y + i, padded(words, inner - 1), i == 0 ? node.ink : Ink::dim);
      canvas_.text(right_[column], slot.y + i, "│", node.ink);
    }
    canvas_.text(left, slot.y + text_lines_, "└" + edge + "┘", node.ink);
  }

  // Straight on, unless something arrives at the same height behind it: then it leaves a line below, as boxes do.
  std::size_t way_out(std::size_t column, std::size_t index) const {
    const Slot& slot = columns_[column][index];
    if (slot.node) return slot.y + 1;
    const Column& next = columns_[column + 1];
    const std::vector<std::size_t> alone{index};
    const bool is_taken = std::any_of(next.begin(), next.end(),
                                      [&](const Slot& target) { return target.y == slot.y && target.from != alone; });
    return is_taken ? slot.y + 1 : slot.y;
  }

  void draw_passing_line(std::size_t column, std::size_t index) {
    const Slot& slot = columns_[column][index];
    canvas_.horizontal(left_[column], right_[column], slot.y);
    if (way_out(column, index) == slot.y) return;
    canvas_.line(right_[column], slot.y, to_down);
    canvas_.line(right_[column], slot.y + 1, to_up);
  }

  // From every source: out below where lines arrive, along its lane, in at the upper line of each target. So no two
  // horizontals ever lie on each other, and lines touch only where they belong together.
  void draw_gap(std::size_t column) {
    const std::vector<std::size_t> sources = sources_of_gap(column);
    for (std::size_t i = 0; i < sources.size(); ++i) draw_lane(column, sources[i], right_[column] + 2 + 2 * i);
    for (const Slot& target : columns_[column + 1]) {
      if (target.node && !target.from.empty()) canvas_.text(left_[column + 1] - 1, target.y, "▶", Ink::dim);
    }
  }

  void draw_lane(std::size_t column, std::size_t source, std::size_t lane) {
    const Slot& from = columns_[column][source];
    const std::size_t out = way_out(column, source);
    if (from.node) canvas_.text(right_[column], out, "├", nodes_[*from.node].ink);
    canvas_.horizontal(from.node ? right_[column] + 1 : right_[column], lane, out);
    if (from.node) canvas_.line(right_[column] + 1, out, to_left);
    std::set<std::size_t> joints{out};
    for (const Slot& target : columns_[column + 1]) {
      if (std::find(target.from.begin(), target.from.end(), source) == target.from.end()) continue;
      joints.insert(target.y);
      canvas_.horizontal(lane, left_[column + 1] - (target.node ? 1 : 0), target.y);
    }
    for (std::size_t y = *joints.begin(); y < *joints.rbegin(); ++y) {
      if (joints.contains(y))
        canvas_.line(lane, y, to_down);
      else
        canvas_.pass(lane, y);
      if (joints.contains(y + 1)) canvas_.line(lane, y + 1, to_up);
    }
  }

  const std::vector<DrawnNode>& nodes_;
  std::size_t text_max_;
  std::size_t text_lines_ = 2;  // one to arrive at, one to leave from
  std::vector<Column> columns_;
  std::vector<std::size_t> left_, right_;
  std::size_t width_ = 0;
  Canvas canvas_;
};

std::vector<std::string> list_nodes(const std::vector<DrawnNode>& nodes, std::size_t width, const Paint& paint) {
  std::vector<const DrawnNode*> sorted;
  std::size_t first_width = 0;
  for (const DrawnNode& node : nodes) {
    sorted.push_back(&node);
    first_width = std::max(first_width, std::min(columns_of(node.lines.front()), box_text_max));
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const DrawnNode* a, const DrawnNode* b) { return a->column < b->column; });
  std::vector<std::string> lines;
  for (const DrawnNode* node : sorted) {
    std::string rest;
    for (std::size_t i = 1; i < node->lines.size(); ++i) rest += "  " + node->lines[i];
    std::vector<std::string> names;
    for (std::size_t from : node->after) names.push_back(nodes[from].name);
    if (!names.empty()) rest += fmt::format("  ← {}", fmt::join(names, ", "));
    const std::string first = padded(fitted(node->lines.front(), box_text_max), first_width);
    lines.push_back(paint(node->ink, first) +
                    paint(Ink::dim, fitted(rest, width > first_width ? width - first_width : 0)));
  }
  return lines;
}

}  // namespace

std::vector<std::string> draw_graph(const std::vector<DrawnNode>& nodes, std::size_t width, const Paint& paint) {
  if (nodes.empty()) return {};
  for (std::size_t text_max = box_text_max; text_max >= box_text_min; text_max -= 4) {
    Drawing drawing(nodes, text_max);
    if (drawing.width() <= width) return drawing.draw(paint);
  }
  return list_nodes(nodes, width, paint);
}

}  // namespace app::cli
