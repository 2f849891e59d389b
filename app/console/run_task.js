// One task of a run: its attempts, each with its verdict, what it sent and what came back, and what became of it.
import { item_list } from "./item_list.js";
import { address_of, code_link, element, facts, outside_link } from "./page.js";
import { error_block } from "./refusal.js";
import { json_block, request_block, same } from "./values.js";
import { badge, count, run_states, span_between, time, tone_of } from "./words.js";

export function task_section(task, run) {
  const span = task.attempts.length > 0 && span_between(task.started_at, task.ended_at);
  const more = task.account ? [" on ", element("strong", {}, task.account.alias), account_in_words(task.account.linked)] : null;
  return element("section", { class: "task", id: "task-" + task.id, "aria-label": "Task " + task.id },
    element("h3", {}, element("span", { class: "name" }, task.id), " ", badge(task.state)),
    element("p", { class: "where" }, element("code", {}, task.type), more, span && [" · ", span]),
    facts([
      ["code", task.code && code_link(task.code)],
      [task.state === "skipped" ? "because" : "message", !task.attempts.some((attempt) => attempt.error) && task.message],
      ["unsure", task.unsure && "an attempt's answer was lost: whether it was carried out is not known"],
      ["goes on", task.due_at && time(task.due_at)],
      ["note", task.notes?.map((note) => element("p", { class: "note" }, note.field && [element("code", { class: "field" }, note.field), ": "], note.message))],
      ["record", task.record && (task.record.url ? outside_link(task.record.url, task.record.id) : element("code", {}, task.record.id))],
    ]),
    task.for_each && items_of(task, run),
    task.attempts.map((attempt, i) => attempt_block(attempt, task.attempts[i - 1], task, i)),
    task.output !== undefined && element("details", { "data-key": "output " + task.id }, element("summary", {}, "Output"), json_block(task.output)));
}

function account_in_words(linked) {
  if (!linked) return null;
  const words = [linked.name, linked.environment, linked.org_id && "org " + linked.org_id].filter(Boolean);
  return words.length ? " · " + words.join(" · ") : null;
}

// Those of a long list that succeeded are counted, not listed.
function items_of({ id, for_each }, run) {
  const children = for_each.children;
  const counts = run_states.filter((state) => for_each[state]).map((state) => for_each[state] + " " + state);
  if (for_each.left_out) counts.push(for_each.left_out + " left out");
  const shown = children.length > 12 ? children.filter((child) => child.state !== "succeeded") : children;
  return element("div", { class: "items" },
    facts([["for each", element("code", {}, for_each.list)], ["items", children.length > 0 && [children.length, ": ", counts.join(", ")]]]),
    shown.length > 0 && item_list("Items of " + id, shown),
    shown.length < children.length && element("p", { class: "quiet" }, element("a", { href: address_of(["runs"], { parent: run.id }) }, "All " + count(children.length, "item"))));
}

function attempt_block(attempt, earlier, task, index) {
  // What was written, and what went wrong, lies open; what was only looked up does not.
  const is_telling = index === task.attempts.length - 1 && (attempt.kind === "write" || attempt.error !== undefined);
  const effect = attempt.kind === "write" && task.effect ? " (" + task.effect + ")" : "";
  const span = span_between(attempt.started_at, attempt.ended_at);
  return element("details", { class: "attempt", open: is_telling, "data-key": `attempt ${task.id} ${index}` },
    element("summary", {}, "Attempt ", attempt.number, attempt.kind && " · " + attempt.kind + effect, " ",
      attempt.outcome ? element("span", { class: "outcome " + tone_of(attempt.outcome) }, attempt.outcome) : "under way",
      element("span", { class: "quiet" }, span && " after " + span, " · ", time(attempt.started_at, "clock"))),
    facts([
      ["allowed", attempt.verdict && verdict_in_words(attempt.verdict, task.account?.linked)],
      ["sent", attempt.sent_at && time(attempt.sent_at, "clock")],
      ["next try", attempt.next_attempt_at && attempt.outcome !== "blocked" && time(attempt.next_attempt_at)],
    ]),
    attempt.request !== undefined && named(attempt.kind === "read" ? "Asked" : "Sent",
      earlier && same(earlier.request, attempt.request) ? element("p", { class: "quiet" }, "the same as before") : request_block(attempt.request)),
    attempt.kind && attempt.request === undefined && element("p", { class: "quiet" }, "What was sent and answered is for those who may edit the workflow."),
    attempt.answer !== undefined && named("Answer", json_block(attempt.answer)),
    attempt.error && error_block(attempt.error));
}

function named(name, block) {
  return element("div", { class: "named" }, element("h4", {}, name), block);
}

function verdict_in_words(verdict, linked) {
  const words = ["under epoch " + verdict.auth_epoch];
  if (verdict.account) words.push("on account " + (linked?.id === verdict.account && linked.name ? linked.name : verdict.account));
  if (verdict.environment) words.push(verdict.environment);
  if (verdict.org_id) words.push("org " + verdict.org_id);
  if (verdict.grounds) words.push(verdict.grounds);
  return words.join(" · ");
}
