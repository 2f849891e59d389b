// All that the engine knows about a task: a small machine whose decisions are pure and whose I/O is dull.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/async.hpp"
#include "base/findings.hpp"
#include "base/json_text.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "engine/definition.hpp"
#include "engine/item.hpp"
#include "engine/note.hpp"
#include "engine/value_source.hpp"

namespace engine {

// What a repetition after a lost answer does.
enum class Effect {
  repeatable,      // the same again: upsert by external id, update by id, delete
  keyed,           // an insert sent as an upsert under the effect key
  author_decides,  // nothing protects it: the document's `on_unclear` says hold or retry
};

struct Read {
  base::JsonText question;
};  // repeatable; its answer is stored
struct Write {
  base::JsonText record;
  Effect effect;
  std::vector<Note> notes{};  // what the run tells of it
};  // frozen before its first attempt
struct Wait {
  base::TimePoint until;
};
struct ChildItem {
  int number = 0;  // its place in the list, from 1
  Item item{};     // its id is unique within the list
};
struct Children {
  std::vector<ChildItem> items;
  int left_out = 0;
};  // one child run each
struct Done {
  base::JsonText output;
};  // an object; `${task://id/member}` looks into it

using Step = std::variant<Read, Write, Wait, Children, Done>;

// The stored answer to a Read, a Write, a Wait or Children, in the order they were asked.
struct Answer {
  base::JsonText content;
};

struct TaskInput {
  const ValueSource& values;    // the event's pipes and the outputs of earlier tasks
  std::string_view effect_key;  // of the next write: the same for every attempt and every replay
};

// A task of one version, compiled once and shared by its runs.
class CompiledTask {
 public:
  virtual ~CompiledTask() = default;
  // Pure: the next step from what is known. An error ends the task; its message names the field.
  virtual base::Result<Step> next(const TaskInput& input, std::span<const Answer> so_far) const = 0;
  // False when what it was compiled from may have changed: it is compiled again before it next begins.
  virtual bool still_holds(base::TimePoint now) const {
    static_cast<void>(now);
    return true;
  }
  // Whether next()'s `refusal` may be due to what it was compiled from: it is then compiled again and asked once more
  // before the refusal stands.
  virtual bool doubts(const base::Error& refusal, base::TimePoint now) const {
    static_cast<void>(refusal);
    static_cast<void>(now);
    return false;
  }
};

// What is bound to the task's alias; empty where the type needs no account or for offline checks.
struct BoundAccount {
  std::string account_id;
  std::string org_id;
  std::string environment;
};

// One try at one step.
struct TaskCall {
  BoundAccount account;
  const TaskDefinition* definition = nullptr;  // whose call it is; null where nobody can say
  bool is_write = false;
  base::JsonText content;  // the question or the frozen record
  Effect effect = Effect::repeatable;
  std::string effect_key;
  int attempt = 1;
  bool unclear_before = false;  // an earlier try of this write may have been carried out
  base::Duration timeout{30'000};
  // To be handed to the HTTP client: compares the gate's epoch again, and writes down that an author_decides write is
  // sent.
  std::function<base::awaitable<base::Status>()> before_sending;
};

// What check() may look at beside the task itself.
struct CheckContext {
  const std::vector<TaskDefinition>& tasks;
  // A finding's text when the pipe means nothing in this workflow (unknown scheme, form, task), else "".
  std::function<std::string(const Pipe&)> what_is_wrong_with;
};

// A list in a task's output, `${task://id/member}`, and what `${item://…}` finds in its items.
struct OutputList {
  std::string member{};
  std::vector<std::string> item_members{};
};

// What a task gives to those behind it, as far as its document says.
struct TaskOutput {
  std::vector<OutputList> lists{};
  std::vector<std::string> members{};  // all that there are, the lists included; empty: that is not known
  std::string way_to_a_list{};         // what the document would have to say, where there is none
};

class TaskType {
 public:
  virtual ~TaskType() = default;
  virtual std::string_view name() const = 0;
  // "salesforce": the licence must hold it and the task must name an account. "": an ordinary task.
  virtual std::string_view extension() const = 0;
  // JSON Schema (draft-07) of `with`.
  virtual std::string_view schema() const = 0;
  // At save and `validate`, after the schema: pointers start with definition.pointer() + "/with".
  virtual base::Findings check(const TaskDefinition& definition, const CheckContext& context) const = 0;
  // Every pipe in `with`; those to task:// make edges.
  virtual std::vector<Pipe> pipes(const TaskDefinition& definition) const = 0;
  // nullopt: it is known only when it is there. Precondition: `with` has passed the schema.
  virtual std::optional<TaskOutput> output(const TaskDefinition& definition) const {
    static_cast<void>(definition);
    return std::nullopt;
  }
  // How a repetition would end for this definition; shown by `validate`. nullopt: it writes nothing.
  virtual std::optional<Effect> effect(const TaskDefinition& definition) const = 0;
  virtual base::awaitable<base::Result<std::shared_ptr<const CompiledTask>>> compile(const TaskDefinition& definition,
                                                                                     const BoundAccount& account) = 0;
  virtual base::awaitable<base::Result<Answer>> perform(const TaskCall& call) = 0;
};

std::string_view to_string(Effect effect);
std::optional<Effect> effect_named(std::string_view word);

}  // namespace engine
