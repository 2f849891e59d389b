// The task graph as a picture's source: Mermaid and Graphviz.
#include <fmt/format.h>

#include "engine/graph.hpp"

namespace engine {
namespace {

// One arrow of the picture, from the trigger or from a task.
struct Arrow {
  std::string from;
  std::string to;
  std::string label;
  bool implied;  // drawn dotted: only a value goes along it
};

std::string picture_id(std::size_t task) {
  return fmt::format("t{}", task);
}  // a task's own id may be a word of the language

std::string arrow_label(std::string label, const std::optional<Condition>& when) {
  if (when) label += fmt::format("{}when {}", label.empty() ? "" : ", ", to_text(*when));
  return label;
}

void add_arrows_into(const WorkflowDefinition& definition, std::size_t index, std::vector<Arrow>& arrows) {
  const TaskDefinition& task = definition.tasks[index];
  bool has_explicit = false;
  for (const Edge& edge : task.after) has_explicit = has_explicit || !edge.implied;
  for (const Edge& edge : task.after) {
    const std::string on = edge.on == On::succeeded ? "" : fmt::format("on {}", to_string(edge.on));
    // The condition belongs to the task; said once on the arrows that the author drew, where there are any.
    const bool shows_condition = !edge.implied || !has_explicit;
    arrows.push_back(
        {picture_id(edge.from), picture_id(index), shows_condition ? arrow_label(on, task.when) : on, edge.implied});
  }
  if (task.after.empty()) {
    const std::string label = arrow_label(arrow_label("", definition.trigger.when), task.when);
    arrows.push_back({"trigger", picture_id(index), label, false});
  }
}

std::vector<Arrow> arrows_of(const WorkflowDefinition& definition) {
  std::vector<Arrow> arrows;
  for (std::size_t i = 0; i < definition.tasks.size(); ++i) add_arrows_into(definition, i, arrows);
  return arrows;
}

std::string trigger_line(const TriggerDefinition& trigger) {
  return trigger.survey.empty() ? trigger.type : fmt::format("{} · {}", trigger.type, trigger.survey);
}

std::string task_line(const TaskDefinition& task) {
  return task.account.empty() ? task.type : fmt::format("{} · {}", task.type, task.account);
}

// Empty where it is done once.
std::string list_line(const TaskDefinition& task) {
  return task.for_each ? fmt::format("for each {}", to_string(task.for_each->list)) : std::string();
}

std::string mermaid_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '"': escaped += "#quot;"; break;
      case '#': escaped += "#35;"; break;
      case '<': escaped += "#lt;"; break;
      case '>': escaped += "#gt;"; break;
      case '`': escaped += "#96;"; break;  // would start Markdown
      case '\n': escaped += ' '; break;
      default: escaped += c;
    }
  }
  return escaped;
}

std::string dot_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

}  // namespace

std::string to_mermaid(const WorkflowDefinition& definition) {
  std::string out = "flowchart LR\n";
  out += fmt::format("  trigger([\"{}\"])\n", mermaid_text(trigger_line(definition.trigger)));
  for (std::size_t i = 0; i < definition.tasks.size(); ++i) {
    const TaskDefinition& task = definition.tasks[i];
    std::string lines = fmt::format("{}<br/>{}", mermaid_text(task.id), mermaid_text(task_line(task)));
    if (task.for_each) lines += fmt::format("<br/>{}", mermaid_text(list_line(task)));
    // Doubled sides: several of the same.
    const std::string_view open = task.for_each ? "[[" : "[", close = task.for_each ? "]]" : "]";
    out += fmt::format("  {}{}\"{}\"{}\n", picture_id(i), open, lines, close);
  }
  for (const Arrow& arrow : arrows_of(definition)) {
    const std::string label = arrow.label.empty() ? "" : fmt::format("|\"{}\"|", mermaid_text(arrow.label));
    out += fmt::format("  {} {}{} {}\n", arrow.from, arrow.implied ? "-.->" : "-->", label, arrow.to);
  }
  return out;
}

std::string to_dot(const WorkflowDefinition& definition) {
  std::string out =
      fmt::format("digraph \"{}\" {{\n  rankdir=LR;\n  node [shape=box, style=rounded];\n", dot_text(definition.name));
  out += fmt::format("  trigger [label=\"{}\", shape=oval];\n", dot_text(trigger_line(definition.trigger)));
  for (std::size_t i = 0; i < definition.tasks.size(); ++i) {
    const TaskDefinition& task = definition.tasks[i];
    std::string lines = fmt::format("{}\\n{}", dot_text(task.id), dot_text(task_line(task)));
    if (task.for_each) lines += fmt::format("\\n{}", dot_text(list_line(task)));
    out += fmt::format("  {} [label=\"{}\"{}];\n", picture_id(i), lines, task.for_each ? ", peripheries=2" : "");
  }
  for (const Arrow& arrow : arrows_of(definition)) {
    out += fmt::format("  {} -> {} [label=\"{}\"{}];\n", arrow.from, arrow.to, dot_text(arrow.label),
                       arrow.implied ? ", style=dotted" : "");
  }
  return out + "}\n";
}

}  // namespace engine
