"use strict";
// J and K go through the work of the inbox, N leads to the next task, ? shows the keys. Everything is also reached by Tab.
// Places on the keyboard are asked for, not letters: with Hangul switched on J is ㅓ. Single keys can be switched off,
// since they disturb who works by voice; the browser remembers that.
const legend = document.getElementById("keys");
const links = [...document.querySelectorAll(".tasks li > a:first-child")];
const onward = document.querySelector("a[data-key=next]");
const OFF = "madang-keys-off";
const off = () => localStorage.getItem(OFF) === "1";
const typing = (target) => target.closest("input, select, textarea, [contenteditable]");

function go(step) {
  const here = links.indexOf(document.activeElement);
  const wanted = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
  links[Math.min(Math.max(wanted, 0), links.length - 1)]?.focus();
}

if (legend) {
  legend.hidden = false;
  const button = legend.querySelector("button");
  const say = () => { button.textContent = off() ? button.dataset.on : button.dataset.off; };
  button.addEventListener("click", () => { localStorage.setItem(OFF, off() ? "0" : "1"); say(); });
  say();
}
document.addEventListener("keydown", (event) => {
  if (off() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.code === "KeyJ" && links.length) go(1);
  else if (event.code === "KeyK" && links.length) go(-1);
  else if (event.code === "KeyN" && onward) onward.click();
  else if (event.key === "?" && legend) { legend.open = !legend.open; legend.querySelector("summary").focus(); }
  else return;
  event.preventDefault();
});
