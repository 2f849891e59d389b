// Asks the server, with the reader's token, which this tab keeps and gives to nobody else: it stands in no address, no
// cookie and no other tab, and is gone when the tab is closed or signed out.

const key = "sluice_token";

export function token() {
  return sessionStorage.getItem(key) ?? "";
}

export function keep_token(text) {
  sessionStorage.setItem(key, text);
}

export function forget_token() {
  sessionStorage.removeItem(key);
}

// A refusal, or no answer at all: what the server says of it, and its code.
export class Problem extends Error {
  constructor(status, code, message, findings = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.findings = findings;
  }
}

async function send(path, accept) {
  try {
    return await fetch("../" + path, {
      headers: { Authorization: "Bearer " + token(), Accept: accept },
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
  } catch {
    throw new Problem(0, "server_unreachable", "The server does not answer. It may be down, or the network between.");
  }
}

async function problem_of(answer) {
  let said = {};
  try {
    said = await answer.json();
  } catch {
    // A proxy's own page, perhaps: its status is all there is to tell.
  }
  const message = said.detail ?? said.title ?? answer.statusText ?? "";
  return new Problem(answer.status, said.code ?? "http_" + answer.status, message, said.findings ?? []);
}

// `path` from its segments, each escaped; `query` without what is empty.
export async function ask(path, query = {}) {
  const pairs = Object.entries(query).filter(([, value]) => (value ?? "") !== "");
  const search = new URLSearchParams(pairs).toString();
  const answer = await send(path.map(encodeURIComponent).join("/") + (search ? "?" + search : ""), "application/json");
  if (!answer.ok) throw await problem_of(answer);
  return answer.json();
}

// The page of a code, as it is in docs/errors; null where there is none.
export async function error_page(code) {
  const answer = await send("errors/" + encodeURIComponent(code), "text/markdown");
  if (answer.status === 404) return null;
  if (!answer.ok) throw await problem_of(answer);
  return answer.text();
}
