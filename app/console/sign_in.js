// One field for an API token. Who it belongs to is asked before anything else is.
import { ask, forget_token, keep_token } from "./api.js";
import { element } from "./page.js";

// `reason`: why the reader is back here, such as a token that was taken away; null at first.
export function sign_in(reason, when_signed_in) {
  const said = element("p", { class: "fault", role: "alert", id: "sign-in-fault" }, reason ?? "");
  const field = element("input", {
    id: "token", name: "token", type: "password", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    required: true, "aria-describedby": "sign-in-fault token-help",
  });
  const button = element("button", { type: "submit" }, "Sign in");
  const submit = async (event) => {
    event.preventDefault();
    keep_token(field.value.trim());
    button.disabled = true;
    try {
      await when_signed_in(await ask(["me"]));
    } catch (problem) {
      forget_token();
      field.value = "";
      said.textContent = refusal_in_words(problem);
      field.focus();
    } finally {
      button.disabled = false;
    }
  };
  return element(
    "form", { class: "sign-in", submit },
    element("h1", {}, "Sign in"),
    element("label", { for: "token" }, "API token"),
    field, button, said,
    element("div", { class: "help", id: "token-help" },
      element("p", {}, "On the server's machine it stands in the file ", element("code", {}, "token"), " of the data directory. For yourself: ", element("code", {}, "sluice tokens add"), "."),
      element("p", {}, "It is kept in this tab alone, and is gone when you close it.")),
  );
}

export function refusal_in_words(problem) {
  if (problem.status === 401) return "This token is not known here: it is mistyped, has expired or was taken away. (" + problem.code + ")";
  return problem.message + " (" + problem.code + ")";
}
