#include "app/cli/runs_replay.hpp"

#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/changes_picture.hpp"
#include "app/cli/document_tree.hpp"
#include "app/cli/plan_picture.hpp"
#include "app/cli/printing.hpp"
#include "app/cli/server_client.hpp"
#include "app/cli/server_verb.hpp"
#include "app/cli/table.hpp"
#include "app/plan.hpp"

namespace app::cli {
namespace {

struct ReplayArguments : ServerVerb {
  std::string run;
  std::string version = "original";
  bool is_agreed = false;  // to what the plan says
};

// As the plan's picture takes it. Values are drawn, so their texts are enough.
PlannedTask planned_task_of(const Tree& told) {
  PlannedTask task{.id = text_in(told, "task"), .type = text_in(told, "type"), .account = text_in(told, "account")};
  task.outlook = read_outlook(text_in(told, "does")).value_or(Outlook::undecided);
  task.object = text_in(told, "object");
  task.record = text_in(told, "record");
  task.own_key = text_in(told, "own_key");
  task.text = text_in(told, "text");
  task.code = text_in(told, "code");
  task.message = text_in(told, "message");
  if (const Tree& item = member(told, "item"); item.is_number_integer()) task.item = item.get<int>();
  if (const Tree& matched = member(told, "matched"); matched.is_number_integer())
    task.matched = matched.get<std::int64_t>();
  if (const Tree& calls = member(told, "calls"); calls.is_number_integer()) task.calls = calls.get<std::int64_t>();
  if (const Tree& key = member(told, "key"); key.is_object()) {
    for (const auto& [field, value] : key.items())
      task.key.emplace_back(field, base::Value(text_in(key, field.c_str())));
  }
  for (const Tree& field : member(told, "fields"))
    task.fields.push_back(
        {text_in(field, "field"), base::Value(text_in(field, "old")), base::Value(text_in(field, "new"))});
  return task;
}

std::string replay_plan_picture(const Tree& plan, const PictureOptions& options) {
  const Paint paint(options.has_colour);
  const std::string ran = text_in(member(plan, "version"), "ran"), live = text_in(member(plan, "version"), "live");
  std::string out = paint(Ink::bold, fmt::format("Replay of {} by version {}", text_in(plan, "run"), live)) +
                    (ran == live ? ", the one that it ran.\n" : fmt::format("; it ran version {}.\n", ran));
  if (const Tree& differences = member(plan, "differences"); !differences.empty())
    out += "\n" + paint(Ink::bold, "How the versions differ") + "\n" + changes_picture(differences, options);
  Facts accounts;
  for (const Tree& account : member(plan, "accounts"))
    accounts.emplace_back(text_in(account, "alias"),
                          fmt::format("{} · org {}", text_in(account, "environment"), text_in(account, "org_id")));
  out += "\n" + paint(Ink::bold, "What it would change") + "\n" + draw_facts(accounts);
  if (!is_set(plan, "fetched"))
    return out + "Not known yet: the response has never been fetched, and the replay does that first.\n";
  PlannedResponse response{.response = text_in(plan, "run")};
  for (const Tree& task : member(plan, "tasks")) response.tasks.push_back(planned_task_of(task));
  return out + planned_response_picture(response, options);
}

int replay_original(ServerClient& server, const ReplayArguments& arguments) {
  const base::JsonText document =
      server.post(path_of({"runs", arguments.run, "replay"}), Tree{{"version", arguments.version}});
  return tell(arguments, document,
              fmt::format("{} goes on from where it failed; see `sluice runs show {}`", arguments.run, arguments.run));
}

// The plan comes first, whether it is agreed to already or not; the run that follows is of the version it was shown
// for.
int replay_latest(ServerClient& server, const ReplayArguments& arguments) {
  const base::JsonText plan = server.get(path_of({"runs", arguments.run, "replay-plan"}));
  const Tree told = tree_of(plan);
  if (!arguments.json) std::cout << replay_plan_picture(told, this_terminal()) << std::flush;
  if (!arguments.is_agreed) {
    if (arguments.json) std::cout << plan.text << std::endl;
    if (!arguments.json)
      std::cout << fmt::format("\nNothing was done. To replay it: sluice runs replay {} --version latest --yes\n",
                               arguments.run);
    return Exit::changes_planned;
  }
  const base::JsonText document =
      server.post(path_of({"runs", arguments.run, "replay"}),
                  Tree{{"version", arguments.version}, {"live", member(member(told, "version"), "live")}});
  const std::string next = text_in(tree_of(document), "id");
  return tell(arguments, document, fmt::format("\n{} follows it; see `sluice runs show {}`", next, next));
}

int replay_run(ServerClient& server, const ReplayArguments& arguments) {
  return arguments.version == "latest" ? replay_latest(server, arguments) : replay_original(server, arguments);
}

}  // namespace

void add_runs_replay(VerbGroup& runs) {
  auto replay =
      server_verb(runs, "replay",
                  "let a failed run go on, or carry its response through the live version (shown first)", replay_run);
  replay.argument("RUN", replay->run, "run id");
  replay
      .option(
          "--version", replay->version,
          "original: the failed run goes on, finished tasks are not sent again; latest: a new run of the live version")
      .one_of({"original", "latest"});
  replay.flag("--yes", replay->is_agreed, "with latest: replay it; without it the plan is shown and nothing is done");
}

}  // namespace app::cli
