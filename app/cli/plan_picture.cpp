#include "app/cli/plan_picture.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "app/cli/table.hpp"
#include "app/cli/wrapped_text.hpp"

namespace app::cli {
namespace {

struct OutlookLook {
  std::string_view sign;
  std::string_view word;
  Ink ink;
};

OutlookLook look_of_outlook(Outlook outlook) {
  switch (outlook) {
    case Outlook::creates: return {"+", "create", Ink::green};
    case Outlook::updates: return {"~", "update", Ink::yellow};
    case Outlook::removes: return {"-", "delete", Ink::red};
    case Outlook::posts: return {"»", "post", Ink::green};
    case Outlook::changes_nothing: return {"=", "no change", Ink::dim};
    case Outlook::finds: return {"○", "find", Ink::dim};
    case Outlook::fails: return {"✗", "would fail", Ink::red};
    case Outlook::skipped: return {"·", "skipped", Ink::dim};
    case Outlook::held: return {"‖", "not allowed", Ink::red};
    case Outlook::undecided: return {"?", "undecided", Ink::yellow};
  }
  return {"?", "", Ink::plain};
}

constexpr std::size_t id_width_max = 20;

std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string name_of(const PlannedTask& task) {
  return task.item > 0 ? fmt::format("{} {}", task.id, task.item) : task.id;
}

std::string shown_field_value(const base::Value& value) { return value.is_blank() ? "(blank)" : base::to_text(value); }

class ResponsePicture {
 public:
  ResponsePicture(const PlannedResponse& response, const PictureOptions& options)
      : response_(response), width_(std::max<std::size_t>(options.width, 60)), paint_(options.has_colour) {
    for (const PlannedTask& task : response.tasks) {
      word_width_ = std::max(word_width_, columns_of(look_of_outlook(task.outlook).word));
      id_width_ = std::max(id_width_, columns_of(name_of(task)));
    }
    id_width_ = std::min(id_width_, id_width_max);
  }

  std::string draw() {
    draw_title();
    if (!response_.code.empty()) {
      const Ink ink = response_.is_unreadable ? Ink::red : Ink::dim;
      const std::string_view what = response_.is_unreadable ? "cannot be read" : "starts no run";
      text(2, fmt::format("{}: {} [{}]", what, response_.message, response_.code), ink);
    }
    for (const PlannedTask& task : response_.tasks) draw_task(task);
    return std::move(out_);
  }

 private:
  void line(std::string drawn) {
    drawn.resize(drawn.find_last_not_of(' ') + 1);
    out_ += drawn + "\n";
  }

  void text(std::size_t indent, const std::string& words, Ink ink) {
    for (const std::string& part : wrapped(words, width_ > indent + 20 ? width_ - indent : 20))
      line(std::string(indent, ' ') + paint_(ink, part));
  }

  void draw_title() {
    std::string name = response_.response.empty() ? "a response" : response_.response;
    std::string where = std::filesystem::path(response_.file).filename().string();
    if (!response_.place.empty()) where += ", " + response_.place;
    const std::string calls = response_.tasks.empty() ? "" : counted(response_.calls(), "call", "calls");
    const std::size_t used = columns_of(name) + 2 + columns_of(where) + columns_of(calls);
    const std::string gap(width_ > used ? width_ - used : 1, ' ');
    line("");
    line(paint_(Ink::bold, name) + "  " + paint_(Ink::dim, where) + gap + paint_(Ink::dim, calls));
  }

  std::size_t left() const { return 2 + 2 + word_width_ + 2 + id_width_ + 2; }

  void draw_task(const PlannedTask& task) {
    const OutlookLook look = look_of_outlook(task.outlook);
    std::string head = "  " + paint_(look.ink, fmt::format("{} {}", look.sign, padded(look.word, word_width_))) + "  " +
                       padded(fitted(name_of(task), id_width_), id_width_) + "  ";
    const std::size_t room = width_ > left() + 20 ? width_ - left() : 20;
    const auto say = [&](const std::string& words, Ink ink) {
      if (words.empty()) return;
      for (const std::string& part : wrapped(words, room)) {
        line(head + paint_(ink, part));
        head = std::string(left(), ' ');
      }
    };
    say(subject_of(task), ink_of_subject(task));
    if (!task.message.empty()) say(reason_of(task), look.ink);
    if (!task.text.empty()) say(fitted("“" + task.text + "”", room), look.ink);
    draw_fields(task, room);
    for (const engine::Note& note : task.notes) text(left(), "note: " + engine::in_words(note), Ink::yellow);
  }

  static Ink ink_of_subject(const PlannedTask& task) {
    const bool is_quiet = task.outlook == Outlook::finds || task.outlook == Outlook::changes_nothing;
    return is_quiet ? Ink::dim : Ink::plain;
  }

