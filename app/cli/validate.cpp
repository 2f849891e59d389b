// `sluice validate`: every fault of workflow files, each with its place; nothing is asked over a network.
#include <filesystem>
#include <iostream>
#include <memory>

#include <fmt/format.h>

#include "app/cli/printing.hpp"
#include "app/cli/verbs.hpp"
#include "base/json_writer.hpp"
#include "connectors/survey/survey_document.hpp"
#include "connectors/survey/survey_shelf.hpp"
#include "engine/definition.hpp"
#include "tasks/catalog.hpp"

namespace app::cli {
namespace {

struct ValidateArguments {
  std::vector<std::string> files{};
  std::string survey{};  // empty: what lies beside each workflow
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

void print_sound_file(const std::string& file, const engine::Catalog& catalog,
                      const engine::WorkflowDefinition& definition) {
  std::cout << fmt::format("{}: sound · {} · {}\n", file, definition.name, count(definition.tasks.size(), "task"));
  std::size_t width = 0;
  for (const engine::TaskDefinition& task : definition.tasks) width = std::max(width, task.id.size());
  for (const engine::TaskDefinition& task : definition.tasks) {
    const std::string_view writes = class_of_writes(catalog, task);
    std::string_view promise = "reads only";
    if (writes == "repeatable") promise = "written once: repeating it changes nothing";
    if (writes == "keyed") promise = "written once: its key finds an earlier try";
    if (writes == "author_decides")
      promise = task.on_unclear == engine::OnUnclear::hold ? "not protected: an unclear try is held for a person"
                                                           : "not protected: an unclear try is repeated (on_unclear)";
    std::cout << fmt::format("  {:<{}}  {}\n", task.id, width, promise);
  }
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

// The definitions that pipes are judged by: the one given, else those beside the workflow.
base::Findings take_survey(const std::string& workflow, const std::string& given,
                           connectors::survey::SurveyShelf& surveys) {
  if (given.empty()) return surveys.put_folder(std::filesystem::path(workflow).parent_path().string());
  connectors::survey::SurveyReading reading = connectors::survey::read_survey_file(given);
  if (!reading.survey) return std::move(reading.findings);
  surveys.put(*std::move(reading.survey));
  return {};
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

engine::DefinitionCheck check_file(const std::string& file, const engine::Catalog& catalog,
                                   const connectors::survey::Survey* given, base::Findings of_survey) {
  const base::JsonDocument document = base::JsonDocument::read_file(file);
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

int validate_files(const ValidateArguments& arguments) {
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
    const engine::DefinitionCheck check = check_file(file, catalog, given.get(), std::move(of_survey));
    all_sound = all_sound && check.definition.has_value();
    if (arguments.json) {
      write_file(json, file, catalog, check);
      continue;
    }
    print_findings(check.findings, false);
    if (check.definition) print_sound_file(file, catalog, *check.definition);
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
  take_json(verb, verb->json);
}

}  // namespace app::cli
