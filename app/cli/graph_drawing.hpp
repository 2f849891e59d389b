// A task graph drawn with box and line characters: columns from left to right, branches side by side, joins.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/cli/terminal_text.hpp"

namespace app::cli {

// One box. A node stands right of all those it comes after.
struct DrawnNode {
  std::string name;                  // as others refer to it
  std::vector<std::string> lines;    // inside the box
  std::vector<std::size_t> after{};  // indices of nodes of columns further left
  std::size_t column = 0;
  Ink ink = Ink::plain;
};

// Lines without line ends. Narrower boxes when it would be wider than `width`, and where even they are too many, a list
// in the order of the columns that says in words what comes after what.
std::vector<std::string> draw_graph(const std::vector<DrawnNode>& nodes, std::size_t width, const Paint& paint);

}  // namespace app::cli
