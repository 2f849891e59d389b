// `sluice runs`: the runs of a server or of a data directory, as a table and one by one.
#include <filesystem>
#include <iostream>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/org_use.hpp"
#include "app/cli/printing.hpp"
#include "app/cli/run_picture.hpp"
#include "app/cli/run_source.hpp"
#include "app/cli/runs_causes.hpp"
#include "app/cli/runs_replay.hpp"
#include "app/cli/runs_table.hpp"
#include "app/cli/table.hpp"
#include "app/cli/verbs.hpp"
#include "app/errors.hpp"
#include "app/loop_run.hpp"
#include "app/saved_run_test.hpp"
#include "base/log.hpp"
#include "engine/run.hpp"

namespace app::cli {
namespace {

int list_runs(const RunsListArguments& arguments) {
  if (!arguments.state.empty() && !engine::read_run_state(arguments.state)) {
    std::cerr << "sluice: --state is one of queued, running, succeeded, failed, cancelled, held\n";
    return Exit::usage;
  }
  return run_or_refuse(arguments.json, [&] {
    const base::JsonText document = read_runs(arguments);
    return tell(
        arguments, document,
        arguments.not_started ? not_started_table(document, this_terminal()) : runs_table(document, this_terminal()));
  });
}

struct OneRunArguments : ServerVerb {
  std::string run;
  std::string unclear{};  // what was seen in the org of a write whose answer was lost
};

int show_run(const OneRunArguments& arguments) {
  return run_or_refuse(arguments.json, [&] {
    const base::JsonText document = read_run(arguments.at, arguments.run);
    return tell(arguments, document, run_picture(document, this_terminal()));
  });
}

int cancel_run(ServerClient& server, const OneRunArguments& arguments) {
  const base::JsonText document = server.post(path_of({"runs", arguments.run, "cancel"}), Tree::object());
  const bool is_over = tree_of(document).at("state") == "cancelled";
  const std::string sentence =
      is_over
          ? fmt::format("{} is cancelled", arguments.run)
          : fmt::format(
                "{} ends when nothing of it is under way, and nothing more of it is begun; see `sluice runs show {}`",
                arguments.run, arguments.run);
  return tell(arguments, document, sentence);
}

int resume_run(ServerClient& server, const OneRunArguments& arguments) {
  Tree body = Tree::object();
  if (!arguments.unclear.empty()) body["unclear"] = arguments.unclear;
  const base::JsonText document = server.post(path_of({"runs", arguments.run, "resume"}), body);
  return tell(arguments, document,
              fmt::format("{} is due again; see `sluice runs show {}`", arguments.run, arguments.run));
}

struct SaveTestArguments : ServerVerb {
  std::string run;
  std::string folder;
  std::vector<SavedOrg> orgs{};
};

// As they were given: the saved test passes with the same schema.
std::string org_arguments(const std::vector<SavedOrg>& orgs) {
  std::string text;
  for (const SavedOrg& org : orgs)
    text += fmt::format(" --org {}{}{}", org.alias, org.alias.empty() ? "" : "=", org.folder);
  return text;
}

std::string saved_test_picture(const SavedRunTest& saved, const SaveTestArguments& arguments) {
  std::string picture = fmt::format("Made {}: ", arguments.folder);
  for (const auto& [name, text] : saved.files) picture += name + " ";
  picture += "\n";
  if (!saved.redacted.empty())
    picture += fmt::format("Stand-ins for what tells of somebody: {}\n", fmt::join(saved.redacted, ", "));
  for (const std::string& note : saved.notes) picture += "  " + note + "\n";
  return picture + fmt::format("Next: sluice test {}{}", arguments.folder, org_arguments(arguments.orgs));
}

base::JsonText saved_test_document(const SavedRunTest& saved, const SaveTestArguments& arguments) {
  nlohmann::ordered_json document{{"folder", arguments.folder}, {"files", nlohmann::ordered_json::array()}};
  for (const auto& [name, text] : saved.files) document["files"].push_back(name);
  document["redacted"] = saved.redacted;
  document["notes"] = saved.notes;
  return {document.dump()};
}

int save_test_of_run(const SaveTestArguments& arguments) {
  namespace fs = std::filesystem;
  return run_or_refuse(arguments.json, [&] {
    if (fs::exists(arguments.folder) && (!fs::is_directory(arguments.folder) || !fs::is_empty(arguments.folder)))
      throw Refusal(Exit::usage, std::string(folder_not_empty.name),
                    fmt::format("'{}' is there already and not empty", arguments.folder));
    std::optional<LocalSchemas> schemas = read_local_schemas(arguments.orgs, arguments.json);
    if (!schemas) return static_cast<int>(Exit::bad_input);
    RunMaterial material = read_run_material(arguments.at, arguments.run);
    boost::asio::io_context loop(1);
    base::StderrLog log(base::LogLevel::error);
    const base::Result<SavedRunTest> saved = run_on(
        loop,
        save_run_test(loop, log, {std::move(material.run), std::move(material.workflow), std::move(material.response)},
                      *std::move(schemas)));
    if (!saved) throw Refusal(Exit::failed, saved.error());
    fs::create_directories(arguments.folder);
    for (const auto& [name, text] : saved->files) write_text_file((fs::path(arguments.folder) / name).string(), text);
    return tell(arguments, saved_test_document(*saved, arguments), saved_test_picture(*saved, arguments));
  });
}

}  // namespace

void add_runs(VerbGroup& program) {
  VerbGroup runs = program.group("runs", "runs of a server or of a data directory");

  auto list = runs.verb("list", "runs, newest first; or accepted events that started none", list_runs);
  list.flag("--not-started", list->not_started, "accepted events that started no run, and why");
  list.option("--state", list->state, "only runs in this state");
  list.flag("--children", list->children, "also the child runs of lists, one for each item");
  list.option("--cause", list->cause, "only the runs that `runs causes` counts under this id, items of lists too");
  list.option("--parent", list->parent, "only the child runs of this run");
  list.option("--limit", list->limit, "at most so many").between(1, 500);
  take_json(list, list->json);
  take_server(list, list->at);

  add_runs_causes(runs);

  auto show = runs.verb("show", "one run: its graph, attempts, verdicts, requests and records", show_run);
  show.argument("RUN", show->run, "run id");
  take_json(show, show->json);
  take_server(show, show->at);

  auto save =
      runs.verb("save-test", "make of a run a folder with a mapping test, its answers redacted", save_test_of_run);
  save.argument("RUN", save->run, "run id");
  save.option("-o,--output", save->folder, "the folder to make").required();
  save.repeatable(
      "--org", saved_org_taker(save->orgs),
      "DIR or ALIAS=DIR: an org's schema as `sluice org snapshot` saved it, for objects and fields of its own "
      "(repeatable)");
  take_json(save, save->json);
  take_server(save, save->at);

  auto cancel = server_verb(runs, "cancel", "end a run that has not ended; what it has sent stays", cancel_run);
  cancel.argument("RUN", cancel->run, "run id");

  auto resume = server_verb(runs, "resume", "try a held run again", resume_run);
  resume.argument("RUN", resume->run, "run id");
  resume
      .option("--unclear", resume->unclear,
              "what you saw in the org of a write whose answer was lost: done, or repeat it")
      .one_of({"done", "repeat"});

  add_runs_replay(runs);
}

}  // namespace app::cli
