// A run in the hands of this process: its state, its definition, its values, and the attempts under way.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/async.hpp"
#include "engine/failure_cause.hpp"
#include "engine/run.hpp"
#include "engine/trigger.hpp"
#include "engine/workflow_store.hpp"

namespace engine {

// What a child run knows from the run that it belongs to.
struct Inherited {
  std::vector<Output> outputs{};  // of each task, for task://
  Item item{};
  int number = 0;              // the item's place in its list, from 1
  std::string fetched_body{};  // of a notice, whose whole the parent has fetched
  std::vector<CarriedWrite> carried{};
};

// What pipes mean inside one run: the event's values, the outputs of earlier tasks under task://, and under item://
// what a child run is there for.
class RunValues final : public ValueSource {
 public:
  RunValues(const WorkflowDefinition& definition, const Run& run) : definition_(definition), run_(run) {}
  void set_event(std::shared_ptr<const ValueSource> event) { event_ = std::move(event); }
  bool has_event() const { return event_ != nullptr; }
  void set_inherited(std::shared_ptr<const Inherited> inherited) { inherited_ = std::move(inherited); }
  const Inherited* inherited() const { return inherited_.get(); }

  base::Result<base::Value> value(const Pipe& pipe) const override;
  base::Result<Items> items(const Pipe& pipe) const override;

 private:
  const WorkflowDefinition& definition_;
  base::Result<base::Value> item_value(std::string_view member) const;
  base::Result<std::size_t> task_at(const Pipe& pipe) const;

  const Run& run_;
  std::shared_ptr<const ValueSource> event_;
  std::shared_ptr<const Inherited> inherited_;
};

struct LiveRun {
  LiveRun(std::shared_ptr<LiveVersion> the_version, Run the_run, std::string the_lease, base::Clock& clock)
      : version(std::move(the_version)),
        run(std::move(the_run)),
        lease(std::move(the_lease)),
        values(version->definition, run),
        next_seq(run.seq + 1),
        bell(clock) {
    run.tasks.resize(version->definition.tasks.size());
    verdict_epochs.resize(run.tasks.size());
    compiling.resize(run.tasks.size());
  }
  LiveRun(const LiveRun&) = delete;
  LiveRun& operator=(const LiveRun&) = delete;

  // Forgets what was decided but not recorded.
  void forget_progress() {
    run.tasks.assign(run.tasks.size(), TaskProgress{});
    run.fetch = TaskProgress{};
    run.event_fetched = false;
    run.carried.clear();
    causes.clear();
  }

  const WorkflowDefinition& definition() const { return version->definition; }
  // Of the task's next write.
  std::string key_of_write(std::size_t task) const;
  // What a run before this one has sent as that write; nullptr: nothing is known of any.
  const CarriedWrite* carried_write(std::size_t task) const;

  std::shared_ptr<LiveVersion> version;
  Run run;
  std::string lease;
  RunValues values;
  std::string notice{};                        // of a platform event that is still to be fetched
  int next_seq;                                // rising only: handed out once each
  std::vector<std::int64_t> verdict_epochs{};  // under which each task's attempt was allowed
  std::vector<BoundAccount> accounts = std::vector<BoundAccount>(version->definition.tasks.size());
  std::vector<std::string> grounds = std::vector<std::string>(version->definition.tasks.size());
  std::vector<bool> compiling{};
  int in_flight = 0;  // attempts and compilations
  std::vector<std::pair<std::size_t, base::Result<Answer>>>
      outcomes{};                     // of attempts that have ended, and of failed compilations
  std::vector<CauseChange> causes{};  // changes of what it stands under, still to be recorded
  bool abandoned = false;             // the lease is lost: nothing may be recorded or sent
  bool cancelled = false;             // a person has ended it: nothing may be begun or sent
  bool looks_at_children = true;      // those it waits for may have ended
  base::Bell bell;
};

// Takes what was decided into account, and among what is still to be recorded.
void decide(LiveRun& live, Fact fact, std::vector<Fact>& facts);

// What a child run is there for stands in its parent's log; an error when that has no such item.
base::Result<std::shared_ptr<const Inherited>> take_item(LiveRun& live, const std::vector<std::string>& parent_log);

}  // namespace engine
