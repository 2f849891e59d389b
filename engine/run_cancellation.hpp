// Ending a run because a person says so: written down with who did it, and nothing of it is begun after that.
#pragma once

#include <string>

#include "base/async.hpp"
#include "base/time.hpp"
#include "engine/audit_log.hpp"
#include "engine/run_history.hpp"
#include "engine/worker.hpp"

namespace engine {

// What a person's wish to end a run has come to.
enum class Cancelled {
  ended,      // it waited, and is over now
  requested,  // it is in a worker's hands, who ends it as soon as nothing of it is under way
  already,    // the same, and was asked for before
  over,       // it had ended
};

class RunCancellation {
 public:
  RunCancellation(AuditLog& audit, Worker& worker, base::Clock& clock)
      : audit_(audit), worker_(worker), clock_(clock) {}

  // A run that waits is over when this resumes. One that is under way ends before its next task's first byte; what it
  // has sent stays, with what comes of it. Durable: a restart in between ends it, too. Its child runs go with it.
  base::awaitable<Cancelled> cancel(std::string who, BrandId brand, const RunRow& run);

 private:
  AuditLog& audit_;
  Worker& worker_;
  base::Clock& clock_;
};

}  // namespace engine
