"use strict";
// Next, previous and to the form by one key, never while something is typed. By the place of a key, not by what it
// writes, so that they work while the keyboard writes Hangul. Who speaks to the machine can turn them off, and where
// the stylesheet hides the legend there are none.
const legend = document.querySelector("[data-keys]");
if (legend) {
  const button = legend.querySelector("button");
  const labels = { on: button.textContent, off: button.dataset.off };
  const kept = () => { try { return localStorage.getItem("keys"); } catch { return null; } };
  let on = kept() !== "off";
  const show = () => {
    button.textContent = on ? labels.on : labels.off;
    button.setAttribute("aria-pressed", String(on));
    legend.hidden = false;
  };
  const typing = (node) => node.matches("input, select, textarea, [contenteditable]");
  const ways = {
    KeyJ: () => document.querySelector("main a[rel=next]")?.click(),
    KeyN: () => document.querySelector("main a[rel=next]")?.click(),
    KeyK: () => document.querySelector("main a[rel=prev]")?.click(),
    KeyP: () => document.querySelector("main a[rel=prev]")?.click(),
    KeyF: () => document.querySelector(".screening-form :is(input:not([type=hidden]), textarea)")?.focus(),
  };
  button.addEventListener("click", () => {
    on = !on;
    try { localStorage.setItem("keys", on ? "on" : "off"); } catch { /* A browser that keeps nothing asks again. */ }
    show();
  });
  document.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey && !event.repeat;
    if (!on || legend.offsetParent === null || !plain || event.isComposing || !(event.code in ways) || typing(event.target)) return;
    event.preventDefault();
    ways[event.code]();
  });
  show();
}
