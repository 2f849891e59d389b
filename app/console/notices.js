// What the server has told its reader, newest first.
import { ask } from "./api.js";
import { address_of, command, element, empty, link } from "./page.js";
import { count, time } from "./words.js";

export const title = "Notices";

export async function read(query) {
  return ask(["notices"], { unread: query.get("unread"), after: query.get("after") });
}

export function show({ notices, next }, query) {
  const only_unread = query.get("unread") === "true";
  const tabs = [[false, "All"], [true, "Unread"]].map(([unread, name]) =>
    element("a", { href: address_of(["notices"], { unread: unread ? "true" : "" }), "aria-current": unread === only_unread ? "true" : null }, name));
  return [
    element("div", { class: "head" }, element("h1", {}, "Notices"), element("nav", { class: "tabs", "aria-label": "Which notices" }, tabs)),
    notices.length
      ? element("ol", { class: "notices" }, notices.map(show_notice))
      : empty(only_unread ? "Nothing unread" : "No notices", element("p", {}, "Runs that begin to fail, accounts that expire, edits that take a workflow's account away: you are told here, and by mail or webhook where the server was started with one.")),
    next && element("p", { class: "more" }, link(address_of(["notices"], { unread: only_unread ? "true" : "", after: next }), "Older notices")),
    notices.length > 0 && command("To mark one as read:", "sluice notices --read " + notices[0].id),
  ];
}

export function summary({ notices }) {
  return count(notices.length, "notice");
}

function about(notice) {
  const subject = notice.subject ?? "";
  if (subject.startsWith("wfl_")) return link(address_of(["causes"], { workflow: subject }), "its causes");
  return notice.account ?? element("code", {}, subject);
}

function show_notice(notice) {
  return element("li", { class: notice.read_at ? "read" : "unread" },
    element("p", { class: "where" }, !notice.read_at && element("strong", { class: "new" }, "unread"), " ", notice.kind.replaceAll("_", " "), " · ", time(notice.created_at)),
    element("p", { class: "message" }, notice.message),
    element("p", { class: "quiet" }, about(notice), " · ", element("code", {}, notice.id)));
}
