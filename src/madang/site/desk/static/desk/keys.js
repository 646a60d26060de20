"use strict";
// J and K go through the work of the inbox, N leads to the next task, ? to the legend; never while something is typed.
// By the place of a key, not by what it writes, so that they work while the keyboard writes Hangul. Everything is also
// reached by Tab. Who speaks to the machine can turn them off, here and at the desk of screenings.
const legend = document.getElementById("keys");
const button = legend?.querySelector("button");
const links = [...document.querySelectorAll(".tasks li > a:first-child")];
const onward = document.querySelector("a[data-key=next]");
const kept = () => { try { return localStorage.getItem("keys"); } catch { return null; } };
let on = kept() !== "off";

function go(step) {
  const here = links.indexOf(document.activeElement);
  const wanted = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
  links[Math.min(Math.max(wanted, 0), links.length - 1)]?.focus();
}

if (legend) {
  const labels = { on: button.textContent, off: button.dataset.off };
  const show = () => {
    button.textContent = on ? labels.on : labels.off;
    button.setAttribute("aria-pressed", String(on));
    legend.hidden = false;
  };
  button.addEventListener("click", () => {
    on = !on;
    try { localStorage.setItem("keys", on ? "on" : "off"); } catch { /* A browser that keeps nothing asks again. */ }
    show();
  });
  show();
}
document.addEventListener("keydown", (event) => {
  if (!on || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input, select, textarea, [contenteditable]")) return;
  if (event.code === "KeyJ" && links.length) go(1);
  else if (event.code === "KeyK" && links.length) go(-1);
  else if (event.code === "KeyN" && onward && !event.repeat) onward.click();
  else if (event.key === "?" && legend) button.focus();
  else return;
  event.preventDefault();
});
