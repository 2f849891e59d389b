// The causes that runs stand under now, for reading: each once, with how many runs it stops.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.hpp"
#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "engine/failure_cause.hpp"
#include "engine/people.hpp"
#include "engine/run.hpp"

namespace engine {

// Where a row stands in the list: the most runs first, then the latest.
struct CausePlace {
  std::int64_t runs = 0;
  std::int64_t last_at_ms = 0;
  std::int64_t no = 0;
};

struct CauseRow {
  CausePlace place{};
  std::string id{};  // cau_…
  std::string workflow_id{};
  std::string workflow_name{};
  FailureCause cause{};
  bool fails = false;          // there are runs that have failed by it,
  bool holds = false;          // and such that it holds
  base::TimePoint first_at{};  // of the first run ever
  base::TimePoint last_at{};   // of the latest of these
  std::string example{};       // id of the latest of these runs

  std::int64_t runs() const { return place.runs; }
};

struct CauseFilter {
  std::optional<RunState> state{};                     // failed or held
  std::string workflow{};                              // id; empty: any
  std::optional<std::vector<std::string>> projects{};  // ids; nullopt: of any project
  std::optional<CausePlace> after{};
  int limit = 50;
};

// A run that was released, replayed or cancelled stands under its cause no longer, and a cause without runs is not
// listed; nor is one of a removed workflow.
class CauseHistory {
 public:
  explicit CauseHistory(base::sql::Database& database) : database_(database) {}

  base::awaitable<std::vector<CauseRow>> list(BrandId brand, CauseFilter filter);

 private:
  base::sql::Database& database_;
};

// As a cursor, and back; nullopt where the text is none.
std::string to_string(const CausePlace& place);
std::optional<CausePlace> read_cause_place(std::string_view text);

}  // namespace engine
