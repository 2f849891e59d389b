#include "engine/graph.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace {

using engine::Edge;
using engine::On;

// Task i waits for those in waits_for[i].
std::vector<engine::TaskDefinition> graph_of(const std::vector<std::vector<std::size_t>>& waits_for) {
  std::vector<engine::TaskDefinition> tasks;
  for (std::size_t i = 0; i < waits_for.size(); ++i) {
    tasks.push_back({.id = fmt::format("t{}", i), .type = "note"});
    for (const std::size_t from : waits_for[i]) tasks.back().after.push_back({.from = from});
  }
  return tasks;
}

using Indices = std::vector<std::size_t>;

engine::WorkflowDefinition drawn_workflow() {
  engine::WorkflowDefinition definition{.name = "say \"hi\"",
                                        .fingerprint = "",
                                        .document = {},
                                        .trigger = {.type = "survey_response", .survey = "SV_1"},
                                        .tasks = {}};
  definition.tasks.push_back({.id = "contact", .type = "salesforce_find", .account = "crm"});
  definition.tasks.push_back({.id = "end", .type = "note", .after = {{.from = 0, .on = On::failed}}});
  definition.tasks.push_back({.id = "alarm", .type = "post", .after = {{.from = 1}, {.from = 0, .implied = true}}});
  base::Findings findings;
  definition.tasks[2].when =
      engine::read_condition(nlohmann::json{{"value", "${q://Q#1/x}"}, {"equals", "<b>"}}, "/when", findings);
  return definition;
}

}  // namespace

TEST_CASE("a cycle is named task by task") {
  struct Case {
    std::vector<Indices> waits_for;
    Indices cycle;
  };
  const Case cases[] = {
      {{}, {}},
      {{{}}, {}},
      {{{}, {0}, {0}, {1, 2}}, {}},
      {{{0}}, {0}},
      {{{1}, {0}}, {0, 1}},
      {{{1}, {2}, {0}}, {0, 1, 2}},
      {{{}, {0, 2}, {1}}, {1, 2}},
      {{{1}, {2}, {1}}, {1, 2}},       // the first only leads into it
      {{{1}, {0}, {3}, {2}}, {0, 1}},  // the first of two
      {{{}, {0}, {1, 4}, {2}, {3}}, {2, 4, 3}},
  };
  for (const Case& example : cases) CHECK(engine::find_cycle(graph_of(example.waits_for)) == example.cycle);
}

TEST_CASE("a task stands one column right of the last it waits for") {
  struct Case {
    std::vector<Indices> waits_for;
    Indices columns;
  };
  const Case cases[] = {
      {{}, {}},
      {{{}, {}, {}}, {0, 0, 0}},
      {{{}, {0}, {0}, {1, 2}}, {0, 1, 1, 2}},
      {{{1}, {2}, {}}, {2, 1, 0}},
      {{{}, {0}, {0, 1}}, {0, 1, 2}},
      {{{}, {2}, {1}}, {0, 0, 0}},
  };
  for (const Case& example : cases) CHECK(engine::columns(graph_of(example.waits_for)) == example.columns);
}

TEST_CASE("a long chain is walked without recursion") {
  std::vector<Indices> chain(5'000);
  for (std::size_t i = 1; i < chain.size(); ++i) chain[i] = {i - 1};
  CHECK(engine::columns(graph_of(chain)).back() == chain.size() - 1);
  chain[0] = {chain.size() - 1};
  CHECK(engine::find_cycle(graph_of(chain)).size() == chain.size());
}

TEST_CASE("the graph in Mermaid's words") {
  CHECK(engine::to_mermaid(drawn_workflow()) ==
        "flowchart LR\n"
        "  trigger([\"survey_response · SV_1\"])\n"
        "  t0[\"contact<br/>salesforce_find · crm\"]\n"
        "  t1[\"end<br/>note\"]\n"
        "  t2[\"alarm<br/>post\"]\n"
        "  trigger --> t0\n"
        "  t0 -->|\"on failed\"| t1\n"
        "  t1 -->|\"when ${q://Q#35;1/x} equals #quot;#lt;b#gt;#quot;\"| t2\n"
        "  t0 -.-> t2\n");
}

TEST_CASE("the graph in Graphviz's words") {
  CHECK(engine::to_dot(drawn_workflow()) ==
        "digraph \"say \\\"hi\\\"\" {\n"
        "  rankdir=LR;\n"
        "  node [shape=box, style=rounded];\n"
        "  trigger [label=\"survey_response · SV_1\", shape=oval];\n"
        "  t0 [label=\"contact\\nsalesforce_find · crm\"];\n"
        "  t1 [label=\"end\\nnote\"];\n"
        "  t2 [label=\"alarm\\npost\"];\n"
        "  trigger -> t0 [label=\"\"];\n"
        "  t0 -> t1 [label=\"on failed\"];\n"
        "  t1 -> t2 [label=\"when ${q://Q#1/x} equals \\\"<b>\\\"\"];\n"
        "  t0 -> t2 [label=\"\", style=dotted];\n"
        "}\n");
}

TEST_CASE("a task with a list is drawn as several, and says of what") {
  engine::WorkflowDefinition definition = drawn_workflow();
  definition.tasks[1].for_each = engine::ForEach{.list = {"q", "QID5/Rows"}};
  const std::string mermaid = engine::to_mermaid(definition);
  CHECK(mermaid.find("  t1[[\"end<br/>note<br/>for each ${q://QID5/Rows}\"]]\n") != std::string::npos);
  CHECK(mermaid.find("  t2[\"alarm<br/>post\"]\n") != std::string::npos);
  const std::string dot = engine::to_dot(definition);
  CHECK(dot.find("  t1 [label=\"end\\nnote\\nfor each ${q://QID5/Rows}\", peripheries=2];\n") != std::string::npos);
  CHECK(dot.find("  t2 [label=\"alarm\\npost\"];\n") != std::string::npos);
}
