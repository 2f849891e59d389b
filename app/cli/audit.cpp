// `sluice audit`: who changed what and when, in a chain that shows whether anything was taken out or altered.
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/resource_names.hpp"
#include "app/cli/run_words.hpp"
#include "app/cli/server_verb.hpp"
#include "app/cli/table.hpp"
#include "app/cli/verbs.hpp"
#include "app/errors.hpp"
#include "base/http/message.hpp"

namespace app::cli {
namespace {

struct AuditArguments : ServerVerb {
  std::string what{};
  std::string who{};
  std::string subject{};
  int limit = 50;
};

std::string details_on_one_line(const Tree& details) {
  std::vector<std::string> parts;
  for (const auto& [name, value] : details.items())
    parts.push_back(name + "=" + (value.is_string() ? value.get<std::string>() : value.dump()));
  return fmt::format("{}", fmt::join(parts, " "));
}

int list_audit(ServerClient& server, const AuditArguments& arguments) {
  std::string path = fmt::format("/audit?limit={}", arguments.limit);
  if (!arguments.what.empty()) path += "&what=" + base::http::percent_encode(arguments.what);
  if (!arguments.who.empty()) path += "&who=" + id_of(server, resource::users, arguments.who);
  if (!arguments.subject.empty()) path += "&subject=" + base::http::percent_encode(arguments.subject);
  const base::JsonText document = server.get(path);
  const Tree answer = tree_of(document);
  NameBook names(server);
  Table table({whole("WHEN"), "WHO", whole("WHAT"), "SUBJECT", "DETAILS"});
  for (const Tree& entry : member(answer, "entries")) {
    table.row({day_and_minute(text_in(entry, "at")), names.name_of(text_in(entry, "who")), text_in(entry, "what"),
               names.name_of(text_in(entry, "subject")), details_on_one_line(member(entry, "details"))});
  }
  std::string text = table.empty() ? "No entry fits." : table.draw(this_terminal());
  if (!text_in(answer, "next").empty()) text += "There are older entries: --limit shows more\n";
  return tell(arguments, document, text);
}

struct HeadArguments : ServerVerb {};

// The bare line, to be kept as it is.
int show_head(ServerClient& server, const HeadArguments& arguments) {
  const base::JsonText document = server.get("/audit/head");
  const std::string head = text_in(tree_of(document), "head");
  return tell(arguments, document, head.empty() ? "No entry yet." : head);
}

struct VerifyArguments : ServerVerb {
  std::string head{};
};

int verify_audit(ServerClient& server, const VerifyArguments& arguments) {
  const std::string kept = arguments.head.empty() ? "" : "?head=" + base::http::percent_encode(arguments.head);
  const base::JsonText document = server.get("/audit/verify" + kept);
  const Tree answer = tree_of(document);
  const bool holds = is_set(answer, "holds");
  const Facts facts{{"entries that hold", text_in(answer, "entries")}, {"head", text_in(answer, "head")}};
  tell(arguments, document,
       holds ? "The audit log is whole.\n" + draw_facts(facts) +
                   "  `sluice audit head` gives the line to keep elsewhere; `--head` holds a later log against it.\n"
             : fmt::format("✗ The audit log was altered. The first entry that does not fit is number {}: {}\n",
                           text_in(answer, "first_broken"), text_in(answer, "fault")) +
                   draw_facts(facts));
  return holds ? Exit::fine : Exit::failed;
}

}  // namespace

void add_audit(VerbGroup& program) {
  VerbGroup group = program.group("audit", "who changed what, and when (brand admins)");

  auto list = server_verb(group, "list", "changes, newest first", list_audit);
  list.option("--what", list->what, "only this kind, e.g. account.shared");
  list.option("--who", list->who, "only by this user: name or id");
  list.option("--subject", list->subject, "only about this id");
  list.option("--limit", list->limit, "at most so many").between(1, 500);

  server_verb(group, "head", "where the log ends, as one line to keep elsewhere", show_head);

  auto verify =
      server_verb(group, "verify", "check the chain of all entries; ends with 1 if it is broken", verify_audit);
  verify.option("--head", verify->head, "a line that `audit head` gave: the log must lead to it");
}

}  // namespace app::cli
