// Records that a run wrote, beside those that the same run writes of a response whose person was taken out.
#pragma once

#include <cstddef>

#include "app/stand_ins.hpp"
#include "base/json_text.hpp"

namespace app {

class StandInComparison {
 public:
  // Must not be called after the stand-ins are gone.
  explicit StandInComparison(const StandIns& stand_ins) : stand_ins_(stand_ins) {}

  // How many of the record's fields hold another thing now, ids and the words that have a stand-in apart.
  std::size_t different_fields(const base::JsonText& before, const base::JsonText& now) const;

 private:
  bool tells_of_stand_in(const std::string& was, const std::string& is) const;

  const StandIns& stand_ins_;
};

}  // namespace app
