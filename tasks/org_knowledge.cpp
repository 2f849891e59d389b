#include "tasks/org_knowledge.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "connectors/errors.hpp"
#include "connectors/salesforce/errors.hpp"
#include "tasks/api_name.hpp"
#include "tasks/errors.hpp"

namespace tasks {

namespace {

using connectors::salesforce::FieldSchema;
using connectors::salesforce::ObjectSchema;
using std::chrono::minutes;

// An admin's change is met within the hour, at the latest; at once where a value does not fit.
constexpr minutes good_for{60};
// However many values do not fit, an org is asked for one object once a minute.
constexpr minutes fresh_for{1};
// An org that refuses what it describes is asked again at once, and then no more often than this.
constexpr std::chrono::seconds contradicted_again{5};
// Longer than a call may take.
constexpr minutes longest_flight{5};

// What Salesforce says when its schema, or what the account's user may do with it, is not what the record was made for.
constexpr std::array<std::string_view, 8> signs_of_change{
    "INVALID_FIELD",     "INVALID_FIELD_FOR_INSERT_UPDATE",
    "INVALID_TYPE",      "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    "STRING_TOO_LONG",   "NUMBER_OUTSIDE_VALID_RANGE",
    "JSON_PARSER_ERROR", "INVALID_TYPE_ON_FIELD_IN_RECORD"};

// What the org says of a name, a choice or a record type that it does not know, or does not let be written. That of a
// record type is what it says of any record that is not there.
bool says_that_something_is_gone(const base::Error& refusal) {
  constexpr std::array<std::string_view, 6> signs{
      "INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE",         "INVALID_TYPE",
      "NOT_FOUND",     "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "INVALID_CROSS_REFERENCE_KEY"};
  const std::vector<std::string> codes = connectors::salesforce::salesforce_codes(refusal);
  return std::any_of(codes.begin(), codes.end(), [&](const std::string& code) {
    return std::find(signs.begin(), signs.end(), code) != signs.end();
  });
}

base::Error unknown_object(const std::string& object) {
  return {
      mapping_object_unknown,
      fmt::format("the org has no object '{}' that the account's user may see; the API name of a custom object ends "
                  "in __c",
                  object)};
}

}  // namespace

bool KnownObject::is_fresh(base::TimePoint now) const { return now < asked_at + fresh_for; }

bool KnownObject::is_good(base::TimePoint now) const { return !is_dropped && now < asked_at + good_for; }

struct OrgKnowledge::State {
  using Answer = base::Result<std::shared_ptr<const KnownObject>>;
  using Key = std::pair<std::string, std::string>;  // account, folded name of the object

  // A question that is under way, and all who wait for its answer.
  struct Flight {
    std::optional<Answer> answer{};
    bool over = false;
    std::vector<base::Bell*> waiting{};
  };

  // Ends a flight however the coroutine that owns it ends, also when it is destroyed half-way.
  struct Landing {
    std::shared_ptr<State> state;
    Key key;
    std::shared_ptr<Flight> own;
    ~Landing() {
      state->in_flight.erase(key);
      own->over = true;
      for (base::Bell* bell : std::exchange(own->waiting, {})) bell->ring();
    }
  };

  // Takes a bell off a flight's list when its sleeper is gone.
  struct Leaving {
    Flight& from;
    base::Bell* bell;
    ~Leaving() { std::erase(from.waiting, bell); }
  };

  static base::awaitable<void> wait_for(std::shared_ptr<Flight> flight, base::Clock& clock) {
    base::Bell bell(clock);
    flight->waiting.push_back(&bell);
    const Leaving leaving{*flight, &bell};
    while (!flight->over) co_await bell.wait_until(clock.now() + longest_flight);
  }

  void keep(const Key& key, std::shared_ptr<KnownObject> object, base::TimePoint now) {
    std::erase_if(known, [&](const auto& entry) { return !entry.second->is_good(now); });
    known[key] = std::move(object);
  }

