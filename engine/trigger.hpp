// What starts a workflow: a kind of trigger, and one thing that happened.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "engine/definition.hpp"
#include "engine/value_source.hpp"

namespace engine {

// What has arrived: whole, or only the news that there is something to fetch.
enum class EventContent { whole, notice };

struct TriggerEvent {
  std::string source;  // the hook
  std::string dedup_key;
  bool key_is_explicit = false;  // given by the sender in a header: then another body is refused
  EventContent content = EventContent::whole;
  std::string body;      // bytes as they are stored
  std::string survey{};  // where it is known
  base::TimePoint received_at{};
  std::shared_ptr<const ValueSource> values{};  // read from body; null for a notice
};

class TriggerType {
 public:
  virtual ~TriggerType() = default;
  virtual std::string_view name() const = 0;
  // As a task type's: not empty where the events come from an org, through an account. Then it is bound and gated too.
  virtual std::string_view extension() const { return ""; }
  // "" when the pipe means something for events of this kind, else what is wrong with it, in a sentence.
  virtual std::string what_is_wrong_with(const Pipe& pipe) const = 0;
  // The same for a workflow with this trigger, for types that know more of what it listens to.
  virtual std::string what_is_wrong_with(const Pipe& pipe, const TriggerDefinition&) const {
    return what_is_wrong_with(pipe);
  }
  // What `${item://…}` finds in an item of the list that the pipe means; empty: that is not known beforehand.
  virtual std::vector<std::string> item_members(const Pipe&) const { return {}; }
  // Of lists whose items are looked into by more than their members: "" when `${item://path}` means something in them,
  // else what is wrong with it. nullopt: they have no more.
  virtual std::optional<std::string> what_is_wrong_in_item(const Pipe&, std::string_view,
                                                           const TriggerDefinition&) const {
    return std::nullopt;
  }
  // Reads stored bytes of a whole event again.
  virtual base::Result<std::shared_ptr<const ValueSource>> read(std::string_view body) const = 0;
  // The whole behind a notice; a throttled error means "not yet".
  virtual base::awaitable<base::Result<std::string>> fetch(std::string notice) = 0;
};

}  // namespace engine
