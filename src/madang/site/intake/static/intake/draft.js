"use strict";
// Keeps a draft every 20 seconds while something changes. Without it the button "Save and go on later" does.
const form = document.querySelector("form[data-draft]");
if (form) {
  const text = () => new URLSearchParams([...new FormData(form)].filter((pair) => typeof pair[1] === "string")).toString();
  const status = document.getElementById("draft-status");
  let kept = text();
  setInterval(async () => {
    const now = text();
    if (now === kept) return;
    const answer = await fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(now) }).catch(() => null);
    if (!answer || !answer.ok) return;
    kept = now;
    if (status) status.textContent = status.dataset.saved;
  }, 20000);
}
