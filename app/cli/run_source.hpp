// Where the verbs read runs: a server over its API, or a data directory that nobody owns.
#pragma once

#include <string>

#include "app/cli/server_verb.hpp"
#include "base/json_text.hpp"

namespace app::cli {

struct RunsListArguments : ServerVerb {
  bool not_started = false;
  bool children = false;
  std::string parent{};  // only its child runs
  std::string cause{};   // only runs that stand under it
  std::string state{};
  int limit = 50;
};

// What the API answers to GET /runs with these wishes. These throw Refusal.
base::JsonText read_runs(const RunsListArguments& arguments);
struct RunsCausesArguments : ServerVerb {
  std::string workflow{};  // name or id
  std::string state{};
};
// What it answers to GET /runs/causes, all pages in one.
base::JsonText read_causes(const RunsCausesArguments& arguments);

// One run's document.
base::JsonText read_run(const ServerArguments& at, const std::string& run_id);

struct RunMaterial {
  base::JsonText run;
  std::string workflow;  // the source of its version
  std::string response;  // as it arrived or was fetched
};
// All that a run was made of.
RunMaterial read_run_material(const ServerArguments& at, const std::string& run_id);

}  // namespace app::cli
