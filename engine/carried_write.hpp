// A write that an earlier run about the same response has sent, as that run's replay knows of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.hpp"
#include "base/result.hpp"
#include "engine/task.hpp"

namespace engine {

struct CarriedWrite {
  std::string task{};  // id
  std::string item{};  // id of the item it was made for, or ""
  int number = 0;      // of the write within its task, from 0
  Effect effect = Effect::repeatable;
  std::string run{};                       // that sent it
  std::optional<base::JsonText> answer{};  // none: whether it was carried out is unclear
};

// What stands for it in the log, and back. The task is the fact's.
base::JsonText to_json(const CarriedWrite& write);
base::Result<CarriedWrite> read_carried_write(std::string_view json);

// Whether sending a write with this effect under the same key could do what was sent a second time. What has a key in
// the org changes the record it made; what had none cannot be found again.
bool is_done_by(const CarriedWrite& sent, Effect effect);

// Of several about one write the last that is known to have been carried out, else the last.
void take_carried(std::vector<CarriedWrite>& all, CarriedWrite write);
const CarriedWrite* find_carried(const std::vector<CarriedWrite>& all, std::string_view task, std::string_view item,
                                 int number);

}  // namespace engine
