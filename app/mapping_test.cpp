#include "app/mapping_test.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/errors.hpp"
#include "app/org_reference.hpp"
#include "base/json_schema.hpp"
#include "connectors/survey/response.hpp"
#include "schemas/embedded.hpp"

namespace app {
namespace {

namespace fs = std::filesystem;

void note(base::Findings& findings, const base::ErrorCode& code, std::string pointer, std::string message,
          std::string hint = "") {
  findings.push_back({.code = std::string(code.name),
                      .pointer = std::move(pointer),
                      .message = std::move(message),
                      .hint = std::move(hint)});
}

std::string did_you_mean_name(std::string_view wrong, const std::vector<std::string>& names) {
  const std::string meant = base::nearest(wrong, names);
  return meant.empty() ? "" : fmt::format("did you mean '{}'?", meant);
}

// Findings of the files that it names know their place already.
void locate_own(const base::JsonDocument& document, base::Findings& findings) {
  base::Findings own;
  for (const base::Finding& finding : findings) {
    if (finding.file.empty()) own.push_back(finding);
  }
  document.locate(own);
  std::size_t next = 0;
  for (base::Finding& finding : findings) {
    if (finding.file.empty()) finding = own[next++];
  }
}

// Reads one case of a document that its schema has passed.
class CaseReader {
 public:
  CaseReader(const nlohmann::json& tree, std::string pointer, const fs::path& folder, base::Findings& findings)
      : tree_(tree), folder_(folder), findings_(findings) {
    case_.name = tree.at("name").get<std::string>();
    case_.pointer = std::move(pointer);
  }

  MappingCase read() {
    read_response_file();
    read_org();
    for (const auto& [task, output] : member("outputs").items())
      case_.outputs.emplace_back(task, base::JsonText{output.dump()});
    for (const auto& [alias, objects] : member("expect").items()) read_expected(alias, objects);
    for (const auto& [task, code] : member("refused").items()) case_.refused[task] = code.get<std::string>();
    if (tree_.contains("calls_at_most")) case_.calls_at_most = tree_.at("calls_at_most").get<int>();
    check_references();
    return std::move(case_);
  }

 private:
  const nlohmann::json& member(const char* name) const {
    static const nlohmann::json nothing = nlohmann::json::object();
    return tree_.contains(name) ? tree_.at(name) : nothing;
  }

  void read_response_file() {
    const base::JsonDocument document =
        base::JsonDocument::read_file((folder_ / tree_.at("response").get<std::string>()).string());
    findings_.insert(findings_.end(), document.findings().begin(), document.findings().end());
    if (!document.readable()) return;
    case_.response = document.root().dump();
    if (base::Result<connectors::survey::Response> response = connectors::survey::read_response(case_.response);
        !response) {
      note(findings_, response.error().code, case_.pointer + "/response", response.error().message);
    }
  }

  void read_org() {
    for (const auto& [alias, objects] : member("org").items()) {
      for (const auto& [object, records] : objects.items()) {
        for (std::size_t i = 0; i < records.size(); ++i) {
          const std::string at =
              fmt::format("{}/org{}{}/{}", case_.pointer, base::pointer_token(alias), base::pointer_token(object), i);
          case_.org.push_back({alias, object, i, base::JsonText{records[i].dump()}, at});
        }
      }
    }
  }

  void read_expected(const std::string& alias, const nlohmann::json& objects) {
    for (const auto& [object, records] : objects.items()) {
      ExpectedRecords expected{
          .alias = alias,
          .object = object,
          .pointer = case_.pointer + "/expect" + base::pointer_token(alias) + base::pointer_token(object)};
      std::set<std::string> fields;
      for (const nlohmann::json& record : records) {
        expected.records.push_back({record.dump()});
        for (const auto& [field, value] : record.items()) fields.insert(field);
      }
      expected.fields.assign(fields.begin(), fields.end());
      case_.expect.push_back(std::move(expected));
    }
  }

  void check_references() {
    for (const SeedRecord& record : case_.org) check_references_of(record.fields, record.pointer);
    for (const auto& [task, output] : case_.outputs)
      check_references_of(output, case_.pointer + "/outputs" + base::pointer_token(task));
    for (const ExpectedRecords& expected : case_.expect) {
      for (std::size_t i = 0; i < expected.records.size(); ++i)
        check_references_of(expected.records[i], fmt::format("{}/{}", expected.pointer, i));
    }
    if (!base::has_errors(findings_)) sort_org();
  }

