#include "app/workspace.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/new_token.hpp"
#include "base/id.hpp"
#include "base/json_document.hpp"
#include "connectors/accounts/account_file.hpp"
#include "connectors/errors.hpp"
#include "engine/definition.hpp"
#include "engine/edit.hpp"
#include "engine/errors.hpp"

namespace app {
namespace {

namespace fs = std::filesystem;

std::string read_small_file(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  std::getline(file, text);
  return text;
}

std::string read_whole_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_private_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::trunc);
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  file << text << "\n";
}

// Workflow documents stand beside responses and tests; what they are is said by their name.
bool is_workflow_file(const fs::path& path) {
  const std::string name = path.filename().string();
  if (path.extension() != ".json" || name.ends_with(".test.json") || name.ends_with(".schema.json")) return false;
  const base::JsonDocument document = base::JsonDocument::read_file(path.string());
  if (!document.readable() || !document.root().is_object()) return true;
  return document.root().contains("tasks") || document.root().contains("trigger");
}

}  // namespace

// Each is made where it is missing: a first start may have ended between two of them.
base::awaitable<void> Workspace::open() {
  brand_ = engine::BrandId{1};
  if (const std::vector<engine::Brand> brands = services_.people.brands(); !brands.empty()) {
    brand_ = brands.front().no;
  } else {
    engine::Brand brand{brand_, base::random_id("brd_", services_.random), "first brand", {"salesforce"}};
    co_await services_.people.add_brand("system", std::move(brand));
  }
  if (const std::optional<engine::User> user = services_.people.user_named(brand_, "admin")) {
    admin_ = user->id;
  } else {
    admin_ = base::random_id("usr_", services_.random);
    engine::User admin{admin_, "admin", engine::Role::brand_admin};
    co_await services_.people.add_user("system", brand_, std::move(admin));
  }
  if (const std::vector<engine::Project> projects = services_.people.projects(brand_); !projects.empty()) {
    project_ = projects.back().id;
  } else {
    project_ = base::random_id("prj_", services_.random);
    engine::Project project{project_, "first project", admin_};
    co_await services_.people.add_project("system", brand_, std::move(project));
  }
}

base::awaitable<std::string> Workspace::token() {
  const std::string path = services_.directory.file("token");
  std::string kept = read_small_file(path);
  if (!kept.empty() && services_.people.principal_of_token(token_hash(kept))) co_return kept;
  const NewToken token = new_token(services_.random);
  engine::ApiToken made{token.id, admin_, "made by serve"};
  co_await services_.people.add_token("system", brand_, std::move(made), token.hash);
  write_private_file(path, token.text);
  co_return token.text;
}

base::awaitable<std::string> Workspace::operator_token() {
  const std::string path = services_.directory.file("operator_token");
  std::string kept = read_small_file(path);
  if (!kept.empty() && services_.people.is_operator_token(token_hash(kept))) co_return kept;
  const NewToken token = new_token(services_.random);
  co_await services_.people.add_operator_token("system", token.hash);
  write_private_file(path, token.text);
  co_return token.text;
}

base::awaitable<base::Findings> Workspace::take_accounts(std::vector<AccountFile> files) {
  base::Findings findings;
  std::vector<std::pair<AccountFile, connectors::LinkedAccount>> read;
  for (const AccountFile& file : files) {
    connectors::AccountFile check = connectors::read_account_file(file.path);
    findings.insert(findings.end(), check.findings.begin(), check.findings.end());
    if (check.account) read.emplace_back(file, std::move(*check.account));
  }
  if (base::has_errors(findings)) co_return findings;
  const std::string brand_id = services_.people.brand(brand_)->id;
  for (auto& [file, account] : read) {
    // Files are the operator's own: their hosts count as allowed.
    for (const std::string& url : {account.login.token_url, account.login.instance_url, account.login.audience})
      services_.hosts.allow_host_of(url);
    account.name = file.alias;
    account.origin = connectors::Origin::extensions;
    account.owner = admin_;
    std::optional<connectors::LinkedAccount> known;
    for (connectors::LinkedAccount& other : services_.accounts.list(brand_id)) {
      if (other.name == file.alias && other.state != connectors::AccountState::removed) known = std::move(other);
    }
    const std::string id = co_await take_account(std::move(account), std::move(known));
    accounts_by_alias_[file.alias] = id;
    account_files_[id] = file.path;
  }
  co_return findings;
}

