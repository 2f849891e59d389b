// Task graphs as they are drawn: chains, forks, joins, lines that pass a column, crossings, and what is too wide.
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "app/cli/graph_drawing.hpp"

namespace {

using app::cli::DrawnNode;

DrawnNode node(std::string name, std::size_t column, std::vector<std::size_t> after = {}) {
  return {.name = name, .lines = {name, "type"}, .after = std::move(after), .column = column};
}

std::string drawn(const std::vector<DrawnNode>& nodes, std::size_t width = 100) {
  std::string text;
  for (const std::string& line : app::cli::draw_graph(nodes, width, app::cli::Paint(false))) text += "\n" + line;
  return text;
}

}  // namespace

TEST_CASE("a chain is a row of boxes") {
  CHECK(drawn({node("a", 0), node("b", 1, {0})}) == R"(
┌──────┐     ┌──────┐
│ a    │ ┌──▶│ b    │
│ type ├─┘   │ type │
└──────┘     └──────┘)");
}

TEST_CASE("tasks without an edge between them stand below each other") {
  CHECK(drawn({node("a", 0), node("b", 0)}) == R"(
┌──────┐
│ a    │
│ type │
└──────┘
┌──────┐
│ b    │
│ type │
└──────┘)");
}

TEST_CASE("a fork goes to both, and a join comes from both") {
  CHECK(drawn({node("a", 0), node("b", 1, {0}), node("c", 1, {0}), node("d", 2, {1, 2})}) == R"(
┌──────┐     ┌──────┐       ┌──────┐
│ a    │ ┌──▶│ b    │ ┌─┬──▶│ d    │
│ type ├─┤   │ type ├─┘ │   │ type │
└──────┘ │   └──────┘   │   └──────┘
         │   ┌──────┐   │
         └──▶│ c    │   │
             │ type ├───┘
             └──────┘)");
}

TEST_CASE("an edge that passes a column goes around its boxes") {
  CHECK(drawn({node("a", 0), node("b", 1, {0}), node("c", 2, {0, 1})}) == R"(
┌──────┐     ┌──────┐       ┌──────┐
│ a    │ ┌──▶│ b    │ ┌─┬──▶│ c    │
│ type ├─┤   │ type ├─┘ │   │ type │
└──────┘ │   └──────┘   │   └──────┘
         └──────────────┘)");
}

TEST_CASE("lines that cross are not joined") {
  // b goes to d only, c to e only, and the boxes' order lets the lines cross: a lane passes over what lies across it.
  const std::string picture =
      drawn({node("a", 0), node("b", 0), node("c", 1, {1}), node("d", 1, {0}), node("e", 1, {0, 1})});
  CHECK(picture.find("┼") == std::string::npos);
  CHECK(picture == R"(
┌──────┐       ┌──────┐
│ a    │ ┌────▶│ d    │
│ type ├─┤     │ type │
└──────┘ │     └──────┘
┌──────┐ │     ┌──────┐
│ b    │ └─┬──▶│ e    │
│ type ├───┤   │ type │
└──────┘   │   └──────┘
           │   ┌──────┐
           └──▶│ c    │
               │ type │
               └──────┘)");
}

TEST_CASE("a name that is too long for the terminal is cut before the picture is given up") {
  const std::string picture = drawn({node("a_name_of_some_length", 0), node("another_long_name", 1, {0})}, 40);
  CHECK(picture.find("a_name_of_s…") != std::string::npos);
  CHECK(picture.find("┌") != std::string::npos);
}

TEST_CASE("what is wider than the terminal is told as a list") {
  std::vector<DrawnNode> nodes{node("a", 0), node("b", 1, {0}), node("c", 1, {0}), node("d", 2, {1, 2})};
  CHECK(drawn(nodes, 20) == R"(
a  type
b  type  ← a
c  type  ← a
d  type  ← b, c)");
}

TEST_CASE("wide characters take two columns, combining marks none") {
  CHECK(app::cli::columns_of("満足") == 4);
  CHECK(app::cli::columns_of("e\xCC\x81") == 1);
  CHECK(app::cli::columns_of("Größe") == 5);
  CHECK(app::cli::fitted("満足度調査", 5) == "満足…");
  CHECK(drawn({node("満足", 0), node("b", 1, {0})}) == R"(
┌──────┐     ┌──────┐
│ 満足 │ ┌──▶│ b    │
│ type ├─┘   │ type │
└──────┘     └──────┘)");
}

TEST_CASE("nothing is drawn of no tasks") { CHECK(drawn({}).empty()); }
