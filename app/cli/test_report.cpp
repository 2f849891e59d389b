#include "app/cli/test_report.hpp"

#include <algorithm>
#include <iostream>

#include <fmt/format.h>

#include "app/cli/printing.hpp"

namespace app::cli {
namespace {

// The same case on local orgs; null where there is none, or where they do not know its objects.
const MappingCaseResult* local_twin(const PlayedFile& played, const MappingCaseResult& one) {
  if (!played.local) return nullptr;
  const std::vector<MappingCaseResult>& cases = played.local->cases;
  const auto twin =
      std::find_if(cases.begin(), cases.end(), [&](const MappingCaseResult& c) { return c.pointer == one.pointer; });
  return twin == cases.end() ? nullptr : &*twin;
}

// As it is told: where local orgs do what the case expects, it is the sandbox that is different.
std::vector<std::string> told_differences(const MappingCaseResult& one, const MappingCaseResult* local) {
  std::vector<std::string> told;
  const bool is_of_sandbox = local && local->passed();
  for (const std::string& difference : one.differences)
    told.push_back(is_of_sandbox ? "the sandbox answered differently: " + difference : difference);
  return told;
}

// What a person should know beside: the local org and the sandbox do not do the same.
std::vector<std::string> contrasts_of(const MappingCaseResult& one, const MappingCaseResult* local) {
  std::vector<std::string> contrasts;
  if (!local || local->passed()) return contrasts;
  for (const std::string& difference : local->differences) {
    const bool is_common =
        std::find(one.differences.begin(), one.differences.end(), difference) != one.differences.end();
    if (!is_common) contrasts.push_back("on the local org: " + difference);
  }
  return contrasts;
}

void write_texts(base::JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.key(name);
  json.begin_array();
  for (const std::string& text : texts) json.string(text);
  json.end_array();
}

void print_case(const MappingCaseResult& one, const MappingCaseResult* local, std::size_t name_width,
                const Paint& paint) {
  const Ink ink = one.passed() ? Ink::green : Ink::red;
  const std::string figures =
      fmt::format("{:>3} call{} {:>5} ms", one.calls, one.calls == 1 ? " " : "s", one.took.count());
  std::cout << "  " << paint(ink, one.passed() ? "✓" : "✗") << " " << padded(one.name, name_width) << "  "
            << paint(Ink::dim, figures) << "\n";
  for (const std::string& difference : told_differences(one, local))
    std::cout << "      " << paint(Ink::red, difference) << "\n";
  for (const std::string& contrast : contrasts_of(one, local))
    std::cout << "      " << paint(Ink::dim, contrast) << "\n";
  for (const std::string& note : one.notes) std::cout << "      " << paint(Ink::yellow, "note: " + note) << "\n";
  if (!one.passed() && !one.not_started.empty()) std::cout << "      no run was started: " << one.not_started << "\n";
}

void write_case(base::JsonWriter& json, const MappingCaseResult& one, const MappingCaseResult* local) {
  json.begin_object();
  json.field("name", one.name);
  json.field("passed", one.passed());
  write_texts(json, "differences", told_differences(one, local));
  if (!one.notes.empty()) write_texts(json, "notes", one.notes);
  if (!one.not_started.empty()) json.field("not_started", one.not_started);
  json.field("calls", one.calls);
  json.field("took_ms", static_cast<std::int64_t>(one.took.count()));
  if (local) {
    json.key("local");
    json.begin_object();
    json.field("passed", local->passed());
    write_texts(json, "differences", local->differences);
    json.end_object();
  }
  json.end_object();
}

}  // namespace

void print_played(const PlayedFile& played, const Paint& paint) {
  const MappingTestResult& result = played.result;
  if (!result.cases.empty())
    std::cout << paint(Ink::bold, result.file) << paint(Ink::dim, " · " + result.workflow) << "\n";
  std::size_t name_width = 0;
  for (const MappingCaseResult& one : result.cases) name_width = std::max(name_width, columns_of(one.name));
  for (const MappingCaseResult& one : result.cases) print_case(one, local_twin(played, one), name_width, paint);
  if (!result.contrast.empty()) std::cout << "  the sandbox is not as the local org:\n";
  for (const std::string& sentence : result.contrast) std::cout << "      " << paint(Ink::yellow, sentence) << "\n";
  for (const std::string& update : played.updated) std::cout << "  rewritten: " << update << "\n";
  std::cout << std::flush;
  print_findings(result.findings, false);
}

void write_played(base::JsonWriter& json, const PlayedFile& played) {
  const MappingTestResult& result = played.result;
  json.begin_object();
  json.field("file", result.file);
  if (!result.workflow.empty()) json.field("workflow", result.workflow);
  json.field("findings", base::JsonText{base::to_json(result.findings)});
  json.key("cases");
  json.begin_array();
  for (const MappingCaseResult& one : result.cases) write_case(json, one, local_twin(played, one));
  json.end_array();
  if (played.local) write_texts(json, "contrast", result.contrast);
  if (!played.updated.empty()) write_texts(json, "updated", played.updated);
  json.end_object();
}

void add_junit_cases(const PlayedFile& played, std::vector<JunitCase>& cases) {
  const MappingTestResult& result = played.result;
  for (const MappingCaseResult& one : result.cases) {
    JunitCase junit{.suite = result.file, .name = one.name};
    junit.seconds = static_cast<double>(one.took.count()) / 1000;
    const std::vector<std::string> differences = told_differences(one, local_twin(played, one));
    if (!differences.empty()) {
      junit.failure = differences.front();
      junit.details = fmt::format("{}", fmt::join(differences, "\n"));
      for (const std::string& sentence : result.contrast) junit.details += "\n" + sentence;
    }
    cases.push_back(std::move(junit));
  }
  for (const base::Finding& finding : result.findings) {
    if (finding.severity != base::Severity::error) continue;
    cases.push_back({.suite = result.file, .name = finding.code, .failure = base::to_line(finding)});
  }
}

}  // namespace app::cli
