// The whole check of a workflow's document: schema, names and edges, what the catalog knows, pipes and cycles.
#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_schema.hpp"
#include "engine/catalog.hpp"
#include "engine/definition_reader.hpp"
#include "engine/finding_codes.hpp"
#include "engine/graph.hpp"
#include "schemas/embedded.hpp"

namespace engine {
namespace {

// Where `text` occurs in a value, or nullopt.
std::optional<std::string> place_of_text(const nlohmann::json& value, const std::string& text, const std::string& at) {
  if (value.is_string()) {
    if (value.get_ref<const std::string&>().find(text) == std::string::npos) return std::nullopt;
    return at;
  }
  if (!value.is_structured()) return std::nullopt;
  for (const auto& [key, inner] : value.items()) {
    if (auto found = place_of_text(inner, text, at + base::pointer_token(key))) return found;
  }
  return std::nullopt;
}

bool refused_at(const base::Findings& findings, const std::string& pointer) {
  return std::any_of(findings.begin(), findings.end(), [&](const base::Finding& finding) {
    return finding.severity == base::Severity::error &&
           (finding.pointer == pointer || finding.pointer.starts_with(pointer + "/"));
  });
}

class DefinitionChecker {
 public:
  DefinitionChecker(const base::JsonDocument& document, const Catalog& catalog)
      : document_(document), catalog_(catalog), findings_(document.findings()) {}

  DefinitionCheck check() {
    if (!document_.readable()) return {std::nullopt, std::move(findings_)};
    append(base::JsonSchema(schemas::text_of("workflow.schema.json")).check(document_.root()));
    draft_ = read_definition(document_, findings_);
    trigger_ = catalog_.trigger(definition().trigger.type);
    check_trigger();
    for (std::size_t i = 0; i < tasks().size(); ++i) check_task(i);
    check_cycles();
    return finish();
  }

 private:
  WorkflowDefinition& definition() { return draft_.definition; }
  std::vector<TaskDefinition>& tasks() { return draft_.definition.tasks; }
  const nlohmann::json& task_document(const TaskDefinition& task) const {
    return document_.root().at("tasks").at(task.id);
  }

  void check_trigger() {
    const std::string& type = definition().trigger.type;
    if (trigger_ == nullptr && !type.empty()) {
      add(finding::unknown_trigger_type, "/trigger/type", fmt::format("there is no trigger type '{}'", type),
          suggestion(type, catalog_.trigger_names()));
    }
    if (!definition().trigger.when) return;
    for (const auto& [pipe, comparison] : pipes_of(*definition().trigger.when)) {
      if (pipe.scheme == "task") {
        add(finding::task_pipe_in_trigger, comparison + "/value",
            fmt::format("{} has no value yet when the trigger decides", to_string(pipe)),
            "move the condition to a task's when");
      } else if (std::string wrong = wrong_for_trigger(pipe); !wrong.empty()) {
        add(finding::pipe_unknown, comparison + "/value", std::move(wrong), "");
      }
    }
  }

  void check_task(std::size_t index) {
    TaskDefinition& task = tasks()[index];
    check_condition_pipes(index);
    check_for_each(index);
    if (task.type.empty()) return;
    TaskType* type = catalog_.task(task.type);
    if (type == nullptr) {
      add(finding::unknown_task_type, task.pointer() + "/type", fmt::format("there is no task type '{}'", task.type),
          suggestion(task.type, catalog_.task_names()));
      return;
    }
    check_account(task, *type);
    check_with(index, *type);
  }

  void check_account(const TaskDefinition& task, const TaskType& type) {
    const bool named = task_document(task).contains("account");
    if (!type.extension().empty() && !named) {
      add(finding::account_missing, task.pointer(), fmt::format("{} names no account", task.id),
          fmt::format("{} runs on a linked account: add \"account\" with the alias of one", task.type));
    } else if (type.extension().empty() && named) {
      add(finding::account_not_used, task.pointer() + "/account", fmt::format("{} uses no account", task.type),
          "leave it out");
    }
  }

