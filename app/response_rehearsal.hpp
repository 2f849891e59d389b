// A response as a workflow would carry it through: judged as intake does, and run in memory.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "app/services.hpp"
#include "engine/rehearsal.hpp"

namespace app {

struct RehearsedResponse {
  std::optional<engine::NotStarted> not_started{};  // then there is no run
  engine::RehearsedRun run{};
};

class ResponseRehearsal {
 public:
  explicit ResponseRehearsal(Services& services)
      : services_(services),
        rehearsal_(services.catalog, services.gate, services.clock, services.random, services.log) {}

  // Every response is meant, also the second time. `beginning`: facts that stand before the run starts.
  base::awaitable<RehearsedResponse> rehearse(std::int64_t workflow_no, engine::TriggerEvent event,
                                              std::vector<engine::Fact> beginning);

 private:
  Services& services_;
  engine::Rehearsal rehearsal_;
  std::int64_t rehearsed_ = 0;
};

}  // namespace app