  std::map<Key, std::shared_ptr<KnownObject>> known{};
  std::set<Key> remembered{};  // nothing more to be written down
  std::map<Key, base::TimePoint> contradicted{};
  std::map<Key, std::shared_ptr<Flight>> in_flight{};
};

OrgKnowledge::OrgKnowledge(connectors::salesforce::Client* client, base::Clock* clock,
                           connectors::salesforce::SchemaMemory* memory)
    : client_(client), clock_(clock), memory_(memory), state_(std::make_shared<State>()) {}

base::awaitable<base::Result<std::shared_ptr<const KnownObject>>> OrgKnowledge::object(std::string account_id,
                                                                                       std::string object) {
  constexpr std::chrono::seconds as_every_call{30};
  if (auto known = state_->known.find({account_id, folded_name(object)}); known != state_->known.end()) {
    const bool is_believed = known->second->is_fresh(clock_->now()) && !known->second->is_dropped;
    if (is_believed) co_return std::shared_ptr<const KnownObject>(known->second);
  }
  co_return co_await object_now(std::move(account_id), std::move(object), as_every_call);
}

base::awaitable<base::Result<std::shared_ptr<const KnownObject>>> OrgKnowledge::object_now(std::string account_id,
                                                                                           std::string object,
                                                                                           base::Duration patience) {
  using Known = std::shared_ptr<const KnownObject>;
  const std::shared_ptr<State> state = state_;
  const State::Key key{account_id, folded_name(object)};
  for (auto flying = state->in_flight.find(key); flying != state->in_flight.end();
       flying = state->in_flight.find(key)) {
    const std::shared_ptr<State::Flight> flight = flying->second;
    co_await State::wait_for(flight, *clock_);
    // No answer: whoever asked was cancelled, and one of those who waited takes over.
    if (flight->answer) co_return *flight->answer;
  }
  auto flight = std::make_shared<State::Flight>();
  state->in_flight[key] = flight;
  const State::Landing landing{state, key, flight};
  connectors::salesforce::CallOptions options;
  options.timeout = patience;
  base::Result<base::JsonText> describe = co_await client_->describe(std::move(account_id), object, std::move(options));
  if (!describe) {
    flight->answer =
        connectors::salesforce::says_not_found(describe.error()) ? unknown_object(object) : describe.error();
    co_return *flight->answer;
  }
  base::Result<connectors::salesforce::ObjectSchema> schema =
      connectors::salesforce::read_object_schema(describe->text, object);
  if (!schema) {
    flight->answer = schema.error();
    co_return *flight->answer;
  }
  auto known = std::make_shared<KnownObject>();
  known->schema = std::make_shared<const connectors::salesforce::ObjectSchema>(*std::move(schema));
  if (memory_ && !state->remembered.contains(key)) known->describe = *std::move(describe);
  known->asked_at = clock_->now();
  state->keep(key, known, clock_->now());
  flight->answer = Known(known);
  co_return *flight->answer;
}

void OrgKnowledge::learn_from(const base::Error& refusal, const std::string& account_id, std::string_view object) {
  const auto known = state_->known.find({account_id, folded_name(object)});
  if (known == state_->known.end() || known->second->is_fresh(clock_->now())) return;
  const std::vector<std::string> codes = connectors::salesforce::salesforce_codes(refusal);
  const bool has_changed = std::any_of(codes.begin(), codes.end(), [](const std::string& code) {
    return std::find(signs_of_change.begin(), signs_of_change.end(), code) != signs_of_change.end();
  });
  if (has_changed) known->second->is_dropped = true;
}

void OrgKnowledge::drop(const std::string& account_id, std::string_view object) {
  const auto known = state_->known.find({account_id, folded_name(object)});
  if (known != state_->known.end()) known->second->is_dropped = true;
}

base::awaitable<void> OrgKnowledge::remember(std::string account_id, std::string object) {
  const std::shared_ptr<State> state = state_;
  const State::Key key{account_id, folded_name(object)};
  const auto known = state->known.find(key);
  if (!memory_ || known == state->known.end() || !state->remembered.insert(key).second) co_return;
  const std::shared_ptr<KnownObject> met = known->second;
  if (!co_await memory_->find(account_id, object)) co_await memory_->keep(account_id, object, met->describe.text);
  met->describe.text.clear();
}

base::awaitable<std::shared_ptr<const connectors::salesforce::ObjectSchema>> OrgKnowledge::remembered(
    std::string account_id, std::string object) {
  if (!memory_) co_return nullptr;
  co_return co_await memory_->find(std::move(account_id), std::move(object));
}

base::awaitable<std::optional<ChangedObject>> OrgKnowledge::compared_since(base::Error refusal, std::string account_id,
                                                                           std::string object) {
  if (!says_that_something_is_gone(refusal)) co_return std::nullopt;
  const auto before = co_await remembered(account_id, object);
  if (!before) co_return std::nullopt;
  const State::Key key{account_id, folded_name(object)};
  if (const auto known = state_->known.find(key); known != state_->known.end()) {
    base::TimePoint& contradicted_at = state_->contradicted[key];
    if (clock_->now() >= contradicted_at + contradicted_again) {
      contradicted_at = clock_->now();
      known->second->is_dropped = true;
    }
  }
  const base::Result<std::shared_ptr<const KnownObject>> now = co_await this->object(account_id, object);
  if (!now && now.error().code == mapping_object_unknown) co_return ChangedObject{before, nullptr};
  if (!now) co_return std::nullopt;
  co_return ChangedObject{before, (*now)->schema};
}

}  // namespace tasks