  void check_with(std::size_t index, const TaskType& type) {
    const TaskDefinition& task = tasks()[index];
    const std::string at = task.pointer() + "/with";
    if (refused_at(findings_, at)) return;
    const nlohmann::json with = nlohmann::json::parse(task.with.text);
    append(schema_of(type).check(with, at));
    if (refused_at(findings_, at)) return;
    const CheckContext context{tasks(), [this, index](const Pipe& pipe) { return wrong_for_task(pipe, index); }};
    append(type.check(task, context));
    for (const Pipe& pipe : type.pipes(task)) {
      if (!wrong_for_task(pipe, index).empty()) continue;  // its finding comes from the type, which knows the place
      if (waits_for(index, pipe)) continue;
      add_implied_edge(index, pipe, place_of_text(with, to_string(pipe), at).value_or(at));
    }
    check_item_is_used(task, type);
    check_on_unclear(task, type);
  }

  void check_item_is_used(const TaskDefinition& task, const TaskType& type) {
    if (!task.for_each) return;
    const std::vector<Pipe> pipes = type.pipes(task);
    if (std::any_of(pipes.begin(), pipes.end(), [](const Pipe& pipe) { return pipe.scheme == "item"; })) return;
    add(finding::item_not_used, task.pointer() + "/with",
        fmt::format("nothing in it looks at the item, so {} does the same for each of them", task.id),
        "a pipe such as ${item://value} or ${item://number}", base::Severity::warning);
  }

  void check_on_unclear(const TaskDefinition& task, const TaskType& type) {
    if (!task_document(task).contains("on_unclear")) return;
    const std::optional<Effect> effect = type.effect(task);
    if (effect == Effect::author_decides) return;
    add(finding::on_unclear_not_used, task.pointer() + "/on_unclear",
        effect ? fmt::format("{} can be repeated without harm, so there is nothing to decide", task.id)
               : fmt::format("{} writes nothing, so there is nothing to decide", task.id),
        "leave it out", base::Severity::warning);
  }

  void check_condition_pipes(std::size_t index) {
    if (!tasks()[index].when) return;
    for (const auto& [pipe, comparison] : pipes_of(*tasks()[index].when)) {
      const std::string at = comparison + "/value";
      if (std::string wrong = wrong_for_task(pipe, index); !wrong.empty()) {
        add(finding::pipe_unknown, at, std::move(wrong), "");
      } else if (!waits_for(index, pipe)) {
        add_implied_edge(index, pipe, at);
      }
    }
  }

  void check_for_each(std::size_t index) {
    const TaskDefinition& task = tasks()[index];
    if (!task.for_each) return;
    const bool is_short = task_document(task).at("for_each").is_string();
    const std::string at = task.pointer() + (is_short ? "/for_each" : "/for_each/value");
    const Pipe& list = task.for_each->list;
    if (std::string wrong = list.scheme == "item" ? no_item_here(list) : wrong_for_list(list, index); !wrong.empty()) {
      add(finding::pipe_unknown, at, std::move(wrong), "");
      return;
    }
    if (!waits_for(index, list)) add_implied_edge(index, list, at);
    check_is_list(list, at);
  }

  // Lists of tasks have a finding of their own, which says how to get one.
  std::string wrong_for_list(const Pipe& list, std::size_t index) {
    if (list.scheme != "task") return wrong_for_task(list, index);
    return wrong_for_task_id(list, index);
  }

  void check_is_list(const Pipe& list, const std::string& at) {
    const std::optional<TaskOutput> output = output_behind(list);
    if (!output || list_in(*output, list)) return;
    const std::string_view task = task_of(list);
    add(finding::for_each_not_a_list, at, fmt::format("{} is no list", to_string(list)),
        output->lists.empty() ? output->way_to_a_list
                              : fmt::format("'{}' gives ${{task://{}/{}}}", task, task, output->lists.front().member));
  }

  static std::string_view member_of_output(const Pipe& pipe) {
    const std::size_t slash = pipe.path.find('/');
    return slash == std::string::npos ? std::string_view{} : std::string_view(pipe.path).substr(slash + 1);
  }

  static const OutputList* list_in(const TaskOutput& output, const Pipe& pipe) {
    const std::string_view member = member_of_output(pipe);
    const auto found = std::find_if(output.lists.begin(), output.lists.end(),
                                    [&](const OutputList& list) { return list.member == member; });
    return found == output.lists.end() ? nullptr : &*found;
  }

