// The gate as runs ask it: gathers the facts from memory, asks authorise(), and remembers its answers for one epoch.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/account_facts.hpp"
#include "engine/authorisation.hpp"
#include "engine/people_store.hpp"
#include "engine/task.hpp"
#include "engine/workflow_store.hpp"

namespace engine {

class Gate {
 public:
  Gate(const PeopleStore& people, const WorkflowStore& workflows, const AccountDirectory& accounts)
      : people_(people), workflows_(workflows), accounts_(accounts) {}

  struct Answer {
    Verdict verdict;
    base::JsonText diagnosis;
    BoundAccount account;  // of an allowed verdict
  };

  std::int64_t epoch(BrandId brand) const;
  // May this workflow's task use the account its alias is bound to, now? Never waits.
  const Answer& ask(std::int64_t workflow_no, std::string_view extension, std::string_view alias);
  // All that such an answer looks at, as it is now.
  AuthorisationRequest facts(const Workflow& workflow, std::string_view extension, std::string_view alias) const;

 private:
  struct Remembered {
    std::int64_t epoch = 0;
    Answer answer;
  };

  const PeopleStore& people_;
  const WorkflowStore& workflows_;
  const AccountDirectory& accounts_;
  std::map<std::pair<std::int64_t, std::string>, Remembered, std::less<>> remembered_;
};

}  // namespace engine
