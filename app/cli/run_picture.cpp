#include "app/cli/run_picture.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/graph_drawing.hpp"
#include "app/cli/run_words.hpp"
#include "app/cli/terminal_text.hpp"
#include "app/cli/wrapped_text.hpp"

namespace app::cli {
namespace {

std::string short_type(const std::string& type) {
  constexpr std::string_view common = "salesforce_";
  return type.starts_with(common) ? type.substr(common.size()) : type;
}

class Picture {
 public:
  Picture(const Tree& run, const PictureOptions& options)
      : run_(run), width_(options.width), paint_(options.has_colour) {}

  std::string draw() {
    draw_head();
    draw_graph_of_tasks();
    for (const Tree& task : member(run_, "tasks")) draw_task(task);
    draw_history();
    return std::move(out_);
  }

 private:
  static constexpr std::size_t label_width = 10;

  void line(std::string text = "") {
    text.resize(text.find_last_not_of(' ') + 1);
    out_ += text + "\n";
  }

  // `  label     text`, wrapped between words; what follows stands below the text.
  void entry(std::size_t indent, std::string_view label, std::string_view text, Ink ink = Ink::plain) {
    if (text.empty()) return;
    const std::size_t left = indent + label_width;
    std::string head = std::string(indent, ' ') + paint_(Ink::dim, padded(label, label_width - 1)) + " ";
    for (const std::string& part : wrapped(text, width_ > left + 20 ? width_ - left : 20)) {
      line(head + paint_(ink, part));
      head = std::string(left, ' ');
    }
  }

  void json_entry(std::size_t indent, std::string_view label, const Tree& json) {
    if (json.is_null()) return;
    const std::size_t left = indent + label_width;
    std::string head = std::string(indent, ' ') + paint_(Ink::dim, padded(label, label_width - 1)) + " ";
    for (const std::string& part : json_lines(json, width_ > left + 20 ? width_ - left : 20)) {
      line(head + part);
      head = std::string(left, ' ');
    }
  }

  void draw_head() {
    const std::string state = text_in(run_, "state");
    const Tree& workflow = member(run_, "workflow");
    const std::string code = text_in(run_, "code");
    line(paint_(ink_of_state(state), fmt::format("{} {}", mark_of_state(state), state)) +
         (code.empty() ? "" : paint_(ink_of_state(state), " · " + code)) + "  " +
         paint_(Ink::bold, text_in(workflow, "name")) + fmt::format(" · version {}", text_in(workflow, "version")));
    line();
    entry(2, "run", text_in(run_, "id"));
    const std::string replay = text_in(run_, "replay");
    if (replay != "0") entry(2, "replay", fmt::format("{}, of {}", replay, text_in(run_, "replay_of")));
    if (const Tree& parent = member(run_, "parent"); parent.is_object())
      entry(2, "item",
            fmt::format("{} of '{}' of {}", text_in(parent, "item"), text_in(parent, "task"), text_in(parent, "run")));
    const Tree& event = member(run_, "event");
    entry(2, "event", fmt::format("{}  (key {})", text_in(event, "id"), text_in(event, "dedup_key")));
    entry(2, "received", received());
    if (run_.contains("due_at")) entry(2, "goes on", day_and_time(text_in(run_, "due_at")), Ink::cyan);
    if (const std::string items = items_in_words(member(run_, "items")); !items.empty())
      entry(2, "items", items, ink_of_state(state));
    entry(2, "project", text_in(run_, "project"));
    const std::string owner = text_in(run_, "owner"), creator = text_in(run_, "creator");
    entry(2, "owner", owner == creator ? owner + "  (also the workflow's creator)" : owner);
    if (owner != creator) entry(2, "creator", creator);
    line();
  }

  std::string received() const {
    const std::string at = text_in(run_, "received_at"), ended = text_in(run_, "ended_at");
    return day_and_time(at) + (ended.empty() ? "" : "  ·  ended after " + span_between(at, ended));
  }

  void draw_graph_of_tasks() {
    std::vector<DrawnNode> nodes;
    std::map<std::string, std::size_t> index;
    for (const Tree& task : member(run_, "tasks")) index.emplace(text_in(task, "id"), index.size());
    for (const Tree& task : member(run_, "tasks")) nodes.push_back(node_of(task, index));
    for (const std::string& row : draw_graph(nodes, width_ > 4 ? width_ - 4 : width_, paint_)) line("  " + row);
    line();
  }

  // `× 8  ✓ 5  ! 3`, or before it is spread `× each`.
  static std::string list_in_box(const Tree& list) {
    const std::size_t all = member(list, "children").size();
    std::string line = all == 0 ? "× each" : fmt::format("× {}", all);
    for (const char* state : {"succeeded", "failed", "cancelled", "held", "running", "queued"}) {
      if (list.contains(state)) line += fmt::format("  {} {}", mark_of_state(state), text_in(list, state));
    }
    return line;
  }