base::awaitable<base::Findings> Workspace::identify_accounts() {
  base::Findings findings;
  const std::string brand_id = services_.people.brand(brand_)->id;
  for (const auto& [id, path] : account_files_) {
    const std::optional<connectors::LinkedAccount> account = services_.accounts.find(id);
    if (!account || account->last_success) continue;
    base::Result<connectors::Login> login = co_await services_.accounts.open_login(brand_id, id);
    base::Status identified = base::Ok{};
    if (login)
      identified = co_await services_.linking.relink_server(admin_, brand_id, id, *login);
    else
      identified = login.error();
    if (identified) continue;
    const base::ErrorCode& code = identified.error().code;
    const bool is_another = code == connectors::environment_mismatch || code == connectors::wrong_org;
    findings.push_back({.code = std::string(code.name),
                        .pointer = "",
                        .message = identified.error().message,
                        .hint = is_another ? "" : "it is tried again when a task first needs it",
                        .severity = is_another ? base::Severity::error : base::Severity::warning,
                        .file = path});
    // An account's environment never changes: whoever corrects the file links it anew.
    if (is_another) co_await services_.accounts.remove(admin_, brand_id, id);
  }
  co_return findings;
}

// The id under which it is linked.
base::awaitable<std::string> Workspace::take_account(connectors::LinkedAccount account,
                                                     std::optional<connectors::LinkedAccount> known) {
  const std::string brand_id = services_.people.brand(brand_)->id;
  if (!known) {
    std::string id = co_await services_.accounts.link_shared(admin_, brand_id, std::move(account));
    co_await services_.accounts.share(admin_, brand_id, id, "brand");
    co_return id;
  }
  const bool is_unchanged = known->login.file_login == account.login.file_login;
  if (!is_unchanged) {
    connectors::OrgIdentity unknown;
    co_await services_.accounts.relink(admin_, brand_id, known->id, std::move(account.login), std::move(unknown));
  } else if (known->state == connectors::AccountState::expired ||
             known->state == connectors::AccountState::blocked_by_org) {
    // What the file says is what there was: the token that has followed a file's refresh token is the one that counts.
    co_await services_.accounts.try_again(admin_, brand_id, known->id);
  }
  co_return known->id;
}

base::awaitable<base::Findings> Workspace::take_workflows(std::string folder) {
  base::Findings findings;
  std::vector<fs::path> paths;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
    if (entry.is_regular_file() && is_workflow_file(entry.path())) paths.push_back(entry.path());
  }
  if (failed) {
    findings.push_back({.code = "folder_unreadable", .pointer = "", .message = failed.message(), .file = folder});
    co_return findings;
  }
  std::sort(paths.begin(), paths.end());
  std::set<std::string> present;
  for (const fs::path& path : paths) {
    present.insert(path.filename().string());
    base::Findings of_file = co_await take_workflow_file(path.string(), path.filename().string());
    findings.insert(findings.end(), of_file.begin(), of_file.end());
  }
  for (const engine::Workflow* workflow : services_.workflows.all(brand_)) {
    const bool is_gone = !workflow->file.empty() && !present.contains(workflow->file);
    if (is_gone && workflow->enabled) co_await services_.workflows.set_enabled("system", workflow->no, false);
  }
  co_return findings;
}

base::awaitable<base::Findings> Workspace::take_workflow_file(std::string path, std::string name) {
  engine::DefinitionCheck check = engine::check_definition(base::JsonDocument::read_file(path), services_.catalog);
  if (!check.definition) co_return std::move(check.findings);
  base::Findings refused = co_await publish(name, std::move(*check.definition), read_whole_file(path));
  for (base::Finding& finding : refused) finding.file = path;
  std::move(refused.begin(), refused.end(), std::back_inserter(check.findings));
  co_return std::move(check.findings);
}

