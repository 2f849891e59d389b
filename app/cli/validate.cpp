// `sluice validate`: every fault of workflow files, each with its place; nothing is asked over a network.
#include <algorithm>
#include <iostream>
#include <memory>

#include <fmt/format.h>

#include "app/cli/org_use.hpp"
#include "app/cli/printing.hpp"
#include "app/cli/verbs.hpp"
#include "base/json_writer.hpp"
#include "connectors/salesforce/org_snapshot.hpp"
#include "connectors/survey/survey_document.hpp"
#include "connectors/survey/survey_shelf.hpp"
#include "engine/definition.hpp"
#include "tasks/catalog.hpp"
#include "tasks/errors.hpp"
#include "tasks/org_check.hpp"

namespace app::cli {
namespace {

struct ValidateArguments {
  std::vector<std::string> files{};
  std::string survey{};  // empty: what lies beside each workflow
  std::vector<SavedOrg> orgs{};
  bool json = false;
};

// What protects a task's writes from being made twice; "" for a task that writes nothing.
std::string_view class_of_writes(const engine::Catalog& catalog, const engine::TaskDefinition& task) {
  const std::optional<engine::Effect> effect = catalog.task(task.type)->effect(task);
  return effect ? engine::to_string(*effect) : "";
}

std::string count(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

// Of what the org says of the key by which a write finds its record; without an org, nobody has said anything.
bool has_key_that_is_not_unique(const engine::TaskDefinition& task, const base::Findings& findings) {
  return std::ranges::any_of(findings, [&](const base::Finding& finding) {
    const std::string with = task.pointer() + "/with";
    return finding.code == tasks::match_not_unique &&
           (finding.pointer == with + "/idempotency" || finding.pointer.starts_with(with + "/key/"));
  });
}

std::string_view promise_of(const engine::Catalog& catalog, const engine::TaskDefinition& task,
                            const base::Findings& findings) {
  const std::string_view writes = class_of_writes(catalog, task);
  if (has_key_that_is_not_unique(task, findings))
    return "not certain: its key is not unique in the org, so two tries at once may make two records";
  if (writes == "repeatable") return "written once: repeating it changes nothing";
  if (writes == "keyed") return "written once: its key finds an earlier try";
  if (writes == "author_decides")
    return task.on_unclear == engine::OnUnclear::hold ? "not protected: an unclear try is held for a person"
                                                      : "not protected: an unclear try is repeated (on_unclear)";
  return "reads only";
}

void print_sound_file(const std::string& file, const engine::Catalog& catalog, const base::Findings& findings,
                      const engine::WorkflowDefinition& definition) {
  std::cout << fmt::format("{}: sound · {} · {}\n", file, definition.name, count(definition.tasks.size(), "task"));
  std::size_t width = 0;
  for (const engine::TaskDefinition& task : definition.tasks) width = std::max(width, task.id.size());
  for (const engine::TaskDefinition& task : definition.tasks)
    std::cout << fmt::format("  {:<{}}  {}\n", task.id, width, promise_of(catalog, task, findings));
}

void write_file(base::JsonWriter& json, const std::string& file, const engine::Catalog& catalog,
                const engine::DefinitionCheck& check) {
  json.begin_object();
  json.field("file", file);
  json.field("sound", check.definition.has_value());
  json.field("findings", base::JsonText{base::to_json(check.findings)});
  if (check.definition) {
    json.field("name", check.definition->name);
    json.key("tasks");
    json.begin_array();
    for (const engine::TaskDefinition& task : check.definition->tasks) {
      json.begin_object();
      json.field("id", task.id);
      json.field("type", task.type);
      const std::string_view writes = class_of_writes(catalog, task);
      if (!writes.empty()) json.field("effect", writes);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
}

// A definition of another survey would judge nothing, silently.
base::Findings check_survey_of(const engine::WorkflowDefinition& definition, const base::JsonDocument& document,
                               const connectors::survey::Survey& survey) {
  const std::string& wanted = definition.trigger.survey;
  if (wanted.empty() || survey.id == wanted) return {};
  base::Findings findings{
      {.code = std::string(connectors::survey::survey_definition_differs.name),
       .pointer = "/trigger/survey",
       .message = fmt::format("the workflow listens to {}, the definition is of {}", wanted, survey.id)}};
  document.locate(findings);
  return findings;
}

engine::DefinitionCheck check_file(const base::JsonDocument& document, const engine::Catalog& catalog,
                                   const connectors::survey::Survey* given, base::Findings of_survey) {
  engine::DefinitionCheck check = engine::check_definition(document, catalog);
  if (check.definition && given) {
    for (base::Finding& finding : check_survey_of(*check.definition, document, *given)) {
      of_survey.push_back(std::move(finding));
    }
  }
  if (base::has_errors(of_survey)) check.definition.reset();
  std::move(of_survey.begin(), of_survey.end(), std::back_inserter(check.findings));
  return check;
}

// What the saved schemas say against a workflow that is sound by itself.
void check_orgs(const std::vector<SavedOrg>& orgs, const std::vector<tasks::OrgSchema>& schemas,
                const base::JsonDocument& document, const connectors::survey::SurveyShelf& surveys,
                engine::DefinitionCheck& check) {
  if (!check.definition || schemas.empty()) return;
  const std::shared_ptr<const connectors::survey::Survey> survey = surveys.find(check.definition->trigger.survey);
  base::Findings found;
  for (std::size_t i = 0; i < schemas.size(); ++i) {
    base::Findings of_org = tasks::check_against_org(*check.definition, schemas[i], orgs[i].alias, survey.get());
    std::move(of_org.begin(), of_org.end(), std::back_inserter(found));
  }
  document.locate(found);
  if (base::has_errors(found)) check.definition.reset();
  std::move(found.begin(), found.end(), std::back_inserter(check.findings));
}

// nullopt, and the faults are printed, when one of them cannot be read.
std::optional<std::vector<tasks::OrgSchema>> read_orgs(const ValidateArguments& arguments) {
  std::vector<tasks::OrgSchema> schemas;
  base::Findings faults;
  for (const SavedOrg& org : arguments.orgs) {
    connectors::salesforce::OrgSnapshotReading reading = connectors::salesforce::read_org_snapshot(org.folder);
    if (reading.snapshot) schemas.emplace_back(*std::move(reading.snapshot));
    std::move(reading.findings.begin(), reading.findings.end(), std::back_inserter(faults));
  }
  const bool is_whole = schemas.size() == arguments.orgs.size();
  // With --json, stdout holds the answer about the workflows alone.
  if (!is_whole || !arguments.json) print_findings(faults, arguments.json);
  if (!is_whole) return std::nullopt;
  return schemas;
}

int validate_files(const ValidateArguments& arguments) {
  const std::optional<std::vector<tasks::OrgSchema>> orgs = read_orgs(arguments);
  if (!orgs) return Exit::bad_input;
  base::JsonWriter json;
  json.begin_object();
  json.key("files");
  json.begin_array();
  bool all_sound = true;
  for (const std::string& file : arguments.files) {
    connectors::survey::SurveyShelf surveys;
    base::Findings of_survey = take_survey(file, arguments.survey, surveys);
    const engine::Catalog catalog = tasks::make_catalog({.surveys = &surveys});
    const auto given = arguments.survey.empty() ? nullptr : surveys.find("");
    const base::JsonDocument document = base::JsonDocument::read_file(file);
    engine::DefinitionCheck check = check_file(document, catalog, given.get(), std::move(of_survey));
    check_orgs(arguments.orgs, *orgs, document, surveys, check);
    all_sound = all_sound && check.definition.has_value();
    if (arguments.json) {
      write_file(json, file, catalog, check);
      continue;
    }
    print_findings(check.findings, false);
    if (check.definition) print_sound_file(file, catalog, check.findings, *check.definition);
  }
  json.end_array();
  json.end_object();
  if (arguments.json) std::cout << json.text() << std::endl;
  return all_sound ? Exit::fine : Exit::bad_input;
}

}  // namespace

void add_validate(VerbGroup& program) {
  auto verb = program.verb("validate", "check workflow files, offline: every fault with its place", validate_files);
  verb.arguments("FILE", verb->files, "workflow files");
  verb.option("--survey", verb->survey,
              "the survey's definition, by which pipes are judged (else what lies beside FILE: survey.json, *.qsf)");
  verb.repeatable("--org", saved_org_taker(verb->orgs),
                  "DIR or ALIAS=DIR: an org's schema as `sluice org snapshot` saved it, against which every mapping is "
                  "held (repeatable)");
  take_json(verb, verb->json);
}

}  // namespace app::cli
