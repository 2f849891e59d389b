#include "app/cli/refusal.hpp"

#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/error_page.hpp"
#include "base/json_writer.hpp"

namespace app::cli {
namespace {

void print_refusal_document(const Refusal& refusal) {
  base::JsonWriter out;
  out.begin_object();
  out.key("error");
  out.begin_object();
  out.field("code", refusal.code);
  out.field("message", refusal.what());
  out.field("exit", static_cast<int>(refusal.exit));
  if (!refusal.next.empty()) out.field("next", refusal.next);
  if (!refusal.problem.empty()) out.field("problem", refusal.problem);
  out.end_object();
  out.end_object();
  std::cout << out.text() << std::endl;
}

// The faults of a document.
void print_findings_of(const Tree& problem) {
  for (const Tree& finding : member(problem, "findings")) {
    const std::string line = text_in(finding, "line"), pointer = text_in(finding, "pointer");
    const std::string place =
        (line.empty() || line == "0" ? "" : "line " + line + ": ") + (pointer.empty() ? "" : pointer + ": ");
    std::string right = text_in(finding, "hint");
    if (!right.empty()) right = " · " + right;
    std::cerr << fmt::format("        {}{}{} [{}]\n", place, text_in(finding, "message"), right,
                             text_in(finding, "code"));
  }
}

// What the gate says against each task, on which org, and who lifts it.
void print_gate_refusals(const Tree& problem) {
  for (const Tree& refusal : member(problem, "refusals")) {
    const Tree& verdict = member(refusal, "verdict");
    std::cerr << fmt::format("        {} ({}): {} [{}]\n", text_in(refusal, "task"), text_in(refusal, "alias"),
                             text_in(verdict, "message"), text_in(verdict, "code"));
    const Tree& diagnosis = member(refusal, "diagnosis");
    std::vector<std::string> where;
    for (const char* name : {"account", "environment", "org_id", "salesforce_user"}) {
      if (const std::string text = text_in(diagnosis, name); !text.empty()) where.push_back(text);
    }
    if (!where.empty()) std::cerr << fmt::format("          on: {}\n", fmt::join(where, " · "));
    if (const std::string way = text_in(verdict, "lifted_by"); !way.empty())
      std::cerr << "          way out: " << way << "\n";
  }
}

}  // namespace

void print_refusal(const Refusal& refusal, bool json) {
  if (json) return print_refusal_document(refusal);
  std::cerr << fmt::format("sluice: {} [{}]\n", refusal.what(), refusal.code);
  const Tree problem = tree_of(refusal.problem);
  print_findings_of(problem);
  print_gate_refusals(problem);
  const std::string_view page = error_page(refusal.code);
  const std::string next = refusal.next.empty() ? what_to_do(page) : refusal.next;
  if (!next.empty()) std::cerr << "        next: " << next << "\n";
  if (!page.empty()) std::cerr << "        more: sluice explain " << refusal.code << "\n";
}

int run_or_refuse(bool json, const std::function<int()>& function) {
  try {
    return function();
  } catch (const Refusal& refusal) {
    print_refusal(refusal, json);
    return refusal.exit;
  }
}

}  // namespace app::cli
