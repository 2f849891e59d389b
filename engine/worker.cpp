#include "engine/worker.hpp"

#include <algorithm>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fmt/format.h>

#include "base/crypto.hpp"
#include "engine/errors.hpp"

namespace engine {
namespace {

constexpr int claim_at_once = 64;
// Wake-ups are hints; looking again after this long is the truth.
constexpr base::Duration look_again{5'000};
constexpr base::Duration pause_after_fault{1'000};

}  // namespace

Worker::Worker(boost::asio::io_context& loop, RunQueue& queue, WorkflowStore& workflows, const Catalog& catalog, RunExecutor& executor,
               base::Clock& clock, base::Random& random, base::Log& log, int runs_in_flight_max)
    : loop_(loop),
      queue_(queue),
      workflows_(workflows),
      catalog_(catalog),
      executor_(executor),
      clock_(clock),
      random_(random),
      log_(log),
      runs_in_flight_max_(runs_in_flight_max),
      lease_prefix_(base::to_base32(random.bytes(10))),
      bell_(clock) {}

// Random per process and counted within it: as hard to meet twice as a random one, and cheaper.
std::string Worker::new_lease() { return fmt::format("{}.{}", lease_prefix_, ++leases_); }

void Worker::stop() {
  stopped_ = true;
  bell_.ring();
}

base::awaitable<void> Worker::run() {
  while (!stopped_) {
    const int room = std::min(claim_at_once, runs_in_flight_max_ - in_flight_);
    base::TimePoint next_look = clock_.now() + look_again;
    try {
      if (room > 0) {
        std::vector<ClaimedRun> claimed = co_await queue_.claim(room, new_lease());
        backlog_ = static_cast<int>(claimed.size()) == room;
        for (ClaimedRun& one : claimed) co_await take_up(std::move(one));
        if (backlog_ && in_flight_ < runs_in_flight_max_) continue;
        const std::optional<base::TimePoint> due = co_await queue_.next_due();
        if (due && !backlog_) next_look = std::min(next_look, std::max(*due, clock_.now()));
      }
    } catch (const std::exception& error) {
      log_.error("claiming due runs failed", {{"what", error.what()}});
      next_look = clock_.now() + pause_after_fault;
    }
    co_await bell_.wait_until(next_look);
  }
}

base::awaitable<void> Worker::take_up(ClaimedRun claimed) {
  const BrandId brand = claimed.run.brand;
  const std::int64_t run_no = claimed.run.no;
  std::shared_ptr<LiveVersion> version = co_await workflows_.version(claimed.run.version_no);
  if (!version) {
    log_.error("a run's version is not understood by this program; the run stays queued", {{"run", claimed.run.id}});
    boost::asio::co_spawn(loop_, give_back(brand, run_no, claimed.lease), boost::asio::detached);
    co_return;
  }
  auto live = std::make_shared<LiveRun>(version, std::move(claimed.run), std::move(claimed.lease), clock_);
  for (const std::string& row : claimed.log) {
    base::Result<std::vector<Fact>> facts = read_facts(row);
    if (!facts) throw std::runtime_error(fmt::format("the log of run {} cannot be read: {}", live->run.id, facts.error().message));
    for (const Fact& fact : *facts) apply(live->run, fact);
  }
  if (claimed.content == EventContent::notice) {
    live->notice = std::move(claimed.body);
  } else {
    base::Result<std::shared_ptr<const ValueSource>> values = catalog_.trigger(version->definition.trigger.type)->read(claimed.body);
    if (!values) {
      co_await fail(*live, values.error());
      co_return;
    }
    live->values.set_event(std::move(*values));
  }
  adopt(std::move(live), {});
}

base::awaitable<void> Worker::fail(LiveRun& live, base::Error error) {
  const Fact fact{.what = What::ended, .at = clock_.now(), .code = "failed", .message = error.message};
  StepRecord step{.run_no = live.run.no, .brand = live.run.brand, .lease = live.lease, .seq = live.next_seq++, .at = fact.at};
  step.facts = to_json(std::span(&fact, 1));
  step.turn = RunTurn{.to = RunTurn::To::over, .state = RunState::failed, .code = std::string(error.code.name)};
  co_await queue_.record(std::move(step));
}

void Worker::adopt(std::shared_ptr<LiveRun> live, std::vector<std::size_t> starts) {
  ++in_flight_;
  boost::asio::co_spawn(loop_, carry(std::move(live), std::move(starts)), boost::asio::detached);
}

base::awaitable<void> Worker::carry(std::shared_ptr<LiveRun> live, std::vector<std::size_t> starts) {
  bool lost = false;
  try {
    co_await executor_.execute(live, std::move(starts));
  } catch (const std::exception& error) {
    log_.error("a run could not be recorded", {{"run", live->run.id}, {"what", error.what()}});
    lost = true;
  }
  live->abandoned = true;
  --in_flight_;
  if (lost) co_await give_back(live->run.brand, live->run.no, live->lease);
  if (backlog_ || lost) bell_.ring();
  else if (live->run.state == RunState::queued) bell_.ring();
}

// The database gave up in the middle: the run is offered again as soon as it takes a write.
base::awaitable<void> Worker::give_back(BrandId brand, std::int64_t run_no, std::string lease) {
  while (!stopped_) {
    co_await base::wait_until(clock_, clock_.now() + pause_after_fault);
    try {
      co_await queue_.give_back(brand, run_no, lease);
      co_return;
    } catch (const std::exception& error) {
      log_.error("a run could not be given back", {{"run_no", run_no}, {"what", error.what()}});
    }
  }
}

}  // namespace engine
