#include "engine/worker.hpp"

#include <algorithm>
#include <exception>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/crypto.hpp"
#include "engine/errors.hpp"

namespace engine {
namespace {

constexpr std::size_t claim_at_once = 64;
// Wake-ups are hints; looking again after this long is the truth.
constexpr base::Duration look_again{5'000};
constexpr base::Duration pause_after_fault{1'000};

}  // namespace

Worker::Worker(boost::asio::io_context& loop, RunQueue& queue, WorkflowStore& workflows, const Catalog& catalog,
               RunExecutor& executor, base::Clock& clock, base::Random& random, base::Log& log, int runs_in_flight_max)
    : loop_(loop),
      queue_(queue),
      workflows_(workflows),
      catalog_(catalog),
      executor_(executor),
      clock_(clock),
      log_(log),
      runs_in_flight_max_(runs_in_flight_max),
      lease_prefix_(base::to_base32(random.bytes(10))),
      bell_(clock) {
  queue.on_due([this](std::int64_t run_no) { wake(run_no); });
}

// Random per process and counted within it: as hard to meet twice as a random one, and cheaper.
std::string Worker::new_lease() { return fmt::format("{}.{}", lease_prefix_, ++leases_); }

void Worker::stop() {
  stopped_ = true;
  bell_.ring();
}

Worker::Room Worker::take_room() {
  if (*in_flight_ >= runs_in_flight_max_) return nullptr;
  ++*in_flight_;
  // The count is shared, since a run that the loop still holds may outlive the worker.
  return Room(in_flight_.get(), [count = in_flight_](int*) { --*count; });
}

base::awaitable<void> Worker::run() {
  while (!stopped_) {
    base::TimePoint next_look = clock_.now() + look_again;
    try {
      co_await claim();
      if (backlog_ && has_room()) continue;
      const std::optional<base::TimePoint> due = co_await queue_.next_due();
      if (due && !backlog_) next_look = std::min(next_look, std::max(*due, clock_.now()));
    } catch (const std::exception& error) {
      log_.error("claiming due runs failed", {{"what", error.what()}});
      next_look = clock_.now() + pause_after_fault;
    }
    co_await bell_.wait_until(next_look);
  }
}

base::awaitable<void> Worker::claim() {
  std::vector<Room> rooms;
  while (rooms.size() < claim_at_once && has_room()) rooms.push_back(take_room());
  backlog_ = rooms.empty();
  if (rooms.empty()) co_return;
  const std::string lease = new_lease();
  std::vector<ClaimedRun> claimed;
  try {
    claimed = co_await queue_.claim(static_cast<int>(rooms.size()), lease);
  } catch (const std::exception&) {
    give_back_later({}, 0, lease);  // it may have been committed all the same
    throw;
  }
  backlog_ = claimed.size() == rooms.size();
  for (const ClaimedRun& one : claimed) in_hand_[one.run.no] = {{}, one.cancel_requested};
  for (std::size_t i = 0; i < claimed.size(); ++i) {
    const BrandId brand = claimed[i].run.brand;
    const std::int64_t run_no = claimed[i].run.no;
    try {
      co_await take_up(std::move(claimed[i]), std::move(rooms[i]));
    } catch (const std::exception& error) {
      log_.error("a run could not be taken up; it stays queued", {{"run_no", run_no}, {"what", error.what()}});
      in_hand_.erase(run_no);
      give_back_later(brand, run_no, lease);
    }
  }
}

base::awaitable<void> Worker::take_up(ClaimedRun claimed, Room room) {
  // Before its version is looked for: a run that this program does not understand can be cancelled all the same.
  if (in_hand_[claimed.run.no].cancelled) {
    co_await end_cancelled(std::move(claimed));
    co_return;
  }
  std::shared_ptr<LiveVersion> version = co_await workflows_.version(claimed.run.version_no);
  if (!version) throw std::runtime_error("the run's version is not understood by this program");
  auto live = std::make_shared<LiveRun>(version, std::move(claimed.run), std::move(claimed.lease), clock_);
  std::shared_ptr<const Inherited> inherited;
  if (live->run.item) {
    base::Result<std::shared_ptr<const Inherited>> taken = take_item(*live, *claimed.parent_log);
    if (!taken) throw std::runtime_error("what a child run is there for cannot be told: " + taken.error().message);
    inherited = *std::move(taken);
    if (!inherited->fetched_body.empty()) {
      claimed.content = EventContent::whole;
      claimed.body = inherited->fetched_body;
    }
  }
  for (const std::string& row : claimed.log) {
    base::Result<std::vector<Fact>> facts = read_facts(row);
    if (!facts) throw std::runtime_error("the run's log cannot be read: " + facts.error().message);
    for (const Fact& fact : *facts) apply(live->run, fact);
  }
  if (claimed.content == EventContent::notice) {
    live->notice = std::move(claimed.body);
  } else {
    base::Result<std::shared_ptr<const ValueSource>> values =
        catalog_.trigger(version->definition.trigger.type)->read(claimed.body);
    if (!values) {
      co_await fail(*live, values.error());
      co_return;
    }
    live->values.set_event(std::move(*values));
  }
  adopt(std::move(live), {}, std::move(room));
}

base::awaitable<void> Worker::end_cancelled(ClaimedRun claimed) {
  const Fact ended = end_by_person(clock_.now());
  StepRecord step{.run_no = claimed.run.no,
                  .brand = claimed.run.brand,
                  .lease = std::move(claimed.lease),
                  .seq = claimed.run.seq + 1,
                  .at = ended.at};
  step.facts = to_json(std::span(&ended, 1));
  step.item = step_of_item(claimed.run);
  step.turn = RunTurn{.to = RunTurn::To::over, .state = RunState::cancelled, .code = std::string(run_cancelled.name)};
  in_hand_.erase(claimed.run.no);
  co_await queue_.record(std::move(step));
}

base::awaitable<void> Worker::fail(LiveRun& live, base::Error error) {
  in_hand_.erase(live.run.no);
  const Fact fact = end_of_run(RunState::failed, clock_.now(), error.message);
  StepRecord step{
      .run_no = live.run.no, .brand = live.run.brand, .lease = live.lease, .seq = live.next_seq++, .at = fact.at};
  step.facts = to_json(std::span(&fact, 1));
  step.item = step_of_item(live.run);
  step.turn = RunTurn{.to = RunTurn::To::over, .state = RunState::failed, .code = std::string(error.code.name)};
  co_await queue_.record(std::move(step));
}

void Worker::cancel(std::int64_t run_no) {
  auto found = in_hand_.find(run_no);
  if (found == in_hand_.end()) return ring();
  found->second.cancelled = true;
  if (const std::shared_ptr<LiveRun> live = found->second.live.lock()) {
    live->cancelled = true;
    live->bell.ring();
  }
}

void Worker::wake(std::int64_t run_no) {
  auto found = in_hand_.find(run_no);
  if (found == in_hand_.end()) return ring();
  if (const std::shared_ptr<LiveRun> live = found->second.live.lock()) {
    live->looks_at_children = true;
    live->bell.ring();
  }
}

void Worker::adopt(std::shared_ptr<LiveRun> live, std::vector<std::size_t> starts, Room room) {
  InHand& in_hand = in_hand_[live->run.no];
  in_hand.live = live;
  live->cancelled = in_hand.cancelled;
  boost::asio::co_spawn(loop_, carry(std::move(live), std::move(starts), std::move(room)), boost::asio::detached);
}

base::awaitable<void> Worker::carry(std::shared_ptr<LiveRun> live, std::vector<std::size_t> starts, Room room) {
  try {
    co_await executor_.execute(live, std::move(starts));
  } catch (const std::exception& error) {
    log_.error("a run could not be recorded", {{"run", live->run.id}, {"what", error.what()}});
    give_back_later(live->run.brand, live->run.no, live->lease);
  }
  live->abandoned = true;
  // Given back and claimed again, it may be in other hands of ours by now.
  if (auto found = in_hand_.find(live->run.no); found != in_hand_.end() && found->second.live.lock() == live)
    in_hand_.erase(found);
  room.reset();
  // A run that was queued again needs no bell: it is due after lease_worth, and the worker looks again sooner than
  // that.
  if (backlog_) bell_.ring();
}

void Worker::give_back_later(BrandId brand, std::int64_t run_no, std::string lease) {
  boost::asio::co_spawn(loop_, give_back(brand, run_no, std::move(lease)), boost::asio::detached);
}

// The database gave up in the middle: what is leased is offered again as soon as it takes a write.
base::awaitable<void> Worker::give_back(BrandId brand, std::int64_t run_no, std::string lease) {
  while (!stopped_) {
    co_await base::wait_until(clock_, clock_.now() + pause_after_fault);
    try {
      if (run_no == 0)
        co_await queue_.give_back_all(lease);
      else
        co_await queue_.give_back(brand, run_no, lease);
      ring();
      co_return;
    } catch (const std::exception& error) {
      log_.error("a run could not be given back", {{"run_no", run_no}, {"what", error.what()}});
    }
  }
}

}  // namespace engine
