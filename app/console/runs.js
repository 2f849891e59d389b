// Runs, newest first: by state, workflow or cause, a page at a time.
import { ask } from "./api.js";
import { show_cause } from "./causes.js";
import { address_of, code_link, command, element, empty, link, run_link, table } from "./page.js";
import { badge, count, items_in_words, run_states, time } from "./words.js";

export const title = "Runs";

export async function read(query) {
  const asked = Object.fromEntries(["state", "workflow", "cause", "parent", "before", "children"].map((name) => [name, query.get(name) ?? ""]));
  const is_not_started = query.get("not_started") === "true";
  const [page, workflows, causes] = await Promise.all([
    is_not_started ? ask(["runs"], { not_started: "true" }) : ask(["runs"], asked),
    ask(["workflows"], { limit: 500 }),
    asked.cause ? ask(["runs", "causes"], { limit: 500 }) : null,
  ]);
  return { ...page, workflows: workflows.workflows, cause: causes?.causes.find((cause) => cause.id === asked.cause) };
}

export function show(page, query) {
  const is_not_started = query.get("not_started") === "true";
  return [
    element("div", { class: "head" }, element("h1", {}, "Runs"), state_tabs(query)),
    filters(page, query),
    page.cause && element("ol", { class: "causes" }, show_cause(page.cause)),
    is_not_started ? not_started(page.not_started) : runs_table(page, query),
    pages(page, query),
    command("In a terminal:", command_of(query)),
  ];
}

export function summary(page) {
  return page.runs ? count(page.runs.length, "run") + (page.next_before ? ", and more" : "") : count(page.not_started.length, "event");
}

function with_changes(query, changes) {
  const kept = Object.fromEntries(["state", "workflow", "cause", "parent", "children"].map((name) => [name, query.get(name) ?? ""]));
  return address_of(["runs"], { ...kept, ...changes });
}

function state_tabs(query) {
  const is_not_started = query.get("not_started") === "true";
  const now = is_not_started ? null : (query.get("state") ?? "");
  const tabs = ["", ...run_states].map((state) =>
    element("a", { href: with_changes(query, { state }), "aria-current": state === now ? "true" : null }, state || "all"));
  tabs.push(element("a", { href: address_of(["runs"], { not_started: "true" }), "aria-current": is_not_started ? "true" : null }, "started nothing"));
  return element("nav", { class: "tabs", "aria-label": "State" }, tabs);
}

function filters(page, query) {
  const chosen = query.get("workflow") ?? "";
  const go = (changes) => { location.hash = with_changes(query, changes); };
  const options = [element("option", { value: "" }, "every workflow"),
    ...page.workflows.map((flow) => element("option", { value: flow.id, selected: flow.id === chosen }, flow.name))];
  const limits = [["cause", "one cause"], ["parent", "items of one run"]].filter(([name]) => query.get(name));
  return element("div", { class: "filters" },
    element("label", {}, "Workflow ", element("select", { "data-key": "workflow", change: (event) => go({ workflow: event.target.value }) }, options)),
    element("label", {}, element("input", { type: "checkbox", "data-key": "children", checked: query.get("children") === "true", change: (event) => go({ children: event.target.checked ? "true" : "" }) }), " items of lists, too"),
    limits.map(([name, words]) => element("span", { class: "chip" }, words, " ", element("a", { href: with_changes(query, { [name]: "" }), "aria-label": "not only " + words }, "✕"))));
}

function runs_table({ runs }, query) {
  if (!runs.length) return nothing(query);
  return table(["State", "Received", "Workflow", "Why", "Key", "Run"], runs.map((row) => [
    badge(row.state), time(row.received_at), row.workflow, why_of(row),
    key_of(row),
    [run_link(row.id), row.parent && element("span", { class: "quiet" }, " item of ", run_link(row.parent, "its parent"))],
  ]), "runs");
}

// Of a queued run when it goes on; of any other its cause, its code, and the items that it waits for.
function why_of(row) {
  const items = items_in_words(row.items);
  if (row.state === "queued") return row.due_at ? ["goes on ", time(row.due_at)] : items;
  return [
    row.cause && element("span", { class: "message", title: row.cause.message }, row.cause.message), " ",
    row.code && code_link(row.code), row.code && items && " · ", items,
  ];
}

function key_of({ dedup_key }) {
  return element("span", { class: "key", title: dedup_key }, dedup_key);
}

function nothing(query) {
  const is_filtered = ["state", "workflow", "cause", "parent", "before"].some((name) => query.get(name));
  return is_filtered
    ? empty("No run is like that", element("p", {}, link(address_of(["runs"]), "All runs")))
    : empty("Nothing has run yet", element("p", {}, "A run begins when a response is delivered to a workflow's hook: ", link(address_of(["workflows"]), "the workflows and their hooks"), "."));
}

function not_started(events) {
  if (!events.length) return empty("Every event has started a run");
  return table(["Received", "Workflow", "Why", "Key"], events.map((event) => [
    time(event.at), event.workflow, [code_link(event.code), " ", event.message], key_of(event)]), "runs events");
}

function pages(page, query) {
  const is_later = Boolean(query.get("before"));
  if (!page.next_before && !is_later) return null;
  return element("p", { class: "more" },
    is_later && [link(with_changes(query, {}), "Newest"), " "],
    page.next_before && link(with_changes(query, { before: String(page.next_before) }), "Older runs"));
}

function command_of(query) {
  if (query.get("not_started") === "true") return "sluice runs list --not-started";
  const options = ["state", "cause", "parent"].filter((name) => query.get(name)).map((name) => ` --${name} ${query.get(name)}`);
  return "sluice runs list" + options.join("") + (query.get("children") === "true" ? " --children" : "");
}
