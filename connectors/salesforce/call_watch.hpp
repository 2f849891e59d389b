// Somebody who is told of every call before an org hears of it, and may keep a change from being made.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/async.hpp"
#include "base/http/client.hpp"
#include "base/result.hpp"
#include "connectors/salesforce/duplicates.hpp"
#include "connectors/salesforce/record.hpp"

namespace connectors::salesforce {

struct ChangeAnswer {
  std::string id{};
  std::optional<bool> created{};  // nullopt: Salesforce did not say
  // Of a change that asked: nothing was written then, and it may be sent again with leave to.
  std::optional<Duplicates> duplicates{};
};

class CallWatch {
 public:
  virtual ~CallWatch() = default;
  // Each request to the org of an account, repetitions too; logins are none.
  virtual void asks(const std::string& account_id, const base::http::Request& request) = 0;
  // Before the first byte of a change; an error keeps it from being sent. The number is given back with its answer.
  virtual base::awaitable<base::Result<std::int64_t>> before_change(std::string account_id, RecordChange change) = 0;
  virtual void after_change(const std::string& account_id, std::int64_t number,
                            const base::Result<ChangeAnswer>& answer) = 0;
};

}  // namespace connectors::salesforce
