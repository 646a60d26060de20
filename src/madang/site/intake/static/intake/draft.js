"use strict";
// Keeps a draft every 20 seconds while something changes, and when the page is left. Without it the button
// "Save and go on later" does.
const form = document.querySelector("form[data-draft]");
if (form) {
  const text = () => new URLSearchParams([...new FormData(form)].filter((pair) => typeof pair[1] === "string")).toString();
  const status = document.getElementById("draft-status");
  let kept = text();
  let sent = false;
  const keep = async () => {
    const now = text();
    if (sent || now === kept) return;
    const answer = await fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(now), keepalive: true }).catch(() => null);
    // Whoever was signed out meanwhile is led to the page for signing in, which answers well but keeps nothing.
    const done = answer !== null && answer.status === 204;
    if (done) kept = now;
    if (status) status.textContent = done ? status.dataset.saved : status.dataset.failed;
  };
  form.addEventListener("submit", () => { sent = true; });
  setInterval(keep, 20000);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
}
