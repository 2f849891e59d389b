#include "engine/carried_write.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/json_writer.hpp"
#include "engine/errors.hpp"

namespace engine {

base::JsonText to_json(const CarriedWrite& write) {
  base::JsonWriter json;
  json.begin_object();
  json.field("task", write.task);
  if (!write.item.empty()) json.field("item", write.item);
  json.field("number", write.number);
  json.field("effect", to_string(write.effect));
  json.field("run", write.run);
  if (write.answer) json.field("answer", *write.answer);
  json.end_object();
  return base::JsonText{json.take()};
}

base::Result<CarriedWrite> read_carried_write(std::string_view text) {
  const auto json = nlohmann::ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
  const bool is_one = json.is_object() && json.contains("task") && json.contains("number") && json.contains("run");
  if (!is_one) return base::Error{internal_error, "a carried write cannot be read"};
  CarriedWrite write{.task = json.value("task", ""), .item = json.value("item", ""), .number = json.value("number", 0)};
  write.effect = effect_named(json.value("effect", "")).value_or(Effect::author_decides);
  write.run = json.value("run", "");
  if (const auto answer = json.find("answer"); answer != json.end()) write.answer = base::JsonText{answer->dump()};
  return write;
}

bool is_done_by(const CarriedWrite& sent, Effect effect) {
  if (effect == Effect::author_decides) return true;
  return effect == Effect::keyed && sent.effect == Effect::author_decides;
}

void take_carried(std::vector<CarriedWrite>& all, CarriedWrite write) {
  for (CarriedWrite& known : all) {
    if (known.task != write.task || known.item != write.item || known.number != write.number) continue;
    if (write.answer || !known.answer) known = std::move(write);
    return;
  }
  all.push_back(std::move(write));
}

const CarriedWrite* find_carried(const std::vector<CarriedWrite>& all, std::string_view task, std::string_view item,
                                 int number) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const CarriedWrite& one) {
    return one.task == task && one.item == item && one.number == number;
  });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace engine
