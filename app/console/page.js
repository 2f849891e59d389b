// Elements out of texts. Whatever the API says becomes a text node or an attribute's value, never markup: this is the
// only file that makes elements, and it has no way to read any.

// `attributes`: class, id, title, … as in HTML; a function is a listener for the event that its name names.
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") made.addEventListener(name, value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  append(made, children);
  return made;
}

function append(parent, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(parent, child);
    else if (child instanceof Node) parent.append(child);
    else if (child !== undefined && child !== null && child !== false) parent.append(document.createTextNode(String(child)));
  }
}

// Within the console: `#/runs/run_…`.
export function link(address, ...children) {
  return element("a", { href: address }, ...children);
}

// Out of it. What is no web address is shown and leads nowhere.
export function outside_link(address, ...children) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return element("span", {}, ...children);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return element("span", {}, ...children);
  return element("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

export function address_of(path, query = {}) {
  const pairs = Object.entries(query).filter(([, value]) => (value ?? "") !== "");
  const search = new URLSearchParams(pairs).toString();
  return "#/" + path.map(encodeURIComponent).join("/") + (search ? "?" + search : "");
}

export function run_link(id, ...children) {
  return link(address_of(["runs", id]), ...(children.length ? children : [element("code", {}, id)]));
}

export function code_link(code) {
  return link(address_of(["errors", code]), element("code", {}, code));
}

// With commas between.
export function listed(items) {
  return items.map((item, i) => [i > 0 && ", ", item]);
}

// Names and values; those without a value are left out.
export function facts(pairs, class_name = "facts") {
  const list = element("dl", { class: class_name });
  for (const [name, value] of pairs) {
    if (value === undefined || value === null || value === "" || value === false) continue;
    list.append(element("div", {}, element("dt", {}, name), element("dd", {}, value)));
  }
  return list.childElementCount ? list : null;
}

// A command that changes things, or tells the same in a terminal: the console itself only reads.
export function command(words, text) {
  return element("p", { class: "command" }, element("span", {}, words), " ", element("code", {}, text));
}

export function empty(title, ...more) {
  return element("div", { class: "empty" }, element("h2", {}, title), ...more);
}

function is_blank(cell) {
  return Array.isArray(cell) ? cell.every(is_blank) : (cell ?? "") === "" || cell === false || cell === " ";
}

export function table(columns, rows, class_name = "") {
  const head = element("tr", {}, columns.map((name) => element("th", { scope: "col" }, name)));
  const body = rows.map((cells) =>
    element("tr", {}, cells.map((cell, i) => element("td", { "data-label": columns[i] }, is_blank(cell) ? null : element("div", {}, cell)))),
  );
  return element("table", { class: class_name }, element("thead", {}, head), element("tbody", {}, body));
}
