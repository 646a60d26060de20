"use strict";
// A form that is on its way says so, and is not sent a second time.
const LONGEST = 10_000;

const rest = (form) => {
  form.removeAttribute("aria-busy");
  form.querySelectorAll(".pressed").forEach((button) => button.classList.remove("pressed"));
};

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.hasAttribute("aria-busy")) return event.preventDefault();
  form.setAttribute("aria-busy", "true");
  event.submitter?.classList.add("pressed");
  // Where the answer is a file the page stays, and the form may be wanted again.
  setTimeout(rest, LONGEST, form);
});

// Whoever comes back to a page finds it ready.
addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(rest));
