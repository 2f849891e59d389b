// Authoring: who makes which version of a workflow live, and what that does to the logins its tasks run on. Each change
// is one transaction with its audit entry, its bindings and its notices.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/async.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "engine/account_facts.hpp"
#include "engine/edit.hpp"
#include "engine/notices.hpp"
#include "engine/people_store.hpp"
#include "engine/workflow_store.hpp"

namespace engine {

struct Push {
  WorkflowDefinition definition;
  std::string source{};  // byte for byte as it came
  std::string message{};
  std::optional<int> base_version{};  // the live one that it was made from
  bool acknowledged = false;          // its author knows what it invalidates
};

// What a push has come to.
struct Pushed {
  enum class To {
    live,
    unchanged,         // the same document is live already
    would_invalidate,  // nothing was changed: `invalidated` would await re-authentication
    moved,             // nothing was changed: the live version is not the one that this was made from
    unbound,           // nothing was changed: a proposal's aliases are bound to nothing
  } to = To::live;
  int version = 0;  // the live one now
  std::vector<Invalidated> invalidated{};
  std::vector<std::string> unbound{};      // aliases
  std::vector<std::string> keys_lifted{};  // for RunQueue::lift
};

class Authoring {
 public:
  Authoring(PeopleStore& people, WorkflowStore& workflows, const AccountDirectory& accounts, const Catalog& catalog,
            AuditLog& audit, Notices& notices, base::Random& random)
      : people_(people),
        workflows_(workflows),
        accounts_(accounts),
        catalog_(catalog),
        audit_(audit),
        notices_(notices),
        random_(random) {}

  // A workflow of the author's, not enabled, with an address of its own. Its id.
  base::awaitable<std::string> create(std::string who, BrandId brand, std::string project, std::string name, Push push);
  // The copier is the copy's creator; it keeps the mapping, and of the bindings those that the copier may use.
  base::awaitable<std::string> copy(std::string who, const Workflow& workflow, std::string project, std::string name);

  // What this editor's push would invalidate, now.
  std::vector<Invalidated> preview(const std::string& who, const Workflow& workflow,
                                   const WorkflowDefinition& definition) const;
  // Makes a version live. The creator is never asked; anybody else must have acknowledged what the edit invalidates:
  // exactly those bindings await re-authentication then.
  base::awaitable<Pushed> push(std::string who, const Workflow& workflow, Push push);

  // Stores a draft beside the live version; its number.
  base::awaitable<int> propose(std::string who, const Workflow& workflow, Push push);
  // The creator's decision on a draft; its base must still be the live one.
  base::awaitable<Pushed> adopt(std::string who, const Workflow& workflow, VersionRecord draft);
  base::awaitable<bool> decline(std::string who, const Workflow& workflow, VersionRecord draft);
  // The creator makes a foreign live version the own one: what awaits is sound again.
  base::awaitable<Pushed> adopt_live(std::string who, const Workflow& workflow);

 private:
  Edit edit_of(const std::string& who, const Workflow& workflow, const WorkflowDefinition& definition) const;
  base::sql::Batch statements_of(BrandId brand, const std::vector<Binding>& bindings) const;
  // Memory learns of bindings that have been committed; the keys that this lifts.
  std::vector<std::string> take(const Workflow& workflow, const std::vector<Binding>& bindings);
  std::string owner_of(const Workflow& workflow) const;
  std::string name_of(BrandId brand, const std::string& user) const;
  void tell(base::sql::Batch& batch, BrandId brand, std::vector<std::string> recipients, const std::string& but,
            Notice notice) const;
  void tell_of_edit(base::sql::Batch& batch, const std::string& who, const Workflow& workflow, int number,
                    const std::vector<Invalidated>& invalidated) const;

  PeopleStore& people_;
  WorkflowStore& workflows_;
  const AccountDirectory& accounts_;
  const Catalog& catalog_;
  AuditLog& audit_;
  Notices& notices_;
  base::Random& random_;
};

}  // namespace engine
