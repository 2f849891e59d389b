#include "engine/fact_words.hpp"

#include <fmt/format.h>

#include "engine/carried_write.hpp"
#include "engine/for_each.hpp"

namespace engine {
namespace {

std::string sent_before(const Fact& fact) {
  const base::Result<CarriedWrite> write = read_carried_write(fact.content.text);
  if (!write) return "was sent before";
  return write->answer ? fmt::format("{} has sent it", write->run)
                       : fmt::format("{} may have sent it, and had no answer", write->run);
}

}  // namespace

std::string in_words(const Fact& fact) {
  switch (fact.what) {
    case What::started:
      return fact.unclear ? fmt::format("attempt {} begins; an earlier one may have been carried out", fact.attempt)
                          : fmt::format("attempt {} begins", fact.attempt);
    case What::sent: return "the request is about to be sent";
    case What::answered:
      return fact.is_write && !fact.message.empty() ? fmt::format("not sent again: {} has sent it", fact.message)
                                                    : "answered";
    case What::tried: return fmt::format("{}: {}", fact.code, fact.message);
    case What::waiting: return "waits";
    case What::done: return "succeeded";
    case What::failed:
    case What::skipped:
    case What::held: return fmt::format("{}: {}", fact.code, fact.message);
    case What::released: return "released";
    case What::repeated: return "a person decided that it is sent again";
    case What::taken: return "taken up where the log ended";
    case What::fetched: return "the response has been fetched";
    case What::spread: {
      const FrozenCount count = count_frozen(fact.content);
      return fmt::format("a run of its own for each of {} items{}", count.items,
                         count.left_out == 0 ? "" : fmt::format("; {} left out", count.left_out));
    }
    case What::reopened: return fact.task < 0 ? "a person lets the failed run go on" : "open again";
    case What::replays: return fmt::format("replays {}", fact.message);
    case What::carried: return sent_before(fact);
    case What::ended: return fact.message.empty() ? fact.code : fmt::format("{}: {}", fact.code, fact.message);
  }
  return "";
}

}  // namespace engine
