// Why runs have failed or wait, each cause once, the most runs first.
import { ask } from "./api.js";
import { address_of, code_link, command, element, empty, link, listed, run_link } from "./page.js";
import { badge, count, time, tone_of } from "./words.js";

export const title = "Causes";

export async function read(query) {
  return ask(["runs", "causes"], { state: query.get("state"), workflow: query.get("workflow"), after: query.get("after") });
}

export function show({ causes, next }, query) {
  const filter = query.get("state") ?? "";
  const tabs = [["", "All"], ["failed", "Failed"], ["held", "Held"]].map(([state, name]) =>
    element("a", { href: address_of(["causes"], { state, workflow: query.get("workflow") ?? "" }), "aria-current": state === filter ? "true" : null }, name));
  return [
    element("div", { class: "head" }, element("h1", {}, "Causes"), element("nav", { class: "tabs", "aria-label": "Which runs" }, tabs)),
    element("p", { class: "lead" }, "Why runs failed or wait, each cause told once. A cause leaves this page when its runs are released, replayed or cancelled."),
    causes.length ? element("ol", { class: "causes" }, causes.map(show_cause)) : nothing(filter),
    next && element("p", { class: "more" }, link(address_of(["causes"], { state: filter, after: next }), "More causes")),
    command("In a terminal:", "sluice runs causes"),
  ];
}

export function summary({ causes }) {
  return count(causes.length, "cause");
}

function nothing(filter) {
  return empty(
    filter ? "No run is " + filter : "Nothing fails, and nothing waits for a person",
    element("p", {}, "Runs that fail or are held stand here, by their cause. What has run: ", link(address_of(["runs"]), "all runs"), "."),
  );
}

export function show_cause(cause) {
  const runs = address_of(["runs"], { cause: cause.id });
  return element(
    "li", { class: "cause " + tone_of(cause.states[0]) },
    element("a", { class: "amount", href: runs }, element("strong", {}, cause.runs), " ", cause.runs === 1 ? "run" : "runs", cause.states.map(badge)),
    element("div", { class: "story" },
      element("h2", {}, cause.message),
      element("p", { class: "where" },
        element("code", { class: "code" }, cause.org_code ?? cause.code),
        cause.fields && [" on ", listed(cause.fields.map((field) => element("code", { class: "field" }, field)))],
        " · ", cause.workflow.name, " · ", cause.task ? element("span", {}, cause.task) : "the response"),
      element("p", { class: "quiet" },
        "last ", time(cause.last_at), cause.last_at !== cause.first_at && [", first ", time(cause.first_at)],
        " · for example ", run_link(cause.example)),
      element("p", { class: "ways" },
        link(runs, "See " + (cause.runs === 1 ? "the run" : "all " + cause.runs + " runs")), " ",
        element("span", {}, "What it means: ", code_link(cause.code)))),
  );
}
