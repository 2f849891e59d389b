// A refusal of the API, where a page was asked for.
import { code_link, element } from "./page.js";

export function failure(problem) {
  return element(
    "div", { class: "failure", role: "alert" },
    element("h1", {}, problem.status === 404 ? "There is no such thing here" : problem.status === 403 ? "You may not see this" : "This cannot be shown"),
    element("p", {}, problem.message),
    problem.code && element("p", { class: "quiet" }, code_link(problem.code)),
    problem.findings.length > 0 && element("ul", {}, problem.findings.map((finding) => element("li", {}, (finding.pointer ?? "") + " " + (finding.message ?? "")))),
  );
}
