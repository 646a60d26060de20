// Keeps the picks at each tick, and says at once what is left. Without it the button "Keep my picks" does.
import { paperOf } from "./paper.js";

const form = document.querySelector("form[data-keep]");
if (form) {
  const { part, show } = paperOf(form);
  const keep = async () => {
    const body = new URLSearchParams(new FormData(form));
    body.set("then", "stay");
    const answer = await fetch(form.dataset.keep, { method: "POST", body, keepalive: true }).catch(() => null);
    const done = answer !== null && answer.status === 204;
    part("kept").textContent = done ? part("kept").dataset.done : part("kept").dataset.failed;
  };
  let waiting = 0;
  form.addEventListener("change", () => {
    show();
    clearTimeout(waiting);
    waiting = setTimeout(keep, 400);
  });
  show();
}
