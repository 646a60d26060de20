"use strict";
// Tries the quotas while they are typed, by asking for the page that the button "Check" shows.
const form = document.querySelector("form[data-tried]");
const place = document.getElementById("feasibility");
if (form && place) {
  let waiting = 0;
  let asked = 0;
  const tried = async () => {
    const turn = ++asked;
    const typed = new FormData(form);
    typed.set("do", "check");
    const answer = await fetch(location.href, { method: "POST", body: typed }).catch(() => null);
    if (!answer || !answer.ok || turn !== asked) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("feasibility");
    if (found && turn === asked) place.replaceChildren(...found.childNodes);
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(tried, 500);
  });
}
