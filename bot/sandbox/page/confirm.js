// Asks before an action that carries a confirm object.

import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";

/** Shows the question; answers true where the person goes on. */
export function confirmed(question, surface) {
  return new Promise((answer) => {
    const yes = h("button", { type: "submit", class: `btn ${question.style === "danger" ? "danger" : "primary"}`, value: "yes", "data-testid": "confirm-yes" }, textObject(question.confirm ?? "Yes", surface));
    const no = h("button", { type: "submit", class: "btn", value: "no", "data-testid": "confirm-no" }, textObject(question.deny ?? "Cancel", surface));
    const dialog = h("dialog", { class: "confirm", "data-testid": "confirm", "aria-labelledby": "confirm-title" },
      h("form", { method: "dialog" },
        h("h2", { id: "confirm-title" }, textObject(question.title ?? "Are you sure?", surface)),
        h("div", { class: "text" }, textObject(question.text, surface)),
        h("div", { class: "dialog-foot" }, no, yes)));
    dialog.addEventListener("close", () => { dialog.remove(); answer(dialog.returnValue === "yes"); });
    document.body.append(dialog);
    dialog.showModal();
    yes.focus();
  });
}
