#include "app/cli/run_words.hpp"

#include <cstdint>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/time.hpp"

namespace app::cli {
namespace {

std::string in_words(base::Duration duration) {
  const std::int64_t ms = duration.count();
  if (ms < 1'000) return fmt::format("{} ms", ms);
  if (ms < 60'000) return fmt::format("{}.{:03} s", ms / 1'000, ms % 1'000);
  if (ms < 3'600'000) return fmt::format("{} min {} s", ms / 60'000, ms / 1'000 % 60);
  return fmt::format("{} h {} min", ms / 3'600'000, ms / 60'000 % 60);
}

}  // namespace

Ink ink_of_state(std::string_view state) {
  if (state == "succeeded" || state == "answered") return Ink::green;
  if (state == "failed" || state == "permanent") return Ink::red;
  if (state == "held" || state == "unclear" || state == "blocked") return Ink::yellow;
  if (state == "running" || state == "waiting" || state == "queued" || state == "transient" || state == "throttled")
    return Ink::cyan;
  return Ink::dim;
}

std::string_view mark_of_state(std::string_view state) {
  if (state == "succeeded") return "✓";
  if (state == "failed") return "✗";
  if (state == "held") return "!";
  if (state == "skipped") return "–";
  if (state == "running") return "▸";
  return state == "waiting" ? "…" : "·";
}

std::string items_in_words(const Tree& items) {
  if (!items.is_object()) return "";
  const auto count = [&](const char* state) { return items.value(state, 0); };
  std::vector<std::string> open, lost;
  for (const char* state : {"held", "running", "queued"}) {
    if (count(state) > 0) open.push_back(fmt::format("{} {}", count(state), state));
  }
  for (const char* state : {"failed", "cancelled"}) {
    if (count(state) > 0) lost.push_back(fmt::format("{} {}", count(state), state));
  }
  if (open.empty()) return fmt::format("all of its {} items have ended", count("all"));
  std::string words = fmt::format("waits for {} of {} items: {}", count("held") + count("running") + count("queued"),
                                  count("all"), fmt::join(open, ", "));
  if (!lost.empty()) words += fmt::format(" · {}", fmt::join(lost, ", "));
  return words;
}

std::string day_and_time(const std::string& iso) {
  if (iso.size() < 20) return iso;
  return iso.substr(0, 10) + " " + iso.substr(11, iso.size() - 12) + " UTC";
}

std::string day_and_minute(const std::string& iso) {
  return iso.size() < 20 ? iso : iso.substr(0, 10) + " " + iso.substr(11, 5) + " UTC";
}

std::string time_of_day(const std::string& iso) { return iso.size() < 20 ? iso : iso.substr(11, iso.size() - 12); }

std::string span_between(const std::string& from, const std::string& to) {
  const base::Result<base::TimePoint> start = base::from_iso8601(from);
  const base::Result<base::TimePoint> end = base::from_iso8601(to);
  return start && end ? in_words(*end - *start) : "";
}

}  // namespace app::cli
