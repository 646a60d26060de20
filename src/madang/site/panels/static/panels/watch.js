"use strict";
// Shows the draw as soon as it has taken place. Without it the link "Look again" does.
const state = document.querySelector("[data-draw-state]");
if (state && state.dataset.drawState !== "drawn") {
  setInterval(async () => {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer || !answer.ok) return;
    const other = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-draw-state]");
    if (other && other.dataset.drawState !== state.dataset.drawState) location.reload();
  }, 10000);
}
