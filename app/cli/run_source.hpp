// Where the verbs read runs: a server over its API, or a data directory that nobody owns.
#pragma once

#include <string>

#include "app/cli/server_arguments.hpp"
#include "base/json_text.hpp"
#include "base/result.hpp"

namespace app::cli {

struct RunsListArguments {
  ServerArguments at{};
  bool not_started = false;
  std::string state{};
  int limit = 50;
  bool json = false;
};

// What the API answers to GET /runs with these wishes.
base::Result<base::JsonText> read_runs(const RunsListArguments& arguments);
// One run's document.
base::Result<base::JsonText> read_run(const ServerArguments& at, const std::string& run_id);

// The exit code of what they refuse.
int exit_of(const base::Error& error);

}  // namespace app::cli
