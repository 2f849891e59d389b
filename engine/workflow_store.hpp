// Workflows, their numbered immutable versions and their hooks: stored, and held in memory once compiled.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/async.hpp"
#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "engine/catalog.hpp"
#include "engine/definition.hpp"
#include "engine/people.hpp"

namespace engine {

struct Workflow {
  std::int64_t no = 0;
  BrandId brand{};
  std::string id;       // wfl_…
  std::string project;  // id
  std::string name;
  std::string creator;  // user id
  bool enabled = false;
  std::int64_t version_no = 0;  // the live one
  std::string hook;             // id of the hook that feeds it
  std::string file;             // it was read from; empty when it was pushed
};

// One version ready to run: its definition, and its tasks compiled per account, filled as they are first needed.
struct LiveVersion {
  std::int64_t no = 0;
  int number = 0;
  std::int64_t workflow_no = 0;
  WorkflowDefinition definition;
  std::map<std::pair<std::size_t, std::string>, std::shared_ptr<const CompiledTask>> compiled{};
};

class WorkflowStore {
 public:
  WorkflowStore(base::sql::Database& database, base::Clock& clock, const Catalog& catalog)
      : database_(database), clock_(clock), catalog_(catalog) {}

  base::awaitable<void> load();

  const Workflow* find(std::int64_t no) const;
  const Workflow* find(BrandId brand, std::string_view id) const;
  std::vector<const Workflow*> all(BrandId brand) const;
  // Workflows whose trigger names the hook, enabled or not.
  std::vector<const Workflow*> fed_by(BrandId brand, std::string_view hook) const;
  // The brand of a hook; nullopt when there is no such hook.
  std::optional<BrandId> brand_of_hook(std::string_view hook) const;

  base::awaitable<void> add(Workflow workflow);  // its number is given here
  base::awaitable<void> set_enabled(std::int64_t no, bool enabled);
  // A new live version, unless the live one has the same fingerprint. True when it is new.
  base::awaitable<bool> publish(std::int64_t no, WorkflowDefinition definition, std::string author);

  // From memory, or read and checked again. Null when the stored document is no longer understood by this program.
  base::awaitable<std::shared_ptr<LiveVersion>> version(std::int64_t version_no);
  std::shared_ptr<LiveVersion> version_at_hand(std::int64_t version_no) const;

 private:
  base::sql::Database& database_;
  base::Clock& clock_;
  const Catalog& catalog_;
  std::map<std::int64_t, Workflow> workflows_;
  std::map<std::int64_t, std::shared_ptr<LiveVersion>> versions_;
  std::multimap<std::string, std::int64_t, std::less<>> hooks_;
  std::int64_t last_version_no_ = 0;
};

}  // namespace engine
