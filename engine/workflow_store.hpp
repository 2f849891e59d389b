// Workflows, their numbered immutable versions and their hooks: stored, and held in memory once compiled.
#pragma once

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
#include "engine/audit_log.hpp"
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
  bool removed = false;         // its runs are kept, and found by its number alone
};

// One version ready to run: its definition, and its tasks compiled per account, filled as they are first needed.
struct LiveVersion {
  std::int64_t no = 0;
  int number = 0;
  std::int64_t workflow_no = 0;
  WorkflowDefinition definition;
  std::map<std::pair<std::size_t, std::string>, std::shared_ptr<const CompiledTask>> compiled{};
};

enum class VersionKind { live, draft };  // a draft is a proposal

// A version as the history tells it.
struct VersionRecord {
  std::int64_t no = 0;
  int number = 0;
  VersionKind kind = VersionKind::live;
  std::string author;
  std::string message;
  base::TimePoint created_at{};
  int base = 0;            // of a proposal: the number of the live version it was made from
  std::string decision{};  // adopted, declined; empty: none was made
  std::string decided_by{};
  std::optional<base::TimePoint> decided_at{};
  std::string fingerprint{};
};

struct NewVersion {
  WorkflowDefinition definition;
  std::string source{};  // byte for byte as it came
  std::string author;
  std::string message{};
};

// Mutating functions take who does it first, as the audit log names them.
class WorkflowStore {
 public:
  WorkflowStore(base::sql::Database& database, base::Clock& clock, const Catalog& catalog, AuditLog& audit)
      : database_(database), clock_(clock), catalog_(catalog), audit_(audit) {}

  base::awaitable<void> load();

  const Workflow* find(std::int64_t no) const;  // also a removed one
  const Workflow* find(BrandId brand, std::string_view id) const;
  std::vector<const Workflow*> all(BrandId brand) const;
  // Workflows whose trigger names the hook, enabled or not.
  std::vector<const Workflow*> fed_by(BrandId brand, std::string_view hook) const;
  // The brand of a hook; nullopt when there is no such hook.
  std::optional<BrandId> brand_of_hook(std::string_view hook) const;

  base::awaitable<void> add(std::string who, Workflow workflow);  // its number is given here
  base::awaitable<void> set_enabled(std::string who, std::int64_t no, bool enabled);
  base::awaitable<void> rename(std::string who, std::int64_t no, std::string name);
  // Its runs that wait are cancelled in the same transaction; those that are under way go on. How many were cancelled.
  base::awaitable<std::int64_t> remove(std::string who, std::int64_t no);

  // A new live version, unless the live one has the same fingerprint. True when it is new.
  base::awaitable<bool> publish(std::string who, std::int64_t no, WorkflowDefinition definition);

  // ---- for authoring, which commits bindings and notices in the same transaction

  // The number that the next version of the workflow gets.
  base::awaitable<int> next_number(std::int64_t no);
  // Makes a new version live, while the live one is still `expected`; `also` stands in the same transaction. Null: it
  // has moved, and nothing was changed.
  base::awaitable<std::shared_ptr<LiveVersion>> publish_on(AuditEntry entry, std::int64_t no, std::int64_t expected,
                                                           int number, NewVersion version, base::sql::Batch also);
  // The number of the stored draft; the live version goes on.
  base::awaitable<int> propose(AuditEntry entry, std::int64_t no, int base, NewVersion version, base::sql::Batch also);
  // Makes an open draft live, while the live version is still `expected`; false: it has moved, or is decided already.
  base::awaitable<bool> adopt_draft(AuditEntry entry, std::int64_t no, std::int64_t expected, VersionRecord draft,
                                    base::sql::Batch also);
  base::awaitable<bool> decline_draft(AuditEntry entry, std::int64_t no, VersionRecord draft, base::sql::Batch also);
  // Writes down that the creator has made a foreign live version the own one.
  base::sql::Statement put_adoption(const Workflow& workflow, const std::string& who) const;

  // The statement, and after the commit its effect in memory.
  static base::sql::Statement put_creator(const Workflow& workflow, const std::string& creator);
  void creator_is(std::int64_t no, const std::string& creator);

  // ---- reading

  // From memory, or read and checked again. Null when the stored document is no longer understood by this program.
  base::awaitable<std::shared_ptr<LiveVersion>> version(std::int64_t version_no);
  std::shared_ptr<LiveVersion> version_at_hand(std::int64_t version_no) const;
  // Newest first, drafts too.
  base::awaitable<std::vector<VersionRecord>> versions(BrandId brand, std::int64_t workflow_no);
  base::awaitable<std::optional<VersionRecord>> version_numbered(BrandId brand, std::int64_t workflow_no, int number);
  // Byte for byte as it was pushed; the canonical document where that was not kept.
  base::awaitable<std::string> source(BrandId brand, std::int64_t version_no);

 private:
  void make_live(std::int64_t no, std::shared_ptr<LiveVersion> version, const std::string& name);
  std::string name_under(const Workflow& workflow, const WorkflowDefinition& definition) const;

  base::sql::Database& database_;
  base::Clock& clock_;
  const Catalog& catalog_;
  AuditLog& audit_;
  std::map<std::int64_t, Workflow> workflows_;
  std::map<std::int64_t, std::shared_ptr<LiveVersion>> versions_;
  std::multimap<std::string, std::int64_t, std::less<>> hooks_;
  std::int64_t last_version_no_ = 0;
};

std::string_view to_string(VersionKind kind);

}  // namespace engine
