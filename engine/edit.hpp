// An edit: a new live version of a document with a Salesforce task, and what it invalidates. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/account_facts.hpp"
#include "engine/catalog.hpp"
#include "engine/definition.hpp"
#include "engine/people.hpp"

namespace engine {

struct BoundAlias {
  Binding binding;
  std::optional<AccountFacts> account{};  // nullopt: it has been removed
};

// Somebody makes a version the live one.
struct Edit {
  std::string editor;
  std::vector<std::string> editor_groups{};
  std::string creator;         // the workflow's
  bool uses_accounts = false;  // the version has a task, or a trigger, that runs on an account
  std::vector<BoundAlias> bindings{};
};

struct Invalidated {
  Binding binding;
  AccountFacts account;
  std::string why;  // in a sentence that names no personal account
};

// Binding, enabling and renaming are no edits, and neither is a version that needs no account.
bool uses_accounts(const WorkflowDefinition& definition, const Catalog& catalog);
// The aliases that a definition names, each once, with the extension it is for.
struct UsedAlias {
  std::string alias;
  std::string extension;
  std::vector<std::string> tasks;  // ids
};
std::vector<UsedAlias> used_aliases(const WorkflowDefinition& definition, const Catalog& catalog);

// The first extension of a definition's trigger or tasks that the brand's licence lacks; "": it holds all.
std::string unlicensed_extension(const WorkflowDefinition& definition, const Catalog& catalog, const Brand& brand);

// The creator's edits invalidate nothing. Anybody else's: every binding to a personal account, and every binding to a
// shared account that this editor may not use.
std::vector<Invalidated> invalidated_by(const Edit& edit);

// The bindings as they stand after the edit; only those that it changes. The creator's edit makes what awaits sound
// again: the live version is the creator's own then.
std::vector<Binding> changed_bindings(const Edit& edit, std::int64_t version);

}  // namespace engine