  // Of the task that a task:// pipe looks into; nullopt where that is not known beforehand.
  std::optional<TaskOutput> output_behind(const Pipe& pipe) const {
    const std::optional<std::size_t> from = draft_.definition.index_of(task_of(pipe));
    if (!from) return std::nullopt;
    const TaskDefinition& task = draft_.definition.tasks[*from];
    if (task.for_each) {
      return TaskOutput{.lists = {{"ids", {"value"}}}, .members = {"count", "left_out", "ids"}, .way_to_a_list = {}};
    }
    const TaskType* type = catalog_.task(task.type);
    if (type == nullptr || !base::JsonSchema(type->schema()).check(nlohmann::json::parse(task.with.text)).empty())
      return std::nullopt;
    return type->output(task);
  }

  static std::string no_item_here(const Pipe& pipe) {
    return fmt::format("{} has no item to look into here · it stands in a task with for_each, in its with or when",
                       to_string(pipe));
  }

  std::vector<std::string> item_members_of(const Pipe& list) const {
    if (list.scheme != "task") return trigger_ == nullptr ? std::vector<std::string>{} : trigger_->item_members(list);
    const std::optional<TaskOutput> output = output_behind(list);
    const OutputList* found = output ? list_in(*output, list) : nullptr;
    return found ? found->item_members : std::vector<std::string>{};
  }

  // What an item has is known of some lists only.
  std::string wrong_for_item(const Pipe& pipe, const TaskDefinition& task) const {
    if (!task.for_each) return no_item_here(pipe);
    const Pipe& list = task.for_each->list;
    std::vector<std::string> known = item_members_of(list);
    if (known.empty()) return "";
    known.emplace_back("number");
    const std::string member = pipe.path.substr(0, pipe.path.find('?'));
    if (std::find(known.begin(), known.end(), member) != known.end()) return "";
    if (list.scheme != "task") {
      const auto wrong = trigger_->what_is_wrong_in_item(list, pipe.path, draft_.definition.trigger);
      if (wrong) return *wrong;
    }
    return fmt::format("an item of {} has no '{}' · {}", to_string(task.for_each->list), member,
                       suggestion(member, known));
  }

  // "" when the pipe means something in this task.
  std::string wrong_for_task(const Pipe& pipe, std::size_t index) const {
    if (pipe.scheme == "item") return wrong_for_item(pipe, draft_.definition.tasks[index]);
    if (pipe.scheme != "task") return wrong_for_trigger(pipe);
    if (std::string wrong = wrong_for_task_id(pipe, index); !wrong.empty()) return wrong;
    return wrong_for_output(pipe);
  }

  std::string wrong_for_task_id(const Pipe& pipe, std::size_t index) const {
    const std::optional<std::size_t> from = draft_.definition.index_of(task_of(pipe));
    if (from == index) return fmt::format("{} looks into the task's own output", to_string(pipe));
    if (from) return "";
    return fmt::format("there is no task '{}' · {}", task_of(pipe), suggestion(task_of(pipe), task_ids()));
  }

  // A pipe into what the task is known not to give would be blank for ever.
  std::string wrong_for_output(const Pipe& pipe) const {
    const std::optional<TaskOutput> output = output_behind(pipe);
    const std::string_view path = member_of_output(pipe);
    if (!output || output->members.empty() || path.empty()) return "";
    const std::string member(path.substr(0, path.find_first_of("/?")));
    if (std::find(output->members.begin(), output->members.end(), member) != output->members.end()) return "";
    return fmt::format("the output of '{}' has no '{}' · {}", task_of(pipe), member,
                       suggestion(member, output->members));
  }

  std::string wrong_for_trigger(const Pipe& pipe) const {
    if (pipe.scheme == "item") return no_item_here(pipe);
    return trigger_ == nullptr ? std::string() : trigger_->what_is_wrong_with(pipe, draft_.definition.trigger);
  }

  std::vector<std::string> task_ids() const {
    std::vector<std::string> ids;
    for (const TaskDefinition& task : draft_.definition.tasks) ids.push_back(task.id);
    return ids;
  }

  // Also true of a pipe that needs no edge. An edge that the author drew stands as it is drawn, whatever its `on`.
  bool waits_for(std::size_t index, const Pipe& pipe) const {
    if (pipe.scheme != "task") return true;
    const std::vector<Edge>& after = draft_.definition.tasks[index].after;
    const std::optional<std::size_t> from = draft_.definition.index_of(task_of(pipe));
    return std::any_of(after.begin(), after.end(), [&](const Edge& edge) { return edge.from == from; });
  }

