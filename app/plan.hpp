// What running responses would change in their orgs: the values that `sluice plan` tells of.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/findings.hpp"
#include "base/json_text.hpp"
#include "base/value.hpp"
#include "engine/note.hpp"
#include "tasks/planned_value.hpp"

namespace base {
class JsonWriter;
}

namespace app {

// What a task would come to.
enum class Outlook {
  creates,
  updates,
  removes,
  posts,
  changes_nothing,  // the org holds it all already, or there is no record and that is fine
  finds,
  fails,
  skipped,
  held,       // the gate says no
  undecided,  // the org has not answered, or the task waits
};

// As JSON has it: create, update, delete, post, no_change, find, would_fail, skipped, held, undecided.
std::string_view to_string(Outlook outlook);
std::optional<Outlook> read_outlook(std::string_view word);

struct PlannedTask {
  std::string id;
  int item = 0;  // of `for_each`, the item's place in its list, from 1; 0: the task has no list
  std::string type{};
  std::string account{};  // alias
  Outlook outlook = Outlook::undecided;
  std::string object{};
  std::string record{};                                    // id, "(new Contact 2)", or empty
  std::vector<std::pair<std::string, base::Value>> key{};  // by which the record is looked for
  std::string own_key{};                                   // the field that gets the run's own key: always a new record
  std::optional<std::int64_t> matched{};                   // records that have the key; 2 stands for two or more
  bool is_list = false;                                    // … and matched counts all of them
  std::vector<tasks::FieldDifference> fields{};
  std::string text{};  // of a post
  std::string code{};  // why it fails, is skipped, held or undecided
  std::string message{};
  std::vector<engine::Note> notes{};  // what the run would tell of its writes
  std::int64_t calls = 0;             // of the org's API, that a run would make
};

struct PlannedResponse {
  std::string file{};
  std::string place{};     // in the file: "line 3"
  std::string response{};  // its id
  std::string code{};      // why it starts no run, or cannot be read
  std::string message{};
  bool is_unreadable = false;
  std::vector<PlannedTask> tasks{};  // in the document's order; none where no run is started

  std::int64_t calls() const;
};

struct PlannedAccount {
  std::string alias;
  std::string id{};  // empty: nothing is linked
  std::string environment{};
  std::string org_id{};
  std::string username{};  // of the Salesforce user
};

struct PlanHead {
  std::string workflow;
  std::vector<PlannedAccount> accounts{};
};

// How often what, over all responses.
struct PlanTally {
  std::map<Outlook, std::int64_t> tasks{};
  std::int64_t responses = 0;
  std::int64_t not_started = 0;
  std::int64_t unreadable = 0;
  std::int64_t calls = 0;

  void add(const PlannedResponse& response);
  std::int64_t count(Outlook outlook) const;
  bool has_changes() const;
};

// Its writes among the API's answers. Values only where `shows_values`.
void write_planned_task(base::JsonWriter& json, const PlannedTask& task, bool shows_values = true);

// {"workflow", "accounts": […], "responses": […], "summary": {…}}
base::JsonText to_json(const PlanHead& head, const std::vector<PlannedResponse>& responses, const PlanTally& tally);

}  // namespace app