// By the creator of the workflow: who may write to the folder is trusted by whoever started the server with it.
base::awaitable<base::Findings> Workspace::publish(const std::string& file, engine::WorkflowDefinition definition,
                                                   std::string source) {
  const engine::Brand& brand = *services_.people.brand(brand_);
  const std::string brand_id = brand.id;
  const std::string id = base::derived_id("wfl_", {brand_id, project_, file});
  engine::Push push{.definition = std::move(definition), .source = std::move(source), .message = "read from " + file};
  const engine::Workflow* workflow = services_.workflows.find(brand_, id);
  bool is_read_already = false;
  if (workflow) is_read_already = co_await was_read(*workflow, push);
  if (const std::string lacking = engine::unlicensed_extension(push.definition, services_.catalog, brand);
      !lacking.empty() && !is_read_already) {
    co_return base::Findings{{.code = std::string(engine::extension_not_licensed.name),
                              .pointer = "",
                              .message = fmt::format("the brand's licence has no extension '{}'", lacking)}};
  }
  if (!workflow) {
    engine::Workflow made;
    made.brand = brand_;
    made.id = id;
    made.project = project_;
    made.name = push.definition.name;
    made.creator = admin_;
    made.hook = base::derived_id("hk_", {brand_id, file});
    made.file = file;
    co_await services_.workflows.add("system", std::move(made));
    workflow = services_.workflows.find(brand_, id);
  }
  if (!is_read_already) {
    const engine::Pushed pushed = co_await services_.authoring.push(workflow->creator, *workflow, std::move(push));
    co_await services_.lift(brand_, pushed.keys_lifted);
  }
  if (!workflow->enabled) co_await services_.workflows.set_enabled("system", workflow->no, true);
  co_await bind_aliases(workflow->no);
  co_return base::Findings{};
}

// A file that has not changed since it was read does not undo what was pushed after it.
base::awaitable<bool> Workspace::was_read(const engine::Workflow& workflow, const engine::Push& push) {
  for (const engine::VersionRecord& version : co_await services_.workflows.versions(brand_, workflow.no)) {
    if (version.message == push.message) co_return version.fingerprint == push.definition.fingerprint;
  }
  co_return false;
}

// A binding that stands is left alone: bindings are not edited by files.
base::awaitable<void> Workspace::bind_aliases(std::int64_t workflow_no) {
  const engine::Workflow* workflow = services_.workflows.find(workflow_no);
  const std::shared_ptr<engine::LiveVersion> version = co_await services_.workflows.version(workflow->version_no);
  std::set<std::string> aliases;
  for (const engine::TaskDefinition& task : version->definition.tasks) {
    if (!task.account.empty()) aliases.insert(task.account);
  }
  for (const std::string& alias : aliases) {
    auto account = accounts_by_alias_.find(alias);
    if (account == accounts_by_alias_.end() || services_.people.binding(brand_, workflow_no, alias)) continue;
    const std::optional<connectors::LinkedAccount> linked = services_.accounts.find(account->second);
    engine::Binding binding{workflow_no, alias, account->second, linked ? linked->org_id : ""};
    co_await services_.people.bind(admin_, brand_, std::move(binding));
  }
}

std::map<std::string, std::string> Workspace::hooks() const {
  std::map<std::string, std::string> hooks;
  for (const engine::Workflow* workflow : services_.workflows.all(brand_)) {
    if (!workflow->file.empty()) hooks[workflow->file] = "/hooks/" + workflow->hook;
  }
  return hooks;
}

std::int64_t Workspace::workflow_of(const std::string& file) const {
  for (const engine::Workflow* workflow : services_.workflows.all(brand_))
    if (workflow->file == file) return workflow->no;
  throw std::logic_error("no workflow was taken from " + file);
}

}  // namespace app
