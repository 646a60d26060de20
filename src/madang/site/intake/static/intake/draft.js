"use strict";
// Keeps the step whenever a field is left, every 20 seconds while something changes, and when the page is left; shows
// what has a similar title. Without it each step is kept by its buttons.
const form = document.querySelector("form[data-draft]");
if (form) {
  const text = () => new URLSearchParams([...new FormData(form)].filter((pair) => typeof pair[1] === "string")).toString();
  const status = document.getElementById("draft-status");
  const similar = document.getElementById("similar");
  let kept = text();
  let sent = false;
  const show = (found) => {
    const rows = found.map((one) => {
      const row = document.createElement("li");
      const link = Object.assign(document.createElement("a"), { href: one.url, textContent: one.title });
      const meta = Object.assign(document.createElement("span"), { className: "meta", textContent: ` ${one.meta}` });
      row.append(link, meta);
      return row;
    });
    const list = Object.assign(document.createElement("ul"), { className: "list" });
    list.append(...rows);
    similar.replaceChildren(similar.firstElementChild, list);
    similar.hidden = rows.length === 0;
  };
  const keep = async () => {
    const now = text();
    if (sent || now === kept) return;
    const answer = await fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(now), keepalive: true }).catch(() => null);
    // Whoever was signed out meanwhile is led to the page for signing in, which answers well but keeps nothing.
    const done = answer !== null && answer.ok && !answer.redirected;
    if (done) kept = now;
    if (status) status.textContent = done ? status.dataset.saved : status.dataset.failed;
    if (done && similar) show((await answer.json()).similar);
  };
  form.addEventListener("submit", () => { sent = true; });
  // Whoever leaves a field by pressing a button sends the step anyway.
  form.addEventListener("change", () => setTimeout(keep, 1000));
  setInterval(keep, 20000);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
}
