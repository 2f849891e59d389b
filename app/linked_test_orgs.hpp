// The linked orgs on which mapping tests run: sandboxes, in which only records of the tests' own are changed, and of
// which nothing stays.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/services.hpp"
#include "app/test_journal.hpp"
#include "app/test_org.hpp"
#include "app/test_sweep.hpp"
#include "app/workspace.hpp"
#include "connectors/salesforce/call_watch.hpp"

namespace app {

class LinkedTestOrgs final : public connectors::salesforce::CallWatch {
 public:
  LinkedTestOrgs(Services& services, Workspace& workspace, TestJournal& journal)
      : services_(services), workspace_(workspace), journal_(journal) {}
  LinkedTestOrgs(const LinkedTestOrgs&) = delete;
  LinkedTestOrgs& operator=(const LinkedTestOrgs&) = delete;
  ~LinkedTestOrgs() override;

  // Asks each account's org which one it is. A production org is an error, and nothing is written then to any.
  // Precondition: the workspace has taken the accounts.
  base::awaitable<base::Status> open(std::vector<std::string> aliases);
  bool has(const std::string& alias) const { return orgs_.contains(alias); }
  std::vector<std::string> aliases() const;
  // Whether a record that the journal knows is in one of these orgs.
  bool is_here(const RecordMaking& making) const;

  // From now on what is written belongs to a new case.
  void begin_case();
  std::unique_ptr<TestOrg> org_of(const std::string& alias);
  // Requests and changes between these two are the run's.
  void begin_run() { runs_ = true; }
  void end_run() { runs_ = false; }
  // Removes all that the journal knows of these orgs.
  base::awaitable<TestSweep> sweep();

  void asks(const std::string& account_id, const base::http::Request& request) override;
  base::awaitable<base::Result<std::int64_t>> before_change(std::string account_id,
                                                            connectors::salesforce::RecordChange change) override;
  void after_change(const std::string& account_id, std::int64_t number,
                    const base::Result<connectors::salesforce::ChangeAnswer>& answer) override;

 private:
  class Org;

  // A change that an org has been sent.
  struct Sent {
    std::string account_id;
    std::string object;
    std::string id{};         // "": not known, or nothing came of it
    std::int64_t making = 0;  // 0: it makes no record
    bool is_of_run = false;
  };

  const TestOrgIdentity* org_of_account(const std::string& account_id) const;
  bool is_ours(const TestOrgIdentity& org, const std::string& id) const;
  // The record's id, "" where there is none.
  base::awaitable<base::Result<std::string>> look_up(TestOrgIdentity org, connectors::salesforce::RecordChange change);
  // An error where what is made could not be removed again.
  base::awaitable<base::Status> check_removable(TestOrgIdentity org, std::string object);
  // A record that an unclear try has made after all.
  bool adopts(const TestOrgIdentity& org, const connectors::salesforce::RecordChange& change, const std::string& id);
  std::int64_t note(const TestOrgIdentity& org, const connectors::salesforce::RecordChange& change, bool makes);

  Services& services_;
  Workspace& workspace_;
  TestJournal& journal_;
  std::map<std::string, TestOrgIdentity> orgs_{};              // by alias
  std::vector<Sent> sent_{};                                   // of the case; numbered by their place
  std::map<std::string, std::int64_t> calls_{};                // of the case's run, by account
  std::set<std::pair<std::string, std::string>> removable_{};  // account and object, as far as they were asked for
  std::set<std::string> own_looks_{};                          // paths that the run would not have asked for
  bool runs_ = false;
  bool sweeps_ = false;
};

}  // namespace app
