// The console: who is signed in, which view the address names, and keeping it fresh while somebody looks.
import { ask, forget_token, token } from "./api.js";
import * as causes from "./causes.js";
import * as error_text from "./error_text.js";
import { failure } from "./failure.js";
import { read_names } from "./names.js";
import * as notices from "./notices.js";
import { element } from "./page.js";
import * as run from "./run.js";
import * as runs from "./runs.js";
import { refusal_in_words, sign_in } from "./sign_in.js";
import * as workflows from "./workflows.js";

const bar = document.getElementById("bar");
const content = document.getElementById("content");
const said = document.getElementById("said");
const sections = { causes, runs, workflows, notices };
const fresh_every_ms = 5000;

let me = null;
let showing = 0; // counts up with every change of view: an answer for an earlier one is dropped
let shown_data = "";
let next_look = null;

// An address that somebody has mistyped is looked for as it stands.
function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function place_now() {
  const [path, search = ""] = location.hash.replace(/^#\/?/, "").split("?", 2);
  const [name = "", ...rest] = path.split("/").filter(Boolean).map(decoded);
  const view = name === "errors" ? error_text : name === "runs" && rest.length ? run : (sections[name] ?? causes);
  return { name: name || "causes", view, rest, query: new URLSearchParams(search) };
}

function fill(...children) {
  content.replaceChildren(element("div", { class: "view" }, ...children));
}

// ---- who is signed in

function show_sign_in(reason) {
  me = null;
  ++showing;
  clearTimeout(next_look);
  draw_bar();
  document.title = "Sign in · Sluice";
  fill(sign_in(reason, arrive_as));
  content.dataset.shown = "sign-in";
  content.querySelector("input").focus();
}

async function arrive_as(known) {
  me = known;
  if (me.kind === "user") await read_names();
  show_place();
}

function sign_out() {
  forget_token();
  show_sign_in("You are signed out.");
}

function draw_bar(name = "") {
  const places = Object.entries(sections).map(([key, view]) =>
    element("a", { href: "#/" + key, "aria-current": key === name ? "page" : null }, view.title));
  bar.replaceChildren(
    element("span", { class: "mark" }, element("img", { src: "icon.svg", alt: "", width: 20, height: 20 }), "Sluice"),
    ...(me ? [
      element("nav", { "aria-label": "Views" }, places),
      element("span", { class: "who" }, me.user?.name ?? me.kind, " ", element("button", { type: "button", class: "plain", id: "sign-out", click: sign_out }, "Sign out")),
    ] : []));
}

// ---- views

async function show_place() {
  const place = place_now();
  const mine = ++showing;
  clearTimeout(next_look);
  draw_bar(place.name);
  if (me.kind === "operator" && place.view !== error_text) return show_operator();
  content.setAttribute("aria-busy", "true");
  said.textContent = "Loading";
  try {
    const data = await place.view.read(place.query, place.rest);
    if (mine !== showing) return;
    shown_data = JSON.stringify(data);
    fill(...place.view.show(data, place.query));
    document.title = (place.view.title_of?.(data) ?? place.view.title) + " · Sluice";
    said.textContent = place.view.title + ": " + place.view.summary(data);
    arrive(place);
    look_again(place, data, mine);
  } catch (problem) {
    if (mine !== showing) return;
    if (problem.status === 401) return leave(problem);
    if (problem.status === undefined) console.error(problem);
    fill(failure(problem.status === undefined ? { message: "The console could not draw this: " + problem.message, code: "", findings: [] } : problem));
    said.textContent = problem.message;
  }
  content.removeAttribute("aria-busy");
  content.dataset.shown = location.hash;
}

function leave(problem) {
  forget_token();
  content.removeAttribute("aria-busy");
  show_sign_in(refusal_in_words(problem));
}

function show_operator() {
  fill(element("div", { class: "empty" }, element("h1", {}, "This is the operator's token"),
    element("p", {}, "It makes brands and turns keys, and sees into no brand's runs. Sign in with a user's token.")));
  content.dataset.shown = location.hash;
}

// To the top, or to the task that the address names; a screen reader goes on from there.
function arrive(place) {
  const task = place.query.get("task");
  const target = task && document.getElementById("task-" + task);
  if (target) return target.scrollIntoView();
  scrollTo(0, 0);
  content.focus({ preventScroll: true });
}

// What is under way changes by itself: asked again while somebody looks, drawn again only where it has changed.
function look_again(place, data, mine) {
  const can_change = place.view === causes || place.view === runs || place.view === notices || (place.view === run && !run.is_over(data));
  if (!can_change) return;
  next_look = setTimeout(async () => {
    let now = data;
    if (!document.hidden) {
      try {
        now = await place.view.read(place.query, place.rest);
        tell_stale(false);
      } catch (problem) {
        if (mine === showing && problem.status === 401) return leave(problem);
        if (mine === showing) tell_stale(true);
      }
    }
    if (mine !== showing) return;
    if (JSON.stringify(now) !== shown_data) redraw(place, now);
    look_again(place, now, mine);
  }, fresh_every_ms);
}

function redraw(place, data) {
  shown_data = JSON.stringify(data);
  const keyed = (key) => [...content.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
  const folds = [...content.querySelectorAll("details[data-key]")].map((fold) => [fold.dataset.key, fold.open]);
  const focused = document.activeElement;
  const [href, key] = [focused?.getAttribute("href"), focused?.dataset?.key];
  fill(...place.view.show(data, place.query));
  for (const [name, is_open] of folds) {
    const fold = keyed(name);
    if (fold) fold.open = is_open;
  }
  if (key) keyed(key)?.focus({ preventScroll: true });
  else if (href) [...content.querySelectorAll("a")].find((one) => one.getAttribute("href") === href)?.focus({ preventScroll: true });
  said.textContent = place.view.title + ": " + place.view.summary(data);
}

function tell_stale(is_stale) {
  document.getElementById("stale")?.remove();
  if (is_stale) content.prepend(element("p", { id: "stale", class: "stale", role: "status" }, "The server does not answer. What stands here is as it was a while ago."));
}

// ---- begin

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  content.focus();
});
addEventListener("hashchange", () => me && show_place());

async function begin() {
  if (!token()) return show_sign_in(null);
  try {
    await arrive_as(await ask(["me"]));
  } catch (problem) {
    return problem.status === 401 ? leave(problem) : fill(failure(problem));
  }
}

begin();
