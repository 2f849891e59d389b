// Why a task failed or is held: message, code and field, who can lift it and how, and what stood at the gate.
import { folded } from "./error_text.js";
import { item_list } from "./item_list.js";
import { name_of, named_id } from "./names.js";
import { code_link, element, facts, listed } from "./page.js";

// In the org's own words where it spoke. Their details are for who may edit the workflow; the message is for all.
export function error_block(error) {
  const of_org = error.details?.errors ?? [];
  if (!of_org.length) return element("div", { class: "refusal" }, element("p", { class: "message" }, error.message), facts([["code", code_link(error.code)]]));
  return element("div", { class: "refusal" }, of_org.map((one) => [
    element("p", { class: "message" }, one.message),
    facts([
      ["org says", one.errorCode && element("code", { class: "code" }, one.errorCode)],
      ["fields", one.fields?.length > 0 && listed(one.fields.map((field) => element("code", { class: "field" }, field)))],
      ["rule", one.rule],
      ["found", one.matches?.length > 0 && listed(one.matches.map((match) => [match.object, " ", element("code", { class: "match" }, match.id)]))],
      ["code", code_link(error.code)],
    ]),
  ]));
}

export function hold_block(held) {
  return element("div", { class: "refusal" },
    element("p", { class: "message" }, held.message),
    facts([
      ["way out", held.lifted_by && element("strong", {}, held.lifted_by)],
      ["code", code_link(held.code)],
      ["waits on", held.keys.length > 0 && listed(held.keys.map((key) => element("code", {}, key)))],
    ]),
    diagnosis_block(held.diagnosis));
}

// Folded away where it is no reason: a failed task was let through.
export function folded_diagnosis(diagnosis, key) {
  const block = diagnosis_block(diagnosis);
  return block && element("details", { "data-key": "gate " + key }, element("summary", {}, "The account and its people, as they are now"), block);
}

export function diagnosis_block(diagnosis) {
  if (!diagnosis) return null;
  const pairs = Object.entries(diagnosis).map(([name, value]) => [name.replaceAll("_", " "), told(value)]);
  return facts(pairs, "facts diagnosis");
}

// A list is one of people, of collaborators each with a right; an id has a name where there is one.
function told(value) {
  if (!Array.isArray(value)) return /^(usr|prj)_/.test(value) ? named_id(value) : String(value);
  return value.map((one) => (one.user ? name_of(one.user) + " (" + one.right + ")" : name_of(one))).join(", ") || "nobody";
}

// The error that a failed task ended with: of its last attempt, or of the task where there was none.
export function last_error(task) {
  const tried = task.attempts.filter((attempt) => attempt.error);
  return tried.length ? tried.at(-1).error : { code: task.code, message: task.message ?? "" };
}

// Of a list that failed: the items that did, each with its own story.
function items_to_look_at({ id, for_each }) {
  const failed = for_each?.children.filter((child) => child.state !== "succeeded") ?? [];
  if (!failed.length) return null;
  return item_list("Items of " + id + " to look at", failed.slice(0, 12));
}

export function why_of_task(task) {
  if (task.held) return [hold_block(task.held), folded(task.held.code, true)];
  return [error_block(last_error(task)), items_to_look_at(task), folded_diagnosis(task.diagnosis, task.id), folded(task.code, true)];
}
