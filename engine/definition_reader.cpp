#include "engine/definition_reader.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/crypto.hpp"
#include "base/json_writer.hpp"
#include "engine/finding_codes.hpp"

namespace engine {
namespace {

const nlohmann::json* document_member(const nlohmann::json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

std::string text_member(const nlohmann::json& object, std::string_view name) {
  const nlohmann::json* text = document_member(object, name);
  return text != nullptr && text->is_string() ? text->get<std::string>() : "";
}

// The tree sorts its keys; the places of the tasks in the file still know their order.
std::vector<std::string> task_ids_in_order(const base::JsonDocument& document) {
  base::Findings places;
  if (const nlohmann::json* tasks = document_member(document.root(), "tasks"); tasks != nullptr && tasks->is_object()) {
    for (const auto& [id, task] : tasks->items())
      places.push_back({.code = id, .pointer = "/tasks" + base::pointer_token(id), .message = ""});
  }
  document.locate(places);
  std::stable_sort(places.begin(), places.end(), [](const base::Finding& a, const base::Finding& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  std::vector<std::string> ids;
  for (base::Finding& place : places) ids.push_back(std::move(place.code));
  return ids;
}

// Runs are stored with the indices of their tasks, so their order belongs to the version; no other order does.
base::JsonText canonical_document(const nlohmann::json& root, const std::vector<std::string>& task_ids) {
  base::JsonWriter out;
  out.begin_object();
  for (const auto& [key, value] : root.items()) {
    out.key(key);
    if (key != "tasks" || !value.is_object()) {
      out.raw(value.dump());
      continue;
    }
    out.begin_object();
    for (const std::string& id : task_ids) {
      out.key(id);
      out.raw(value.at(id).dump());
    }
    out.end_object();
  }
  out.end_object();
  return {out.take()};
}

bool is_name(std::string_view text) {
  constexpr std::size_t length_max = 64;
  return !text.empty() && text.size() <= length_max && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::optional<On> on_from(std::string_view text) {
  for (const On on : {On::succeeded, On::failed, On::finished}) {
    if (to_string(on) == text) return on;
  }
  return std::nullopt;
}

class DefinitionReader {
 public:
  DefinitionReader(const base::JsonDocument& document, base::Findings& findings)
      : document_(document), findings_(findings) {}

  DefinitionDraft read() {
    const nlohmann::json& root = document_.root();
    ids_ = task_ids_in_order(document_);
    draft_.definition.name = text_member(root, "name");
    draft_.definition.document = canonical_document(root, ids_);
    draft_.definition.fingerprint = base::to_hex(base::sha256(draft_.definition.document.text));
    if (const nlohmann::json* trigger = document_member(root, "trigger")) read_trigger(*trigger);
    if (ids_.size() > tasks_max) {
      add(finding::too_many_tasks, "/tasks", fmt::format("there are {} tasks", ids_.size()),
          fmt::format("a workflow has at most {}; split it", tasks_max));
      return std::move(draft_);
    }
    for (const std::string& id : ids_) draft_.definition.tasks.push_back(read_task(id, root.at("tasks").at(id)));
    for (TaskDefinition& task : draft_.definition.tasks) draft_.edge_places.push_back(read_edges(task));
    return std::move(draft_);
  }

 private:
  void read_trigger(const nlohmann::json& trigger) {
    draft_.definition.trigger.type = text_member(trigger, "type");
    draft_.definition.trigger.survey = text_member(trigger, "survey");
    if (const nlohmann::json* when = document_member(trigger, "when")) {
      draft_.definition.trigger.when = read_condition(*when, "/trigger/when", findings_);
    }
  }

  TaskDefinition read_task(const std::string& id, const nlohmann::json& document) {
    TaskDefinition task{.id = id, .type = text_member(document, "type"), .account = text_member(document, "account")};
    const std::string at = task.pointer();
    check_name(id, at, "task's id");
    if (document_member(document, "account") != nullptr) check_account(document, task, at + "/account");
    if (const nlohmann::json* when = document_member(document, "when"))
      task.when = read_condition(*when, at + "/when", findings_);
    if (const nlohmann::json* retry = document_member(document, "retry"))
      task.retry = read_retry(*retry, at + "/retry");
    if (text_member(document, "on_failure") == "stop") task.on_failure = OnFailure::stop;
    if (text_member(document, "on_unclear") == "retry") task.on_unclear = OnUnclear::retry;
    if (const nlohmann::json* for_each = document_member(document, "for_each"))
      task.for_each = read_for_each(*for_each, at + "/for_each");
    const nlohmann::json* with = document_member(document, "with");
    task.with.text = with != nullptr ? with->dump() : "{}";
    return task;
  }

  void check_account(const nlohmann::json& document, const TaskDefinition& task, const std::string& at) {
    if (document.at("account").is_string()) check_name(task.account, at, "account's alias");
  }

  void check_name(std::string_view name, const std::string& at, std::string_view what) {
    if (is_name(name)) return;
    add(finding::name_invalid, at, fmt::format("'{}' cannot be a {}", name, what),
        "letters, digits, - and _, at most 64 of them");
  }

  RetryPolicy read_retry(const nlohmann::json& document, const std::string& at) {
    RetryPolicy retry;
    if (const nlohmann::json* attempts = document_member(document, "attempts");
        attempts != nullptr && attempts->is_number_integer()) {
      retry.attempts = static_cast<int>(std::clamp<std::int64_t>(attempts->get<std::int64_t>(), 0, 1'000'000));
    }
    if (const nlohmann::json* factor = document_member(document, "factor"); factor != nullptr && factor->is_number()) {
      retry.factor = factor->get<double>();
    }
    read_duration(document, "first_delay", at, retry.first_delay);
    read_duration(document, "max_delay", at, retry.delay_max);
    read_duration(document, "within", at, retry.within);
    if (retry.first_delay > retry.delay_max) {
      add(finding::retry_delays_crossed, at, "the first delay is longer than the longest one",
          "make max_delay at least as long as first_delay; it is 10m unless said otherwise");
    }
    return retry;
  }

  // As a text, or with options.
  std::optional<ForEach> read_for_each(const nlohmann::json& document, std::string at) {
    ForEach each;
    if (const nlohmann::json* most = document_member(document, "max"); most != nullptr && most->is_number_integer())
      each.items_max = static_cast<int>(std::clamp<std::int64_t>(most->get<std::int64_t>(), 1, 1000));
    if (document.is_object()) at += "/value";
    const std::string text = document.is_string() ? document.get<std::string>() : text_member(document, "value");
    if (text.empty()) return std::nullopt;  // the schema has said so
    const base::Result<PipedText> list = parse_piped_text(text);
    if (list && list->is_one_pipe()) {
      each.list = std::get<Pipe>(list->parts.front());
      return each;
    }
    add(finding::for_each_not_a_list, at, list ? fmt::format("'{}' is not one pipe", text) : list.error().message,
        "a pipe that finds a list, such as ${q://QID5/Rows} or ${task://TASK/ids}");
    return std::nullopt;
  }

  void read_duration(const nlohmann::json& document, const std::string& name, const std::string& at,
                     base::Duration& duration) {
    const nlohmann::json* text = document_member(document, name);
    if (text == nullptr || !text->is_string()) return;
    const base::Result<base::Duration> read = base::parse_duration(text->get_ref<const std::string&>());
    if (read) {
      duration = *read;
    } else {
      add(finding::duration_invalid, at + "/" + name,
          fmt::format("'{}' is not a span of time", text->get<std::string>()),
          "a number and ms, s, m, h or d, such as 30s or 24h");
    }
  }

  // Gives the place of each edge that was read.
  std::vector<std::string> read_edges(TaskDefinition& task) {
    std::vector<std::string> places;
    const nlohmann::json* after = document_member(document_.root().at("tasks").at(task.id), "after");
    if (after == nullptr || !after->is_array()) return places;
    for (std::size_t i = 0; i < after->size(); ++i) {
      const std::string at = fmt::format("{}/after/{}", task.pointer(), i);
      if (read_edge((*after)[i], at, task)) places.push_back(at);
    }
    return places;
  }

  bool read_edge(const nlohmann::json& document, const std::string& at, TaskDefinition& task) {
    const bool short_form = document.is_string();
    const std::string id = short_form ? document.get<std::string>() : text_member(document, "task");
    const nlohmann::json* on_text = document_member(document, "on");
    const std::optional<On> on = on_text == nullptr ? On::succeeded : on_from(text_member(document, "on"));
    if ((!short_form && document_member(document, "task") == nullptr) || !on) return false;

    const std::string id_at = short_form ? at : at + "/task";
    const std::optional<std::size_t> from = draft_.definition.index_of(id);
    if (!from) {
      add(finding::unknown_task, id_at, fmt::format("there is no task '{}'", id), suggestion(id, ids_));
      return false;
    }
    if (id == task.id) {
      add(finding::task_waits_for_itself, id_at, fmt::format("{} waits for itself", id),
          "name another task, or leave it out");
      return false;
    }
    if (std::any_of(task.after.begin(), task.after.end(), [&](const Edge& edge) { return edge.from == *from; })) {
      add(finding::duplicate_edge, at, fmt::format("{} waits for {} twice", task.id, id), "keep one of the two");
      return false;
    }
    task.after.push_back({.from = *from, .on = *on});
    return true;
  }

  void add(const char* code, std::string at, std::string message, std::string hint) {
    if (findings_.size() >= finding::findings_max) return;
    findings_.push_back(
        {.code = code, .pointer = std::move(at), .message = std::move(message), .hint = std::move(hint)});
  }

  const base::JsonDocument& document_;
  base::Findings& findings_;
  std::vector<std::string> ids_;
  DefinitionDraft draft_;
};

}  // namespace

std::string suggestion(std::string_view wrong, const std::vector<std::string>& names) {
  const std::string meant = base::nearest(wrong, names);
  if (!meant.empty()) return fmt::format("did you mean '{}'?", meant);
  constexpr std::size_t shown_max = 12;
  const auto shown_end = names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), shown_max));
  return fmt::format("known: {}{}", fmt::join(names.begin(), shown_end, ", "), names.size() > shown_max ? ", …" : "");
}

DefinitionDraft read_definition(const base::JsonDocument& document, base::Findings& findings) {
  return DefinitionReader(document, findings).read();
}

}  // namespace engine
