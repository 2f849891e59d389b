// One run, whole: why it failed or waits, its tasks, what they sent and got, and its history.
import { ask } from "./api.js";
import { named_id } from "./names.js";
import { address_of, code_link, command, element, facts, link, run_link, table } from "./page.js";
import { why_of_task } from "./refusal.js";
import { task_section } from "./run_task.js";
import { badge, items_in_words, span_between, time, tone_of } from "./words.js";

export const title = "Run";

export async function read(_query, [id]) {
  return ask(["runs", id]);
}

export function is_over({ state }) {
  return state === "succeeded" || state === "failed" || state === "cancelled";
}

export function title_of(run) {
  return run.workflow.name + " " + run.state;
}

export function summary(run) {
  return "Run " + run.state;
}

export function show(run, query) {
  const stopped = run.tasks.filter((task) => task.held || task.state === "failed");
  return [
    element("div", { class: "head" }, element("h1", {}, run.workflow.name), badge(run.state), element("span", { class: "quiet" }, "version ", run.workflow.version)),
    way_up(run),
    stopped.map((task) => element("section", { class: "why " + tone_of(task.state), "aria-label": "Why " + task.id + (task.held ? " is held" : " failed") },
      element("h2", {}, task.id, task.held ? " is held for a person" : " failed"), why_of_task(task))),
    !stopped.length && run.code && element("p", { class: "lead" }, code_link(run.code)),
    head_of(run),
    graph(run, query.get("task")),
    element("h2", {}, "Tasks"),
    run.tasks.map((task) => task_section(task, run)),
    commands(run),
    history(run),
  ];
}

function way_up(run) {
  if (!run.parent) return null;
  return element("p", { class: "lead" }, "Item ", run.parent.item, " of ", element("strong", {}, run.parent.task), " of ", run_link(run.parent.run), " · ",
    link(address_of(["runs"], { parent: run.parent.run }), "all its items"));
}

function head_of(run) {
  return facts([
    ["run", element("code", {}, run.id)],
    ["replay", run.replay > 0 && [run.replay, run.replay_of && [", of ", run_link(run.replay_of)]]],
    ["received", [time(run.received_at), run.ended_at && " · ended after " + span_between(run.received_at, run.ended_at)]],
    ["goes on", run.due_at && time(run.due_at)],
    ["items", items_in_words(run.items)],
    ["key", element("span", { class: "key" }, run.event.dedup_key)],
    ["event", element("code", {}, run.event.id)],
    ["project", named_id(run.project)],
    ["owner", [named_id(run.owner), run.owner === run.creator && " also the workflow's creator"]],
    ["creator", run.owner !== run.creator && named_id(run.creator)],
    ["workflow", link(address_of(["runs"], { workflow: run.workflow.id }), "its runs")],
  ], "facts wide");
}

// Columns of the workflow's graph, left to right; a task says what it comes after.
function graph(run, chosen) {
  if (run.tasks.length < 2) return null;
  const columns = [];
  for (const task of run.tasks) (columns[task.column] ??= []).push(task);
  const box = (task) => element("li", {},
    element("a", { class: "box " + tone_of(task.state), href: address_of(["runs", run.id], { task: task.id }), "aria-current": task.id === chosen ? "true" : null },
      element("strong", {}, task.id), " ", badge(task.state),
      element("small", {}, task.type.replace("salesforce_", ""), task.account && " · " + task.account.alias),
      task.after.map((edge) => element("small", { class: "after" }, edge.on === "succeeded" ? "after " : "on " + edge.on + " of ", edge.task))));
  return element("nav", { class: "graph", "aria-label": "Tasks" }, columns.filter(Boolean).map((tasks) => element("ol", {}, tasks.map(box))));
}

function commands(run) {
  const replayed = run.parent?.run ?? run.id;
  return element("section", { class: "commands" }, element("h2", {}, "What you can do"),
    element("p", { class: "quiet" }, "The console only reads. In a terminal:"),
    run.state === "failed" && command("Once the cause is put right, let it go on:", "sluice runs replay " + replayed),
    run.state === "held" && command("Once what it waits for is there, try again:", "sluice runs resume " + run.id),
    run.tasks.some((task) => task.held && task.unsure) && command("Where an answer was lost, say what you saw in the org:", "sluice runs resume " + run.id + " --unclear done|repeat"),
    run.state === "succeeded" && command("Carry its response through the live version:", "sluice runs replay " + replayed + " --version latest"),
    !is_over(run) && command("End it; what it has sent stays:", "sluice runs cancel " + run.id),
    command("Make a mapping test of it:", "sluice runs save-test " + run.id + " -o DIR"),
    command("The same as on this page:", "sluice runs show " + run.id));
}

function history(run) {
  return element("section", {}, element("h2", {}, "History"),
    table(["At", "Task", "What", ""], run.history.map((fact) => [time(fact.at, "clock"), fact.task ?? "", element("code", {}, fact.what), fact.message]), "history"));
}
