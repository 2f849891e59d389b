#include "engine/for_each.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "engine/condition.hpp"
#include "engine/errors.hpp"

namespace engine {
namespace {

constexpr std::string_view id_member = "#";  // no member of a record, a row or a choice is called so
constexpr std::string_view left_out_member = "left_out";

// What pipes mean while one item is looked at.
class ItemValues final : public ValueSource {
 public:
  ItemValues(const ValueSource& values, const Pipe& list, const ChildItem& item)
      : values_(values), list_(list), item_(item) {}

  base::Result<base::Value> value(const Pipe& pipe) const override {
    if (pipe.scheme != "item") return values_.value(pipe);
    if (pipe.path == "number") return base::number(static_cast<double>(item_.number));
    if (const base::Value* member = find_member(item_.item.members, pipe.path)) return *member;
    return values_.in_item(list_, item_.item, pipe.path);
  }

 private:
  const ValueSource& values_;
  const Pipe& list_;
  const ChildItem& item_;
};

// Every item gets an id of its own: its place where it has none, and a count behind one that comes again.
void name_items(std::vector<ChildItem>& items) {
  std::map<std::string, int> times;
  for (ChildItem& one : items) {
    std::string id = one.item.id.empty() ? fmt::format("@{}", one.number) : one.item.id;
    const int time = ++times[id];
    one.item.id = time == 1 ? std::move(id) : fmt::format("{}#{}", id, time);
  }
}

std::string name_of_item(const nlohmann::json& end) {
  const std::string id = end.value("item", "");
  return id.starts_with('@') ? fmt::format("item {}", end.at("number").get<int>())
                             : fmt::format("item {} ({})", end.at("number").get<int>(), id);
}

std::string story_of(const nlohmann::json& end) {
  if (end.at("state") == "cancelled") return name_of_item(end) + " was cancelled";
  return fmt::format("{}: {}: {}", name_of_item(end), end.value("code", ""), end.value("message", ""));
}

// The first few by name; the run's document has all.
std::string story_of_failures(const nlohmann::json& ends) {
  constexpr std::size_t named_max = 3;
  std::vector<std::string> stories;
  std::size_t failures = 0;
  for (const nlohmann::json& end : ends) {
    if (end.at("state") == "succeeded") continue;
    if (++failures <= named_max) stories.push_back(story_of(end));
  }
  std::string told = fmt::format("{} of {} items did not succeed: {}", failures, ends.size(), fmt::join(stories, "; "));
  if (failures > named_max) told += fmt::format("; and {} more", failures - named_max);
  return told;
}

void write_items_member(base::JsonWriter& json, const Item& item) {
  json.begin_object();
  json.field(id_member, item.id);
  for (const auto& [name, value] : item.members) {
    json.key(name);
    json.value(value);
  }
  json.end_object();
}

}  // namespace

base::Result<Step> ForEachTask::next(const TaskInput& input, std::span<const Answer> so_far) const {
  return so_far.empty() ? spread(input.values) : sum_up(so_far.front());
}

base::Result<Step> ForEachTask::spread(const ValueSource& values) const {
  const ForEach& each = *definition_.for_each;
  base::Result<Items> list = values.items(each.list);
  if (!list) return list.error();
  std::vector<ChildItem> named;
  for (Item& item : *list) named.push_back({static_cast<int>(named.size()) + 1, std::move(item)});
  name_items(named);
  Children children;
  for (ChildItem& one : named) {
    base::Result<bool> meant = is_meant(values, one);
    if (!meant) return meant.error();
    if (*meant)
      children.items.push_back(std::move(one));
    else
      ++children.left_out;
  }
  if (children.items.size() > static_cast<std::size_t>(each.items_max)) {
    return base::Error{too_many_items, fmt::format("the list has {} items, and at most {} are allowed",
                                                   children.items.size(), each.items_max)};
  }
  if (!children.items.empty()) return Step{std::move(children)};
  return sum_up({answer_of_children(freeze_items(children), {})});
}

base::Result<bool> ForEachTask::is_meant(const ValueSource& values, const ChildItem& item) const {
  if (item.item.is_blank) return false;
  if (!definition_.when || !looks_at_item(*definition_.when)) return true;
  return holds(*definition_.when, ItemValues(values, definition_.for_each->list, item));
}

base::Result<Step> ForEachTask::sum_up(const Answer& answer) const {
  const base::Result<nlohmann::json> tree = base::parse_json(answer.content.text);
  if (!tree) return tree.error();
  const nlohmann::json& ends = tree->at("items");
  const auto succeeded =
      std::count_if(ends.begin(), ends.end(), [](const nlohmann::json& end) { return end.at("state") == "succeeded"; });
  if (static_cast<std::size_t>(succeeded) < ends.size()) return base::Error{items_failed, story_of_failures(ends)};
  base::JsonWriter json;
  json.begin_object();
  json.field("count", static_cast<std::uint64_t>(ends.size()));
  json.field(left_out_member, tree->value(left_out_member, 0));
  json.key("ids");
  json.begin_array();
  for (const nlohmann::json& end : ends) {
    if (end.contains("id")) json.raw(end.at("id").dump());
  }
  json.end_array();
  json.end_object();
  return Step{Done{{json.take()}}};
}

bool looks_at_item(const Condition& condition) {
  const auto pipes = pipes_of(condition);
  return std::any_of(pipes.begin(), pipes.end(), [](const auto& placed) { return placed.first.scheme == "item"; });
}

base::JsonText freeze_items(const Children& children) {
  base::JsonWriter json;
  json.begin_object();
  if (children.left_out > 0) json.field(left_out_member, children.left_out);
  for (const ChildItem& one : children.items) {
    json.key(std::to_string(one.number));
    write_items_member(json, one.item);
  }
  json.end_object();
  return {json.take()};
}

std::optional<Item> frozen_item(const base::JsonText& frozen, int number) {
  Item item;
  const std::string prefix = fmt::format("{}/", number);
  for (auto& [name, value] : read_output(frozen.text)) {
    if (!name.starts_with(prefix)) continue;
    if (name.compare(prefix.size(), std::string::npos, id_member) == 0)
      item.id = base::to_text(value);
    else
      item.members.emplace_back(name.substr(prefix.size()), value);
  }
  return item.id.empty() ? std::nullopt : std::optional(std::move(item));
}

FrozenCount count_frozen(const base::JsonText& frozen) {
  FrozenCount count;
  const std::string end = fmt::format("/{}", id_member);
  for (const auto& [name, value] : read_output(frozen.text)) {
    if (name == left_out_member)
      count.left_out = static_cast<int>(std::get<base::Number>(value.data).value);
    else if (name.ends_with(end) && name.find('/') == name.size() - end.size())
      ++count.items;
  }
  return count;
}

base::JsonText answer_of_children(const base::JsonText& frozen, std::span<const ItemEnd> ends) {
  std::map<std::string, std::string, std::less<>> names;
  const std::string id_path = fmt::format("/{}", id_member);
  for (const auto& [name, value] : read_output(frozen.text)) {
    if (name.ends_with(id_path)) names[name.substr(0, name.size() - id_path.size())] = base::to_text(value);
  }
  base::JsonWriter json;
  json.begin_object();
  json.field(left_out_member, count_frozen(frozen).left_out);
  json.key("items");
  json.begin_array();
  for (const ItemEnd& end : ends) {
    json.begin_object();
    json.field("number", end.number);
    json.field("item", names[std::to_string(end.number)]);
    json.field("state", to_string(end.state));
    if (!end.code.empty()) json.field("code", end.code);
    if (!end.message.empty()) json.field("message", end.message);
    const Output output = read_output(end.output.text);
    for (const char* name : {"id", "Id"}) {
      const base::Value id = member_of(output, name);
      if (id.is_blank()) continue;
      json.key("id");
      json.value(id);
      break;
    }
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return {json.take()};
}

}  // namespace engine
