// What the console says of states, times and counts: the same words as `sluice runs`.
import { element } from "./page.js";

export const run_states = ["failed", "held", "running", "queued", "succeeded", "cancelled"];

const marks = { succeeded: "✓", failed: "✗", held: "!", skipped: "–", running: "▸", waiting: "…" };
const tones = {
  succeeded: "good", answered: "good",
  failed: "bad", permanent: "bad",
  held: "warn", unclear: "warn", blocked: "warn",
  running: "live", waiting: "live", queued: "live", transient: "live", throttled: "live",
};

export function tone_of(state) {
  return tones[state] ?? "calm";
}

export function badge(state) {
  return element("span", { class: "badge " + tone_of(state) }, element("span", { "aria-hidden": "true" }, marks[state] ?? "·"), " ", state);
}

// In the reader's zone, with UTC to read when the pointer rests on it.
export function time(iso, form = "day") {
  if (!iso) return "";
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  const is_this_year = at.getFullYear() === new Date().getFullYear();
  const day = { year: is_this_year ? undefined : "numeric", month: "short", day: "numeric" };
  const shown = form === "clock" ? at.toLocaleTimeString(undefined, { ...clock, fractionalSecondDigits: 3 }) : at.toLocaleString(undefined, { ...day, ...clock });
  return element("time", { datetime: iso, title: iso.slice(0, 10) + " " + iso.slice(11).replace("Z", "") + " UTC" }, shown);
}

export function span_between(from, to) {
  const ms = new Date(to) - new Date(from);
  if (!from || !to || Number.isNaN(ms)) return "";
  if (ms < 1000) return ms + " ms";
  if (ms < 60_000) return (ms / 1000).toFixed(3) + " s";
  if (ms < 3_600_000) return Math.floor(ms / 60_000) + " min " + (Math.floor(ms / 1000) % 60) + " s";
  return Math.floor(ms / 3_600_000) + " h " + (Math.floor(ms / 60_000) % 60) + " min";
}

export function count(number, one, many = one + "s") {
  return number + " " + (number === 1 ? one : many);
}

// "waits for 3 of 8 items: 1 held, 2 queued · 1 failed"
export function items_in_words(items) {
  if (!items) return "";
  const told = (states) => states.filter((state) => items[state] > 0).map((state) => items[state] + " " + state);
  const open = ["held", "running", "queued"];
  const waiting = open.reduce((sum, state) => sum + (items[state] ?? 0), 0);
  if (waiting === 0) return "all of its " + items.all + " items have ended";
  const lost = told(["failed", "cancelled"]);
  return `waits for ${waiting} of ${items.all} items: ${told(open).join(", ")}` + (lost.length ? " · " + lost.join(", ") : "");
}

