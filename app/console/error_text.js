// A page of docs/errors: headings, paragraphs, lists and examples out of its text, which is our own.
import { error_page } from "./api.js";
import { element, empty, code_link, command } from "./page.js";

export const title = "Error code";

export async function read(_query, [code]) {
  return { code, text: await error_page(code) };
}

export function show({ code, text }) {
  if (text === null) return [element("h1", {}, element("code", {}, code)), empty("This code has no page", element("p", {}, "The org's own codes are explained in Salesforce's documentation."))];
  return [element("article", { class: "error-page" }, element("h1", {}, element("code", {}, code)), blocks_of(text)), command("In a terminal:", "sluice explain " + code)];
}

export function summary({ code }) {
  return code;
}

// Folded away below a failure, and asked for when it is opened first.
export function folded(code, is_open = false) {
  const body = element("div", { class: "error-page" });
  let is_asked = false;
  const fill = async () => {
    if (is_asked) return;
    is_asked = true;
    try {
      const text = await error_page(code);
      body.replaceChildren(...(text === null ? [element("p", {}, "This code has no page.")] : blocks_of(text, "h3")));
    } catch (problem) {
      is_asked = false;
      body.replaceChildren(element("p", {}, problem.message));
    }
  };
  const box = element("details", { class: "explained", "data-key": "explain " + code, toggle: () => box.open && fill() },
    element("summary", {}, "What ", element("code", {}, code), " means, and what to do"), body, element("p", { class: "quiet" }, code_link(code)));
  if (is_open) {
    box.open = true;
    fill();
  }
  return box;
}

function blocks_of(text, heading = "h2") {
  const blocks = [];
  const parts = text.split(/\n\n+/).map((part) => part.replace(/\n+$/, ""));
  for (const part of parts) {
    const lines = part.split("\n");
    if (part.startsWith("# ") || !part.trim()) continue; // its title is the code
    if (part.startsWith("## ")) blocks.push(element(heading, {}, part.slice(3)));
    else if (part.startsWith("```")) blocks.push(element("pre", {}, lines.slice(1, lines.at(-1) === "```" ? -1 : undefined).join("\n")));
    else if (/^(- |\d+\. )/.test(part)) blocks.push(element(part.startsWith("-") ? "ul" : "ol", {}, items_of(lines).map((item) => element("li", {}, inline(item)))));
    else blocks.push(element("p", {}, inline(lines.join(" "))));
  }
  return blocks;
}

function items_of(lines) {
  const items = [];
  for (const line of lines) {
    const begin = line.match(/^(- |\d+\. )(.*)$/);
    if (begin) items.push(begin[2]);
    else items[items.length - 1] += " " + line.trim();
  }
  return items;
}

// `code`, *stress* and [links](…), of which the text alone is shown.
function inline(text) {
  return text.split(/(`[^`]+`|\*[^*]+\*|\[[^\]]+\]\([^)]+\))/).map((piece) => {
    if (piece.startsWith("`")) return element("code", {}, piece.slice(1, -1));
    if (piece.startsWith("*") && piece.length > 2) return element("em", {}, piece.slice(1, -1));
    if (piece.startsWith("[")) return piece.slice(1, piece.indexOf("]"));
    return piece;
  });
}
