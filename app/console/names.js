// What ids of people and projects are called: read once a sign-in, since a name is for the eye alone.
import { ask } from "./api.js";
import { element } from "./page.js";

let names = new Map();

export async function read_names() {
  names = new Map();
  const lists = await Promise.allSettled(["users", "projects"].map((list) => ask([list], { limit: 500 })));
  for (const { value } of lists) {
    for (const one of [...(value?.users ?? []), ...(value?.projects ?? [])]) names.set(one.id, one.name);
  }
}

// The name, with the id beside it for commands that ask for one.
export function named_id(id) {
  const name = names.get(id);
  return name ? [name, " ", element("code", { class: "quiet" }, id)] : element("code", {}, id);
}

// The name where there is one, else the id.
export function name_of(id) {
  return names.get(id) ?? id;
}