  void check_references_of(const base::JsonText& value, const std::string& pointer) {
    for (const OrgReference& reference : references_in(value)) {
      const SeedRecord* record = find_record(reference);
      if (reference.member.empty()) {
        note(findings_, mapping_test_reference, pointer, fmt::format("{} is no reference to a record", reference.text),
             "${org://ALIAS/Object/0/Id}");
      } else if (!record) {
        note(findings_, mapping_test_reference, pointer,
             fmt::format("{}: \"org\" of this case has no such record", reference.text));
      } else if (reference.member != "Id" && !nlohmann::json::parse(record->fields.text).contains(reference.member)) {
        note(findings_, mapping_test_reference, pointer,
             fmt::format("{}: the record in \"org\" does not say '{}'", reference.text, reference.member));
      }
    }
  }

  const SeedRecord* find_record(const OrgReference& reference) const {
    const auto found = std::find_if(case_.org.begin(), case_.org.end(), [&](const SeedRecord& record) {
      return record.alias == reference.alias && record.object == reference.object && record.index == reference.index;
    });
    return found == case_.org.end() ? nullptr : &*found;
  }

  // A JSON object's members have no order of their own: what a record refers to is made before it.
  void sort_org() {
    std::vector<SeedRecord> sorted;
    std::set<const SeedRecord*> done;
    while (sorted.size() < case_.org.size()) {
      const auto next = std::find_if(case_.org.begin(), case_.org.end(), [&](const SeedRecord& record) {
        return !done.contains(&record) && all_made(record, done);
      });
      if (next == case_.org.end()) {
        return note(findings_, mapping_test_reference, case_.pointer + "/org",
                    "records refer to each other in a circle, so none of them can be made first");
      }
      done.insert(&*next);
      sorted.push_back(*next);
    }
    case_.org = std::move(sorted);
  }

  bool all_made(const SeedRecord& record, const std::set<const SeedRecord*>& done) const {
    const std::vector<OrgReference> references = references_in(record.fields);
    return std::all_of(references.begin(), references.end(),
                       [&](const OrgReference& reference) { return done.contains(find_record(reference)); });
  }

  const nlohmann::json& tree_;
  const fs::path& folder_;
  base::Findings& findings_;
  MappingCase case_;
};

}  // namespace

MappingTestCheck read_mapping_test(const std::string& path) {
  base::JsonDocument document = base::JsonDocument::read_file(path);
  base::Findings findings = document.findings();
  if (!document.readable()) return {std::nullopt, std::move(findings)};
  const base::Findings of_schema =
      base::JsonSchema(schemas::text_of("mapping_test.schema.json")).check(document.root());
  findings.insert(findings.end(), of_schema.begin(), of_schema.end());
  std::vector<MappingCase> cases;
  std::string workflow;
  const fs::path folder = fs::path(path).parent_path();
  if (!base::has_errors(findings)) {
    workflow = (folder / document.root().at("workflow").get<std::string>()).lexically_normal().string();
    const nlohmann::json& all = document.root().at("cases");
    for (std::size_t i = 0; i < all.size(); ++i) {
      base::Findings of_case;
      cases.push_back(CaseReader(all[i], fmt::format("/cases/{}", i), folder, of_case).read());
      findings.insert(findings.end(), of_case.begin(), of_case.end());
    }
  }
  locate_own(document, findings);
  if (base::has_errors(findings)) return {std::nullopt, std::move(findings)};
  return {MappingTest{std::move(document), std::move(workflow), std::move(cases)}, std::move(findings)};
}

base::Findings unknown_names(const MappingTest& test, const engine::WorkflowDefinition& definition) {
  std::vector<std::string> aliases, tasks;
  for (const engine::TaskDefinition& task : definition.tasks) {
    tasks.push_back(task.id);
    if (!task.account.empty()) aliases.push_back(task.account);
  }
  base::Findings findings;
  const auto check_alias = [&](const std::string& alias, const std::string& pointer) {
    if (std::find(aliases.begin(), aliases.end(), alias) != aliases.end()) return;
    note(findings, mapping_test_name, pointer, fmt::format("no task of the workflow uses an account '{}'", alias),
         did_you_mean_name(alias, aliases));
  };
  const auto check_task = [&](const std::string& task, const std::string& pointer) {
    if (std::find(tasks.begin(), tasks.end(), task) != tasks.end()) return;
    note(findings, mapping_test_name, pointer, fmt::format("the workflow has no task '{}'", task),
         did_you_mean_name(task, tasks));
  };
  for (const MappingCase& one : test.cases) {
    for (const SeedRecord& record : one.org)
      check_alias(record.alias, one.pointer + "/org" + base::pointer_token(record.alias));
    for (const ExpectedRecords& expected : one.expect)
      check_alias(expected.alias, one.pointer + "/expect" + base::pointer_token(expected.alias));
    for (const auto& [task, output] : one.outputs)
      check_task(task, one.pointer + "/outputs" + base::pointer_token(task));
    for (const auto& [task, code] : one.refused) check_task(task, one.pointer + "/refused" + base::pointer_token(task));
  }
  locate_own(test.document, findings);
  return findings;
}

}  // namespace app
