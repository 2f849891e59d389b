// The people of the first path: one brand with its admin and one project, made once; the workflows of a folder and the
// accounts of files, brought up to date at every start. It takes the same ways into the stores that people take later.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/account_argument.hpp"
#include "app/services.hpp"
#include "base/findings.hpp"

namespace app {

class Workspace {
 public:
  explicit Workspace(Services& services) : services_(services) {}

  // Brand, admin and project: the stored ones, or new ones.
  base::awaitable<void> open();
  // A token of the admin, also kept in the data directory (mode 0600) so that verbs on this machine find it.
  base::awaitable<std::string> token();
  // The operator's token, kept in the same way.
  base::awaitable<std::string> operator_token();

  // Links what the files describe, as accounts shared with the brand, or gives known ones their new login. Findings:
  // what is wrong with the files; then nothing was changed.
  base::awaitable<base::Findings> take_accounts(std::vector<AccountFile> files);
  // Logs in once on each of them that never has, so that its org is named before anything runs on it. Findings: an org
  // that is not what its file says is an error, and its account unlinked; one that lets nobody in for now a warning.
  base::awaitable<base::Findings> identify_accounts();
  // Publishes each *.json of the folder that is a workflow: new ones are enabled and get a hook; a changed one is a new
  // version; a broken one keeps its old version and is reported; one whose file is gone is disabled.
  base::awaitable<base::Findings> take_workflows(std::string folder);
  base::awaitable<base::Findings> take_workflow_file(std::string path, std::string name);

  engine::BrandId brand() const { return brand_; }
  const std::string& admin() const { return admin_; }
  const std::string& project() const { return project_; }
  // The account that was taken under the alias. Precondition: one was.
  const std::string& account_of(const std::string& alias) const { return accounts_by_alias_.at(alias); }
  // Workflow file -> "/hooks/…"
  std::map<std::string, std::string> hooks() const;
  // Number of the workflow that was taken from the file. Precondition: one was.
  std::int64_t workflow_of(const std::string& file) const;

 private:
  base::awaitable<std::string> take_account(connectors::LinkedAccount account,
                                            std::optional<connectors::LinkedAccount> known);
  // Findings: why it may not be published; the version before stays live.
  base::awaitable<base::Findings> publish(const std::string& file, engine::WorkflowDefinition definition,
                                          std::string source);
  base::awaitable<bool> was_read(const engine::Workflow& workflow, const engine::Push& push);
  base::awaitable<void> bind_aliases(std::int64_t workflow_no);

  Services& services_;
  engine::BrandId brand_{};
  std::string admin_;
  std::string project_;
  std::map<std::string, std::string> accounts_by_alias_{};
  std::map<std::string, std::string> account_files_{};  // by the account's id
};

}  // namespace app