  void add_implied_edge(std::size_t index, const Pipe& pipe, const std::string& at) {
    const std::size_t from = *definition().index_of(task_of(pipe));
    tasks()[index].after.push_back({.from = from, .on = On::succeeded, .implied = true});
    draft_.edge_places[index].push_back(at);
  }

  // Every cycle once: the edge that is blamed for one is taken out before the next is looked for.
  void check_cycles() {
    std::vector<TaskDefinition> rest = tasks();
    std::vector<std::vector<std::string>> places = draft_.edge_places;
    for (std::vector<std::size_t> cycle = find_cycle(rest); !cycle.empty(); cycle = find_cycle(rest)) {
      const auto [task, edge] = edge_to_blame(rest, cycle);
      add(finding::cycle, places[task][edge], sentence_of(cycle), "take one of these edges out");
      rest[task].after.erase(rest[task].after.begin() + static_cast<std::ptrdiff_t>(edge));
      places[task].erase(places[task].begin() + static_cast<std::ptrdiff_t>(edge));
    }
  }

  // Rather one that was drawn than one that a pipe made.
  static std::pair<std::size_t, std::size_t> edge_to_blame(const std::vector<TaskDefinition>& tasks,
                                                           const std::vector<std::size_t>& cycle) {
    std::pair<std::size_t, std::size_t> blamed;
    for (std::size_t i = cycle.size(); i-- > 0;) {
      const std::vector<Edge>& after = tasks[cycle[i]].after;
      const std::size_t next = cycle[(i + 1) % cycle.size()];
      const auto edge =
          std::find_if(after.begin(), after.end(), [&](const Edge& candidate) { return candidate.from == next; });
      blamed = {cycle[i], static_cast<std::size_t>(edge - after.begin())};
      if (!edge->implied) return blamed;
    }
    return blamed;
  }

  std::string sentence_of(const std::vector<std::size_t>& cycle) {
    std::string sentence;
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      const std::string_view joint = i == 0 ? "" : i + 1 == cycle.size() ? ", and " : ", ";
      sentence +=
          fmt::format("{}{} waits for {}", joint, tasks()[cycle[i]].id, tasks()[cycle[(i + 1) % cycle.size()]].id);
    }
    return sentence;
  }

  const base::JsonSchema& schema_of(const TaskType& type) {
    const auto found = schemas_.find(type.name());
    if (found != schemas_.end()) return found->second;
    return schemas_.emplace(type.name(), base::JsonSchema(type.schema())).first->second;
  }

  void append(base::Findings more) { std::move(more.begin(), more.end(), std::back_inserter(findings_)); }

  void add(const char* code, std::string at, std::string message, std::string hint,
           base::Severity severity = base::Severity::error) {
    if (findings_.size() >= finding::findings_max) return;
    findings_.push_back({.code = code,
                         .pointer = std::move(at),
                         .message = std::move(message),
                         .hint = std::move(hint),
                         .severity = severity});
  }

  DefinitionCheck finish() {
    // An error of its own: those that came first may be warnings, and what was left out may not.
    if (findings_.size() >= finding::findings_max) {
      findings_.push_back({.code = finding::too_many_findings,
                           .pointer = "",
                           .message = "there are more faults than are shown",
                           .hint = "put these right and check again"});
    }
    document_.locate(findings_);
    std::stable_sort(findings_.begin(), findings_.end(), [](const base::Finding& a, const base::Finding& b) {
      return std::tie(a.line, a.column, a.pointer) < std::tie(b.line, b.column, b.pointer);
    });
    DefinitionCheck result{std::nullopt, std::move(findings_)};
    if (!base::has_errors(result.findings)) result.definition = std::move(draft_.definition);
    return result;
  }

  const base::JsonDocument& document_;
  const Catalog& catalog_;
  base::Findings findings_;
  DefinitionDraft draft_;
  TriggerType* trigger_ = nullptr;
  std::map<std::string_view, base::JsonSchema> schemas_;
};

}  // namespace

DefinitionCheck check_definition(const base::JsonDocument& document, const Catalog& catalog) {
  return DefinitionChecker(document, catalog).check();
}

}  // namespace engine
