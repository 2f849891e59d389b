#include "engine/fact.hpp"

#include <array>
#include <stdexcept>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"

namespace engine {
namespace {

constexpr std::array fact_names{"started", "sent",    "answered", "tried",    "waiting",  "done",
                                "failed",  "skipped", "held",     "released", "repeated", "taken",
                                "fetched", "ended",   "spread",   "reopened", "replays",  "carried"};

What what_named(const std::string& name) {
  for (std::size_t i = 0; i < fact_names.size(); ++i) {
    if (name == fact_names[i]) return static_cast<What>(i);
  }
  throw std::invalid_argument("a log row holds an unknown fact: " + name);
}

base::Kind kind_named(const std::string& name) {
  for (base::Kind kind : {base::Kind::transient, base::Kind::throttled, base::Kind::uncertain, base::Kind::blocked}) {
    if (name == base::to_string(kind)) return kind;
  }
  return base::Kind::permanent;
}

// Short keys and no defaults: this is written at every step of every run.
void write_fact(base::JsonWriter& json, const Fact& fact) {
  json.begin_object();
  json.field("f", to_string(fact.what));
  if (fact.task >= 0) json.field("t", fact.task);
  json.field("at", base::to_millis(fact.at));
  if (fact.attempt != 0) json.field("n", fact.attempt);
  if (fact.is_write) json.field("e", to_string(fact.effect));
  if (!fact.content.empty()) json.field("c", fact.content);
  if (!fact.code.empty()) json.field("code", fact.code);
  if (fact.what == What::tried || fact.what == What::failed) json.field("kind", base::to_string(fact.kind));
  if (!fact.message.empty()) json.field("text", fact.message);
  if (!fact.details.empty()) json.field("details", base::JsonText{fact.details});
  if (!fact.lifted_by.empty()) json.field("by", fact.lifted_by);
  if (!fact.keys.empty()) {
    json.key("keys");
    json.begin_array();
    for (const std::string& key : fact.keys) json.string(key);
    json.end_array();
  }
  if (!fact.notes.empty()) {
    json.key("notes");
    write_notes(json, fact.notes);
  }
  if (fact.due_at) json.field("due", base::to_millis(*fact.due_at));
  if (fact.epoch != 0) json.field("epoch", fact.epoch);
  if (!fact.account.empty()) json.field("acc", fact.account);
  if (!fact.environment.empty()) json.field("env", fact.environment);
  if (!fact.org_id.empty()) json.field("org", fact.org_id);
  if (!fact.grounds.empty()) json.field("why", fact.grounds);
  if (fact.unclear) json.field("unclear", true);
  json.end_object();
}

// Reads a log row without a tree, so that frozen records and outputs come back byte for byte.
class FactReader final : public base::JsonSink {
 public:
  std::vector<Fact> take() { return std::move(facts_); }

  bool null() override { return copying() ? (copy_.null(), end_value()) : true; }
  bool boolean(bool yes) override {
    if (copying()) return copy_.boolean(yes), end_value();
    if (key_ == "unclear") facts_.back().unclear = yes;
    return true;
  }
  bool number(std::string_view text, double value) override {
    if (copying()) return copy_.raw(text), end_value();
    set_number(static_cast<std::int64_t>(value));
    return true;
  }
  bool string(std::string&& text) override {
    if (copying()) return copy_.string(text), end_value();
    set_text(std::move(text));
    return true;
  }
  bool key(std::string&& name) override {
    if (copy_depth_ > 0) {
      copy_.key(name);
    } else {
      key_ = std::move(name);
    }
    return true;
  }
  bool start_object() override {
    if (copying()) return copy_.begin_object(), ++copy_depth_, true;
    facts_.emplace_back();
    return true;
  }
  bool end_object() override {
    if (copy_depth_ == 0) return true;
    copy_.end_object();
    --copy_depth_;
    return end_value();
  }
  bool start_array() override {
    if (copying()) copy_.begin_array(), ++copy_depth_;
    return true;
  }
  bool end_array() override {
    if (copy_depth_ == 0) return true;
    copy_.end_array();
    --copy_depth_;
    return end_value();
  }

 private:
  bool copying() const { return copy_depth_ > 0 || key_ == "c" || key_ == "details" || key_ == "notes"; }

  bool end_value() {
    if (copy_depth_ > 0) return true;
    Fact& fact = facts_.back();
    if (key_ == "notes")
      fact.notes = read_notes(copy_.take());
    else
      (key_ == "c" ? fact.content.text : fact.details) = copy_.take();
    copy_ = base::JsonWriter();
    key_.clear();
    return true;
  }

  void set_number(std::int64_t value) {
    Fact& fact = facts_.back();
    if (key_ == "t") fact.task = static_cast<int>(value);
    if (key_ == "n") fact.attempt = static_cast<int>(value);
    if (key_ == "at") fact.at = base::from_millis(value);
    if (key_ == "due") fact.due_at = base::from_millis(value);
    if (key_ == "epoch") fact.epoch = value;
  }

  void set_text(std::string&& text) {
    Fact& fact = facts_.back();
    if (key_ == "f") fact.what = what_named(text);
    if (key_ == "e") fact.is_write = true, fact.effect = effect_named(text).value_or(Effect::repeatable);
    if (key_ == "kind") fact.kind = kind_named(text);
    if (key_ == "code")
      fact.code = std::move(text);
    else if (key_ == "text")
      fact.message = std::move(text);
    else if (key_ == "by")
      fact.lifted_by = std::move(text);
    else if (key_ == "acc")
      fact.account = std::move(text);
    else if (key_ == "env")
      fact.environment = std::move(text);
    else if (key_ == "org")
      fact.org_id = std::move(text);
    else if (key_ == "why")
      fact.grounds = std::move(text);
    else if (key_ == "keys")
      fact.keys.push_back(std::move(text));
  }

  std::vector<Fact> facts_;
  std::string key_;
  base::JsonWriter copy_;
  int copy_depth_ = 0;
};

}  // namespace

std::string_view to_string(What what) { return fact_names[static_cast<std::size_t>(what)]; }

bool needs_epoch(const Fact& fact) {
  return fact.what == What::started || (fact.what == What::held && fact.epoch != 0);
}

Fact end_without_hold(const Fact& held) {
  return Fact{.what = What::tried,
              .task = held.task,
              .at = held.at,
              .attempt = held.attempt,
              .code = held.code,
              .kind = held.kind,
              .message = held.message,
              .details = held.details,
              .due_at = held.at};
}

void keep_without_epoch(std::vector<Fact>& facts) {
  for (Fact& fact : facts) {
    if (fact.what == What::held && needs_epoch(fact) && fact.attempt > 0) fact = end_without_hold(fact);
  }
  std::erase_if(facts, needs_epoch);
}

std::string to_json(std::span<const Fact> facts) {
  base::JsonWriter json;
  json.begin_array();
  for (const Fact& fact : facts) write_fact(json, fact);
  json.end_array();
  return json.take();
}

base::Result<std::vector<Fact>> read_facts(std::string_view text) {
  // A fetched response stands inside a fact, hence more room than for what comes from outside.
  const base::JsonLimits limits{.depth = 72, .bytes = 64u << 20, .string_bytes = 16u << 20};
  FactReader reader;
  base::Status status = base::read_json(text, reader, limits);
  if (!status) return status.error();
  return reader.take();
}

}  // namespace engine
