// What orgs' own describes say of their objects: asked for when it is needed, kept for a while, and asked again when
// something does not fit.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "connectors/salesforce/client.hpp"
#include "connectors/salesforce/object_schema.hpp"
#include "connectors/salesforce/schema_memory.hpp"

namespace tasks {

// One object of one org, as it was when it was asked for.
struct KnownObject {
  std::shared_ptr<const connectors::salesforce::ObjectSchema> schema;
  base::JsonText describe{};  // the org's own words; empty once they are remembered
  base::TimePoint asked_at{};
  bool is_dropped = false;  // the org has said something that does not fit it

  // So young that the org would say the same: it is neither asked again nor doubted.
  bool is_fresh(base::TimePoint now) const;
  // Young enough to be worked with.
  bool is_good(base::TimePoint now) const;
};

struct ChangedObject {
  std::shared_ptr<const connectors::salesforce::ObjectSchema> before;
  std::shared_ptr<const connectors::salesforce::ObjectSchema> now;  // null: all of it is gone
};

class OrgKnowledge {
 public:
  // Null: there is no org to ask, as in `validate`; nothing is remembered over a restart, as in a test.
  OrgKnowledge(connectors::salesforce::Client* client, base::Clock* clock,
               connectors::salesforce::SchemaMemory* memory = nullptr);

  bool can_ask() const { return client_ != nullptr && clock_ != nullptr; }
  // Precondition: can_ask(). Whoever asks while the org is being asked waits for that answer. An object that the org
  // lacks, or that the account's user may not see, is mapping_object_unknown.
  base::awaitable<base::Result<std::shared_ptr<const KnownObject>>> object(std::string account_id, std::string object);
  // The same, asked of the org now, however young what is known is; it has `patience` to answer. What was known is kept
  // where it does not.
  base::awaitable<base::Result<std::shared_ptr<const KnownObject>>> object_now(std::string account_id,
                                                                               std::string object,
                                                                               base::Duration patience);
  // To be called with what the org has refused: when that means that its schema is not what it was, the object is asked
  // for again before it is next worked with.
  void learn_from(const base::Error& refusal, const std::string& account_id, std::string_view object);

  // The object is asked for again when it is next needed.
  void drop(const std::string& account_id, std::string_view object);

  // A mapping has met the object and fits it: from now on a mapping that does not was stopped by a change of the org.
  base::awaitable<void> remember(std::string account_id, std::string object);
  // How the object was when a mapping last fitted it; null where none did.
  base::awaitable<std::shared_ptr<const connectors::salesforce::ObjectSchema>> remembered(std::string account_id,
                                                                                          std::string object);
  // Precondition: can_ask(). To be asked when the org has refused a record: what it was when the mapping first fitted
  // it, and what it is now; nullopt where the refusal does not say that this differs, or it cannot be found out.
  base::awaitable<std::optional<ChangedObject>> compared_since(base::Error refusal, std::string account_id,
                                                               std::string object);

 private:
  struct State;

  connectors::salesforce::Client* client_;
  base::Clock* clock_;
  connectors::salesforce::SchemaMemory* memory_;
  std::shared_ptr<State> state_;
};

}  // namespace tasks
