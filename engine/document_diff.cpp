#include "engine/document_diff.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/findings.hpp"
#include "base/json_reader.hpp"
#include "base/json_writer.hpp"

namespace engine {
namespace {

class Differ {
 public:
  std::vector<DocumentChange> take() { return std::move(changes_); }

  void compare(const nlohmann::json& from, const nlohmann::json& to, const std::string& at) {
    if (from == to) return;
    if (from.is_object() && to.is_object()) return compare_members(from, to, at);
    if (from.is_array() && to.is_array()) return compare_elements(from, to, at);
    changes_.push_back({"replace", at, {from.dump()}, {to.dump()}});
  }

 private:
  void compare_members(const nlohmann::json& from, const nlohmann::json& to, const std::string& at) {
    for (const auto& [name, value] : from.items()) {
      const std::string path = at + base::pointer_token(name);
      const auto there = to.find(name);
      if (there == to.end())
        changes_.push_back({"remove", path, {value.dump()}, {}});
      else
        compare(value, *there, path);
    }
    for (const auto& [name, value] : to.items()) {
      if (!from.contains(name)) changes_.push_back({"add", at + base::pointer_token(name), {}, {value.dump()}});
    }
  }

  // By position; a longer list grows at its end, a shorter one loses its last elements first.
  void compare_elements(const nlohmann::json& from, const nlohmann::json& to, const std::string& at) {
    const std::size_t both = std::min(from.size(), to.size());
    const auto path = [&](std::size_t index) { return at + "/" + std::to_string(index); };
    for (std::size_t i = 0; i < both; ++i) compare(from[i], to[i], path(i));
    for (std::size_t i = from.size(); i > both; --i)
      changes_.push_back({"remove", path(i - 1), {from[i - 1].dump()}, {}});
    for (std::size_t i = both; i < to.size(); ++i) changes_.push_back({"add", path(i), {}, {to[i].dump()}});
  }

  std::vector<DocumentChange> changes_;
};

nlohmann::json task_order(const WorkflowDefinition& definition) {
  nlohmann::json ids = nlohmann::json::array();
  for (const TaskDefinition& task : definition.tasks) ids.push_back(task.id);
  return ids;
}

nlohmann::json document_tree(const WorkflowDefinition& definition) {
  base::Result<nlohmann::json> tree = base::parse_json(definition.document.text);
  return tree ? *std::move(tree) : nlohmann::json::object();
}

}  // namespace

std::vector<DocumentChange> document_diff(const WorkflowDefinition& from, const WorkflowDefinition& to) {
  Differ differ;
  differ.compare(document_tree(from), document_tree(to), "");
  std::vector<DocumentChange> changes = differ.take();
  const nlohmann::json before = task_order(from);
  const nlohmann::json after = task_order(to);
  const bool same_tasks =
      before.size() == after.size() && std::is_permutation(before.begin(), before.end(), after.begin());
  if (same_tasks && before != after) changes.push_back({"reorder", "/tasks", {before.dump()}, {after.dump()}});
  return changes;
}

base::JsonText to_json(const std::vector<DocumentChange>& changes) {
  base::JsonWriter json;
  json.begin_array();
  for (const DocumentChange& change : changes) {
    json.begin_object();
    json.field("op", change.op);
    json.field("path", change.path);
    if (!change.from.empty()) json.field("from", change.from);
    if (!change.to.empty()) json.field("to", change.to);
    json.end_object();
  }
  json.end_array();
  return base::JsonText{json.take()};
}

}  // namespace engine
