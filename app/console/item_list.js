// Items of a task that was done for each of a list, each with its own run.
import { code_link, element, run_link } from "./page.js";
import { badge } from "./words.js";

export function item_list(name, children) {
  return element("ol", { class: "children", "aria-label": name }, children.map((child) =>
    element("li", { value: child.number }, badge(child.state), " ", run_link(child.run, "item " + child.number), child.code && [" ", code_link(child.code)])));
}
