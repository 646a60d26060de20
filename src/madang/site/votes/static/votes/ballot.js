"use strict";
// Keeps the picks at each tick, and says at once what is left. Without it the button "Keep my picks" does.
const form = document.querySelector("form[data-keep]");
if (form) {
  const boxes = [...form.querySelectorAll("input[name=choice]")];
  const most = Number(form.dataset.most);
  const bound = Number(form.dataset.bound || 0);
  const binds = form.dataset.binds === "yes";
  const part = (name) => form.querySelector(`[data-${name}]`);
  const korean = document.documentElement.lang.startsWith("ko");
  const cost = (box) => Number(box.dataset.won || 0);
  // As the server writes amounts: rounded to ten thousand won, or to a tenth of a million.
  const money = (won) => {
    if (korean) {
      const ten = Math.floor((won + 5000) / 10000);
      const words = [Math.floor(ten / 10000), ten % 10000];
      return won < 10000 ? `${won}원` : `${words.map((n, place) => (n ? `${n.toLocaleString("en")}${"억만"[place]}` : "")).filter(Boolean).join(" ")}원`;
    }
    const [unit, word] = won >= 1e9 ? [1e9, " billion"] : won >= 1e6 ? [1e6, " million"] : [1, ""];
    return `${(Math.round((won * 10) / unit) / 10).toLocaleString("en")}${word} won`;
  };
  const show = () => {
    const picked = boxes.filter((box) => box.checked);
    const spent = picked.reduce((sum, box) => sum + cost(box), 0);
    part("picks-left").textContent = Math.max(0, most - picked.length);
    part("picks-bar").value = Math.min(most, picked.length);
    if (bound) {
      part("won-left").textContent = money(Math.max(0, bound - spent));
      part("won-bar").value = Math.min(bound, spent);
    }
    part("full").hidden = picked.length < most;
    for (const box of boxes) {
      if (box.dataset.never) continue;
      const dear = binds && !box.checked && cost(box) > bound - spent;
      box.disabled = !box.checked && (picked.length >= most || dear);
      const why = box.closest(".option").querySelector("[data-dear]");
      if (why) why.hidden = !dear;
    }
  };
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
  for (const one of form.querySelectorAll("[data-with-script]")) one.hidden = false;
  for (const one of form.querySelectorAll("[data-without-script]")) one.hidden = true;
  show();
}
