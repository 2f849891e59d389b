// What people are told when runs fail: whom a workflow belongs to, once per cause and day.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "engine/failure_cause.hpp"
#include "engine/notices.hpp"
#include "engine/people_store.hpp"
#include "engine/workflow_store.hpp"

namespace engine {

class FailureNotices {
 public:
  FailureNotices(const PeopleStore& people, const WorkflowStore& workflows, const Notices& notices)
      : people_(people), workflows_(workflows), notices_(notices) {}

  // Who hears of a workflow's failures, and its names; a value, for the database's thread.
  struct Audience {
    BrandId brand{};
    std::string workflow_id{};
    std::string workflow_name{};
    std::vector<std::string> recipients{};
  };
  Audience audience(BrandId brand, std::int64_t workflow_no) const;

  // To stand in the transaction of the run's end. A day begins at midnight UTC.
  base::sql::Batch about(const Audience& audience, std::string_view cause_id, const FailureCause& cause,
                         base::TimePoint at) const;

 private:
  const PeopleStore& people_;
  const WorkflowStore& workflows_;
  const Notices& notices_;
};

}  // namespace engine