  static DrawnNode node_of(const Tree& task, const std::map<std::string, std::size_t>& index) {
    DrawnNode node;
    const std::string state = text_in(task, "state");
    node.name = text_in(task, "id");
    node.ink = ink_of_state(state);
    node.column = member(task, "column").is_number_unsigned() ? member(task, "column").get<std::size_t>() : 0;
    const std::string alias = text_in(member(task, "account"), "alias");
    node.lines = {fmt::format("{} {}", mark_of_state(state), node.name),
                  short_type(text_in(task, "type")) + (alias.empty() ? "" : " · " + alias)};
    if (const Tree& list = member(task, "for_each"); list.is_object()) node.lines.push_back(list_in_box(list));
    std::map<std::string, std::string> wishes;
    for (const Tree& edge : member(task, "after")) {
      const std::string from = text_in(edge, "task"), on = text_in(edge, "on");
      if (auto at = index.find(from); at != index.end()) {
        if (std::find(node.after.begin(), node.after.end(), at->second) == node.after.end())
          node.after.push_back(at->second);
      }
      if (on != "succeeded") wishes[on] += (wishes[on].empty() ? "" : ", ") + from;
    }
    for (const auto& [on, from] : wishes) node.lines.push_back(fmt::format("on {}: {}", on, from));
    return node;
  }

  void draw_task(const Tree& task) {
    const std::string state = text_in(task, "state");
    const Ink ink = ink_of_state(state);
    const Tree& account = member(task, "account");
    const std::string alias = text_in(account, "alias");
    std::string head = paint_(ink, fmt::format("{} {}", mark_of_state(state), text_in(task, "id"))) + "  " +
                       paint_(ink, state) + "  " + text_in(task, "type");
    if (!alias.empty()) head += paint_(Ink::dim, " on ") + alias;
    if (const std::string span = span_between(text_in(task, "started_at"), text_in(task, "ended_at"));
        !span.empty() && !member(task, "attempts").empty())
      head += paint_(Ink::dim, "  " + span);
    line(head);
    const bool is_held = task.contains("held");
    if (const std::string code = text_in(task, "code"); !code.empty() && !is_held)
      entry(4, state == "skipped" ? "because" : "code", code, ink);
    if (state == "skipped") entry(4, "", text_in(task, "message"));
    if (is_set(task, "unsure"))
      entry(4, "unsure", "an attempt's answer was lost: whether it was carried out is not known", Ink::yellow);
    if (task.contains("due_at")) entry(4, "goes on", day_and_time(text_in(task, "due_at")), Ink::cyan);
    const Tree* earlier = nullptr;
    for (const Tree& attempt : member(task, "attempts")) {
      draw_attempt(attempt, earlier, account, text_in(task, "effect"));
      earlier = &attempt;
    }
    if (is_held) draw_hold(member(task, "held"));
    for (const Tree& note : member(task, "notes")) {
      const std::string field = text_in(note, "field");
      entry(4, "note", (field.empty() ? "" : field + ": ") + text_in(note, "message"), Ink::yellow);
    }
    draw_children(member(task, "for_each"));
    json_entry(4, "output", member(task, "output"));
    const Tree& record = member(task, "record");
    if (record.is_object())
      entry(4, "record", record.contains("url") ? text_in(record, "url") : text_in(record, "id"), Ink::bold);
    line();
  }

  // One line, and below it the items that need a look, or all of a short list.
  void draw_children(const Tree& list) {
    if (!list.is_object()) return;
    entry(4, "for each", text_in(list, "list"));
    const Tree& children = member(list, "children");
    if (children.empty()) return;
    std::vector<std::string> counts;
    for (const char* state : {"succeeded", "failed", "cancelled", "held", "running", "queued"}) {
      if (list.contains(state)) counts.push_back(fmt::format("{} {}", text_in(list, state), state));
    }
    const std::string left_out = text_in(list, "left_out");
    if (!left_out.empty() && left_out != "0") counts.push_back(left_out + " left out");
    entry(4, "items", fmt::format("{}: {}", children.size(), fmt::join(counts, ", ")), Ink::bold);
    constexpr std::size_t all_shown_max = 12;
    for (const Tree& child : children) {
      const std::string state = text_in(child, "state"), code = text_in(child, "code");
      if (state == "succeeded" && children.size() > all_shown_max) continue;
      line(std::string(4 + label_width, ' ') +
           paint_(ink_of_state(state), fmt::format("{} {}", mark_of_state(state), text_in(child, "number"))) + "  " +
           text_in(child, "run") + (code.empty() ? "" : "  " + paint_(ink_of_state(state), code)));
    }
  }

