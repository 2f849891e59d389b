// `sluice org package`: what a workflow needs and the org lacks, in Salesforce's source format.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/org_use.hpp"
#include "app/cli/printing.hpp"
#include "app/cli/table.hpp"
#include "app/cli/verbs.hpp"
#include "app/errors.hpp"
#include "app/standard_schema.hpp"
#include "connectors/salesforce/org_snapshot.hpp"
#include "engine/definition.hpp"
#include "tasks/catalog.hpp"
#include "tasks/new_field.hpp"
#include "tasks/org_package.hpp"

namespace app::cli {
namespace {

namespace fs = std::filesystem;
using connectors::salesforce::NewField;
using connectors::salesforce::NewObject;
using connectors::salesforce::OrgPackage;
using tasks::OrgSchema;

struct PackageArguments {
  std::string workflow{};
  std::string survey{};  // empty: what lies beside the workflow
  std::vector<SavedOrg> orgs{};
  std::string alias{};
  std::string output = "force-app";
  bool force = false;
  bool json = false;
};

// A file to be written, and what stands in its place.
struct PackageFile {
  fs::path path;
  std::string text;
  bool is_there = false;
  bool differs = false;
};

std::set<std::string> aliases_of(const engine::WorkflowDefinition& definition) {
  std::set<std::string> aliases;
  for (const engine::TaskDefinition& task : definition.tasks)
    if (!task.account.empty()) aliases.insert(task.account);
  return aliases;
}

// Letters, digits and single underscores, as API names have them.
std::string permission_set_name(const engine::WorkflowDefinition& definition, const std::string& alias) {
  const bool has_others = aliases_of(definition).size() > 1;
  std::string name = "Sluice";
  for (const char c : "_" + definition.name + (has_others ? "_" + alias : "")) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (is_plain)
      name += c;
    else if (name.back() != '_')
      name += '_';
  }
  constexpr std::size_t name_length_max = 80;
  name.resize(std::min(name.size(), name_length_max));
  while (name.back() == '_') name.pop_back();
  return name;
}

// The one whose org is meant; "" and said so when that is not clear.
std::string chosen_alias(const engine::WorkflowDefinition& definition, const PackageArguments& arguments) {
  const std::set<std::string> aliases = aliases_of(definition);
  std::string wanted = arguments.alias;
  if (wanted.empty() && !arguments.orgs.empty()) wanted = arguments.orgs.front().alias;
  if (wanted.empty() && aliases.size() == 1) wanted = *aliases.begin();
  if (aliases.contains(wanted)) return wanted;
  std::cerr << fmt::format("sluice: {}; its tasks name: {}\n",
                           wanted.empty() ? "the workflow uses several orgs, and a package is for one: give --alias"
                                          : fmt::format("no task of the workflow names the account '{}'", wanted),
                           aliases.empty() ? "none" : fmt::format("{}", fmt::join(aliases, ", ")));
  return "";
}

// nullopt, and the faults are printed, when it cannot be read.
std::optional<OrgSchema> schema_of(const PackageArguments& arguments) {
  if (arguments.orgs.empty()) return standard_org_schema();
  connectors::salesforce::OrgSnapshotReading reading =
      connectors::salesforce::read_org_snapshot(arguments.orgs.front().folder);
  if (!reading.snapshot || !arguments.json) print_findings(reading.findings, arguments.json);
  if (!reading.snapshot) return std::nullopt;
  return OrgSchema(*std::move(reading.snapshot));
}

void compare_with_disk(PackageFile& file) {
  file.is_there = fs::exists(file.path);
  file.differs = file.is_there && read_text_file(file.path.string()) != file.text;
}

std::vector<PackageFile> files_for(const OrgPackage& package, const std::string& output) {
  std::vector<PackageFile> files;
  const fs::path folder = fs::path(output).lexically_normal();
  for (auto& [path, text] : connectors::salesforce::files_of(package)) files.push_back({folder / path, text});
  for (PackageFile& file : files) compare_with_disk(file);
  const fs::path source = folder.has_filename() ? folder : folder.parent_path();
  const fs::path project = source.parent_path() / "sfdx-project.json";
  // A project that is there is somebody's own, and may have more in it.
  if (!fs::exists(project))
    files.push_back({project, connectors::salesforce::project_file(source.filename().string())});
  return files;
}

void write_package(const std::vector<PackageFile>& files) {
  for (const PackageFile& file : files) {
    if (file.is_there && !file.differs) continue;
    if (file.path.has_parent_path()) fs::create_directories(file.path.parent_path());
    write_text_file(file.path.string(), file.text);
  }
}

void tell_contents(const OrgPackage& package) {
  Table table({whole("OBJECT"), whole("WHAT"), "TYPE"});
  for (const NewObject& object : package.objects) {
    if (object.is_new) table.row({object.name, "the object itself", ""});
    for (const auto& type : object.record_types) table.row({object.name, type.name, "record type"});
    for (const NewField& field : object.fields) table.row({object.name, field.name, tasks::type_words(field)});
  }
  const auto& set = package.permission_set;
  table.row({"", set.name,
             fmt::format("permission set: {} objects, {} fields, {} record types", set.objects.size(),
                         set.fields.size(), set.record_types.size())});
  std::cout << table.draw(this_terminal());
}

void tell_package(const OrgPackage& package, const std::vector<PackageFile>& files, const PackageArguments& arguments) {
  if (arguments.json) {
    nlohmann::ordered_json document{{"folder", arguments.output},
                                    {"permission_set", package.permission_set.name},
                                    {"files", nlohmann::ordered_json::array()}};
    for (const PackageFile& file : files)
      document["files"].push_back(
          {{"path", file.path.string()}, {"written", !file.is_there || file.differs}, {"was_there", file.is_there}});
    std::cout << document.dump() << std::endl;
    return;
  }
  tell_contents(package);
  for (const PackageFile& file : files)
    std::cout << (file.is_there && !file.differs ? "as it was " : "wrote     ") << file.path.string() << "\n";
  std::cout << fmt::format(
      "Look at the types before you deploy: an org lets a field become another type only sometimes.\n"
      "Deploy:  sf project deploy start --source-dir {0}\n"
      "Assign:  sf org assign permset --name {1}\n"
      "Try it:  sluice org serve --package {0}\n",
      arguments.output, package.permission_set.name);
}

int refuse_to_overwrite(const std::vector<PackageFile>& files, bool json) {
  base::Findings findings;
  for (const PackageFile& file : files)
    if (file.differs)
      findings.push_back({.code = std::string(package_file_differs.name),
                          .pointer = "",
                          .message = "the file is there and says something else; nothing was written",
                          .hint = "--force overwrites it; or write to another folder with -o and compare",
                          .file = file.path.string()});
  print_findings(findings, json);
  return Exit::failed;
}

int package_workflow(const PackageArguments& arguments) {
  connectors::survey::SurveyShelf surveys;
  base::Findings findings = take_survey(arguments.workflow, arguments.survey, surveys);
  const engine::Catalog catalog = tasks::make_catalog({.surveys = &surveys});
  const base::JsonDocument document = base::JsonDocument::read_file(arguments.workflow);
  engine::DefinitionCheck check = engine::check_definition(document, catalog);
  std::move(check.findings.begin(), check.findings.end(), std::back_inserter(findings));
  if (!check.definition || base::has_errors(findings)) {
    print_findings(findings, arguments.json);
    return Exit::bad_input;
  }
  if (arguments.orgs.size() > 1) {
    std::cerr << "sluice: a package is for one org: give one --org\n";
    return Exit::usage;
  }
  const std::string alias = chosen_alias(*check.definition, arguments);
  if (alias.empty()) return Exit::usage;
  const std::optional<OrgSchema> schema = schema_of(arguments);
  if (!schema) return Exit::bad_input;
  const auto survey = surveys.find(check.definition->trigger.survey);
  tasks::PackageReading reading = tasks::package_for(*check.definition, *schema,
                                                     {.alias = alias,
                                                      .org_is_known = !arguments.orgs.empty(),
                                                      .permission_set = permission_set_name(*check.definition, alias),
                                                      .survey = survey.get()});
  document.locate(reading.findings);
  if (!reading.package || !arguments.json) print_findings(reading.findings, arguments.json);
  if (!reading.package) return Exit::bad_input;
  const std::vector<PackageFile> files = files_for(*reading.package, arguments.output);
  const bool would_overwrite =
      std::any_of(files.begin(), files.end(), [](const PackageFile& file) { return file.differs; });
  if (would_overwrite && !arguments.force) return refuse_to_overwrite(files, arguments.json);
  write_package(files);
  tell_package(*reading.package, files, arguments);
  return Exit::fine;
}

}  // namespace

void add_org_package(VerbGroup& org) {
  auto verb = org.verb("package", "write what a workflow needs and an org lacks, ready to deploy", package_workflow);
  verb.argument("WORKFLOW", verb->workflow, "workflow file");
  verb.repeatable("--org", saved_org_taker(verb->orgs),
                  "DIR or ALIAS=DIR: the org's schema as `sluice org snapshot` saved it; without it, everything custom "
                  "that the workflow names is written");
  verb.option("--alias", verb->alias, "whose org it is for, when the workflow uses several");
  verb.option("--survey", verb->survey,
              "the survey's definition, by which types are chosen (else what lies beside WORKFLOW)");
  verb.option("-o,--output", verb->output, "folder of the source files; sfdx-project.json goes beside it");
  verb.flag("--force", verb->force, "overwrite files that say something else");
  take_json(verb, verb->json);
}

}  // namespace app::cli
