// What an org's own describe says about its fields, asked for once per account and object and kept in memory.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/async.hpp"
#include "base/result.hpp"
#include "connectors/salesforce/client.hpp"
#include "tasks/response_mapping.hpp"

namespace tasks {

class OrgKnowledge {
 public:
  // Null: there is no org to ask, as in `validate`.
  explicit OrgKnowledge(connectors::salesforce::Client* client) : client_(client) {}

  bool can_ask() const { return client_ != nullptr; }
  // Precondition: can_ask().
  base::awaitable<base::Result<std::shared_ptr<const FieldLengths>>> lengths(std::string account_id,
                                                                             std::string object);

 private:
  connectors::salesforce::Client* client_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<const FieldLengths>> lengths_;
};

}  // namespace tasks