  void draw_attempt(const Tree& attempt, const Tree* earlier, const Tree& account, const std::string& effect) {
    const std::string outcome = text_in(attempt, "outcome"), kind = text_in(attempt, "kind");
    std::string head = fmt::format("    attempt {}", text_in(attempt, "number"));
    if (!kind.empty()) head += " · " + kind + (kind == "write" && !effect.empty() ? " (" + effect + ")" : "");
    head += "  " + paint_(Ink::dim, time_of_day(text_in(attempt, "started_at")));
    const std::string span = span_between(text_in(attempt, "started_at"), text_in(attempt, "ended_at"));
    if (!outcome.empty())
      head += "  " + paint_(ink_of_state(outcome), outcome) + (span.empty() ? "" : paint_(Ink::dim, " after " + span));
    line(head);
    if (attempt.contains("verdict"))
      entry(6, "allowed", verdict_in_words(member(attempt, "verdict"), member(account, "linked")));
    const std::string_view verb = kind == "read" ? "asks" : "sends";
    const Tree& request = member(attempt, "request");
    if (earlier && request.is_structured() && member(*earlier, "request") == request) {
      entry(6, verb, "the same as before");
    } else {
      json_entry(6, verb, request);
    }
    json_entry(6, "answer", member(attempt, "answer"));
    if (attempt.contains("error")) draw_error(member(attempt, "error"), ink_of_state(outcome));
    if (attempt.contains("next_attempt_at") && outcome != "blocked")
      entry(6, "next try", day_and_time(text_in(attempt, "next_attempt_at")));
  }

  static std::string verdict_in_words(const Tree& verdict, const Tree& linked) {
    std::string words = fmt::format("under epoch {}", text_in(verdict, "auth_epoch"));
    const std::string account = text_in(verdict, "account");
    if (account.empty()) return words;
    words += " on account ";
    if (!linked.is_object() || text_in(linked, "id") != account) return words + account;
    words += fmt::format("{} · {}", text_in(linked, "name"), text_in(linked, "environment"));
    if (const std::string org = text_in(linked, "org_id"); !org.empty()) words += " · org " + org;
    return words;
  }

  void draw_error(const Tree& error, Ink ink) {
    const Tree& of_org = member(member(error, "details"), "errors");
    // The org's own words say it better than our sentence about them.
    entry(6, "error",
          of_org.empty() ? fmt::format("{}: {}", text_in(error, "code"), text_in(error, "message"))
                         : text_in(error, "code"),
          ink);
    for (const Tree& one : of_org) {
      std::string words = fmt::format("{}: {}", text_in(one, "errorCode"), text_in(one, "message"));
      const std::vector<std::string> fields = texts_of(member(one, "fields"));
      if (!fields.empty()) words += fmt::format(" · fields {}", fmt::join(fields, ", "));
      entry(6, "org says", words, ink);
      entry(6, "rule", text_in(one, "rule"));
      std::vector<std::string> matches;
      for (const Tree& match : member(one, "matches"))
        matches.push_back(fmt::format("{} {}", text_in(match, "object"), text_in(match, "id")));
      entry(6, "found", fmt::format("{}", fmt::join(matches, ", ")));
    }
    entry(6, "more", fmt::format("sluice explain {}", text_in(error, "code")));
  }

  void draw_hold(const Tree& held) {
    line("    " + paint_(Ink::yellow, "held for a person"));
    entry(6, "why", fmt::format("{}: {}", text_in(held, "code"), text_in(held, "message")), Ink::yellow);
    entry(6, "way out", text_in(held, "lifted_by"), Ink::bold);
    entry(6, "waits on", fmt::format("{}", fmt::join(texts_of(member(held, "keys")), ", ")));
    draw_diagnosis(member(held, "diagnosis"));
    entry(6, "more", fmt::format("sluice explain {}", text_in(held, "code")));
  }

  // Ids, and of collaborators the right with it.
  static std::vector<std::string> people_in(const Tree& list) {
    std::vector<std::string> people;
    for (const Tree& one : list) {
      people.push_back(one.is_object() ? fmt::format("{} ({})", text_in(one, "user"), text_in(one, "right"))
                                       : one.get<std::string>());
    }
    return people;
  }

  void draw_diagnosis(const Tree& diagnosis) {
    if (!diagnosis.is_object()) return;
    for (const auto& [name, value] : diagnosis.items()) {
      std::string words = text_in(diagnosis, name.c_str());
      if (value.is_array()) words = value.empty() ? "nobody" : fmt::format("{}", fmt::join(people_in(value), ", "));
      std::string label = name;
      std::replace(label.begin(), label.end(), '_', ' ');
      if (!words.empty()) line(std::string(16, ' ') + paint_(Ink::dim, padded(label, 16)) + words);
    }
  }

  void draw_history() {
    line(paint_(Ink::bold, "History"));
    std::size_t task_width = 0;
    for (const Tree& fact : member(run_, "history"))
      task_width = std::max(task_width, columns_of(text_in(fact, "task")));
    for (const Tree& fact : member(run_, "history")) {
      const std::string head = fmt::format("  {}  {}  {:<8}  ", time_of_day(text_in(fact, "at")),
                                           padded(text_in(fact, "task"), task_width), text_in(fact, "what"));
      const std::size_t used = columns_of(head);
      line(paint_(Ink::dim, head) + fitted(text_in(fact, "message"), width_ > used + 20 ? width_ - used : 20));
    }
  }

  const Tree& run_;
  std::size_t width_;
  Paint paint_;
  std::string out_;
};

}  // namespace

std::string run_picture(const base::JsonText& document, const PictureOptions& options) {
  const Tree run = tree_of(document);
  return Picture(run, options).draw();
}

}  // namespace app::cli
