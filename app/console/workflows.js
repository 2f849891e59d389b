// Workflows: whether each is enabled, on which account of which org its tasks run, and whether the gate is open to them.
import { ask } from "./api.js";
import { named_id } from "./names.js";
import { address_of, code_link, command, element, empty, facts, link, listed, table } from "./page.js";
import { folded_diagnosis } from "./refusal.js";
import { count } from "./words.js";

export const title = "Workflows";

export async function read(query) {
  const page = await ask(["workflows"], { limit: 50, after: query.get("after") });
  const gates = await Promise.all(page.workflows.map((flow) => (flow.version > 0 ? ask(["workflows", flow.id, "gate"]) : null)));
  return { ...page, gates };
}

export function summary({ workflows }) {
  return count(workflows.length, "workflow");
}

export function show({ workflows, gates, next }) {
  return [
    element("div", { class: "head" }, element("h1", {}, "Workflows")),
    workflows.length ? workflows.map((flow, i) => show_workflow(flow, gates[i])) : empty("No workflow is here", element("p", {}, "Start the server with ", element("code", {}, "--workflows DIR"), ", or push one: ", element("code", {}, "sluice workflows push FILE"), ".")),
    next && element("p", { class: "more" }, link(address_of(["workflows"], { after: next }), "More workflows")),
    command("In a terminal:", "sluice workflows list"),
  ];
}

function show_workflow(flow, gate) {
  return element("section", { class: "workflow", "aria-label": flow.name },
    element("h2", {}, flow.name, " ", element("span", { class: "badge " + (flow.enabled ? "good" : "calm") }, flow.enabled ? "enabled" : "disabled")),
    facts([
      ["version", flow.version || "none is live"], ["file", flow.file && element("code", {}, flow.file)], ["hook", element("code", {}, "POST " + flow.hook)],
      ["project", named_id(flow.project)], ["id", element("code", {}, flow.id)],
    ], "facts wide"),
    Object.keys(flow.accounts).length > 0 && table(["Alias", "Account", "Environment", "Org", ""], Object.entries(flow.accounts).map(([alias, account]) => [
      element("code", {}, alias), account.name ?? "somebody's own", account.environment ?? "", element("code", {}, account.org_id), standing_of(account)])),
    gate?.tasks.length > 0 && element("ul", { class: "gate", "aria-label": "Gate" }, gate_by_verdict(gate.tasks).map(show_gate)),
    element("p", { class: "ways" }, link(address_of(["runs"], { workflow: flow.id }), "Its runs"), " ", link(address_of(["causes"], { workflow: flow.id }), "Its causes")));
}

function standing_of(account) {
  if (account.removed) return element("span", { class: "badge bad" }, "account removed");
  return account.awaits_reauthentication ? element("span", { class: "badge warn" }, "awaits re-authentication") : "";
}

// What is the same for several tasks is told once.
function gate_by_verdict(tasks) {
  const by_verdict = new Map();
  for (const { task, verdict, diagnosis } of tasks) {
    const key = JSON.stringify([verdict, diagnosis.bound_to]);
    const known = by_verdict.get(key) ?? { names: [], verdict, diagnosis };
    known.names.push(task);
    by_verdict.set(key, known);
  }
  return [...by_verdict.values()];
}

function show_gate({ names, verdict, diagnosis }) {
  const tasks = listed(names.map((name) => element("strong", {}, name)));
  if (verdict.allowed) return element("li", {}, element("span", { class: "badge good" }, "gate open"), " ", tasks, element("span", { class: "quiet" }, verdict.grounds && " · " + verdict.grounds));
  return element("li", { class: "closed" },
    element("p", {}, element("span", { class: "badge warn" }, "gate closed"), " ", tasks, " ", verdict.code && code_link(verdict.code)),
    element("p", {}, verdict.message),
    verdict.lifted_by && element("p", {}, "Way out: ", element("strong", {}, verdict.lifted_by)),
    folded_diagnosis(diagnosis, names[0]));
}
