// What was sent and what was answered: a record's fields as a table, anything else as JSON. Answers of respondents stand
// here as they were typed.
import { element, facts } from "./page.js";

export function json_block(value) {
  return element("pre", { class: "json" }, json_text(value, ""));
}

// On one line whatever fits there, as `sluice runs show` has it.
function json_text(value, indent) {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = indent + "  ";
  const is_list = Array.isArray(value);
  const parts = is_list
    ? value.map((one) => json_text(one, inner))
    : Object.entries(value).map(([name, one]) => JSON.stringify(name) + ": " + json_text(one, inner));
  const [open, close] = is_list ? ["[", "]"] : ["{", "}"];
  const line = open + parts.join(", ") + close;
  if (!line.includes("\n") && line.length + indent.length <= 88) return line;
  return open + "\n" + parts.map((part) => inner + part).join(",\n") + "\n" + indent + close;
}

function plain(value) {
  if (value === null) return element("em", { class: "quiet" }, "emptied");
  if (typeof value === "string") return element("span", { class: "typed" }, value);
  return typeof value === "object" ? json_block(value) : element("code", {}, value);
}

function fields_table(fields) {
  const rows = Object.entries(fields).map(([name, value]) =>
    element("tr", {}, element("th", { scope: "row" }, element("code", {}, name)), element("td", {}, plain(value))));
  return element("table", { class: "fields" }, element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Field"), element("th", { scope: "col" }, "Value"))), element("tbody", {}, rows));
}

function is_record(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function request_block(request) {
  if (!is_record(request)) return json_block(request);
  const { operation, object, key, id, fields, soql, ...more } = request;
  if (soql) return element("div", { class: "request" }, element("pre", {}, soql), facts([["object", element("code", {}, object)]]));
  return element("div", { class: "request" },
    facts([
      ["operation", operation], ["object", object && element("code", {}, object)], ["id", id && element("code", {}, id)],
      ["key", is_record(key) && [element("code", {}, key.field), " = ", plain(key.value)]],
      ...Object.entries(more).map(([name, value]) => [name, plain(value)]),
    ]),
    is_record(fields) && fields_table(fields));
}

export function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