  static std::string reason_of(const PlannedTask& task) {
    if (task.outlook == Outlook::skipped || task.code.empty()) return task.message;
    return fmt::format("{} [{}]", task.message, task.code);
  }

  // Which record, how it is looked for, and how many there are.
  static std::string subject_of(const PlannedTask& task) {
    if (task.outlook == Outlook::posts) return "on " + task.record;
    const bool is_new = task.outlook == Outlook::creates;
    std::string words = is_new ? task.record : task.object;
    if (!is_new && !task.record.empty()) words += " " + task.record;
    for (std::size_t i = 0; i < task.key.size(); ++i)
      words += fmt::format("{}{} = {}", i == 0 ? " · " : " and ", task.key[i].first,
                           fitted(base::to_text(task.key[i].second), 40));
    if (!task.own_key.empty()) words += fmt::format(" · {} = the run's own key", task.own_key);
    if (task.matched && !is_new)
      words += *task.matched == 0   ? " · no record"
               : *task.matched == 1 ? " · 1 record"
                                    : fmt::format(" · {} records{}", *task.matched, task.is_list ? "" : " or more");
    return words;
  }

  void draw_fields(const PlannedTask& task, std::size_t room) {
    std::size_t name_width = 0, old_width = 0;
    const bool has_old = task.outlook == Outlook::updates;
    for (const tasks::FieldDifference& field : task.fields) {
      name_width = std::max(name_width, columns_of(field.field));
      if (has_old) old_width = std::max(old_width, columns_of(shown_field_value(field.before)));
    }
    name_width = std::min(name_width, room / 2);
    const std::size_t for_values = room > name_width + 6 ? room - name_width - 6 : 20;
    old_width = std::min(old_width, for_values / 2);
    for (const tasks::FieldDifference& field : task.fields) {
      std::string drawn = std::string(left(), ' ') + padded(fitted(field.field, name_width), name_width) + "  ";
      if (has_old)
        drawn += paint_(Ink::dim, padded(fitted(shown_field_value(field.before), old_width), old_width)) + " → ";
      line(drawn + paint_(look_of_outlook(task.outlook).ink,
                          fitted(shown_field_value(field.after), for_values - (has_old ? old_width : 0))));
    }
  }

  const PlannedResponse& response_;
  std::size_t width_;
  Paint paint_;
  std::size_t word_width_ = 0;
  std::size_t id_width_ = 0;
  std::string out_{};
};

std::string account_words(const PlannedAccount& account) {
  if (account.id.empty()) return "no account is linked: give --account " + account.alias + "=FILE";
  std::string words = account.environment + " · org " + (account.org_id.empty() ? "not known yet" : account.org_id);
  if (!account.username.empty()) words += " · " + account.username;
  return words;
}

}  // namespace

std::string plan_head_picture(const PlanHead& head, const PictureOptions& options) {
  const Paint paint(options.has_colour);
  std::string out = paint(Ink::bold, "Plan of " + head.workflow) + ": what a run would change. Nothing is written.\n\n";
  Facts facts;
  for (const PlannedAccount& account : head.accounts) facts.emplace_back(account.alias, account_words(account));
  return out + draw_facts(facts);
}

std::string planned_response_picture(const PlannedResponse& response, const PictureOptions& options) {
  return ResponsePicture(response, options).draw();
}

std::string plan_tally_picture(const PlanTally& tally, const PictureOptions& options) {
  const Paint paint(options.has_colour);
  std::string words;
  const auto add = [&](std::int64_t count, std::string_view what, Ink ink) {
    if (count > 0) words += (words.empty() ? "" : " · ") + paint(ink, fmt::format("{} {}", count, what));
  };
  add(tally.count(Outlook::creates), "to create", Ink::green);
  add(tally.count(Outlook::updates), "to update", Ink::yellow);
  add(tally.count(Outlook::removes), "to delete", Ink::red);
  add(tally.count(Outlook::posts), "to post", Ink::green);
  add(tally.count(Outlook::changes_nothing), "without a change", Ink::dim);
  add(tally.count(Outlook::skipped), "skipped", Ink::dim);
  add(tally.count(Outlook::fails), "would fail", Ink::red);
  add(tally.count(Outlook::held), "not allowed", Ink::red);
  add(tally.count(Outlook::undecided), "undecided", Ink::yellow);
  add(tally.not_started, "not started", Ink::dim);
  add(tally.unreadable, "unreadable", Ink::red);
  const std::string sum = fmt::format("{}, {}", counted(tally.responses, "response", "responses"),
                                      counted(tally.calls, "API call", "API calls"));
  return "\n" + paint(Ink::bold, sum) + (words.empty() ? "" : ": " + words) + "\n";
}

}  // namespace app::cli
