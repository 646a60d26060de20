// What is picked on a ballot paper and what is left, said at each tick. Used by the ballot and by the booth.
const korean = document.documentElement.lang.startsWith("ko");

/** As the server writes amounts: rounded to ten thousand won, or to a tenth of a million. */
export const money = (won) => {
  if (korean) {
    const ten = Math.floor((won + 5000) / 10000);
    const words = [Math.floor(ten / 10000), ten % 10000];
    return won < 10000 ? `${won}원` : `${words.map((n, place) => (n ? `${n.toLocaleString("en")}${"억만"[place]}` : "")).filter(Boolean).join(" ")}원`;
  }
  const [unit, word] = won >= 1e9 ? [1e9, " billion"] : won >= 1e6 ? [1e6, " million"] : [1, ""];
  return `${(Math.round((won * 10) / unit) / 10).toLocaleString("en")}${word} won`;
};

export const costOf = (box) => Number(box.dataset.won || 0);

/** Show what is left in a form with boxes; `show` does it, `picked` gives the boxes that are ticked. */
export const paperOf = (form) => {
  const boxes = [...form.querySelectorAll(".option input[type=checkbox]")];
  const most = Number(form.dataset.most);
  const bound = Number(form.dataset.bound || 0);
  const binds = form.dataset.binds === "yes";
  const part = (name) => form.querySelector(`[data-${name}]`);
  const picked = () => boxes.filter((box) => box.checked);
  const show = () => {
    const count = picked().length;
    const spent = picked().reduce((sum, box) => sum + costOf(box), 0);
    part("picks-left").textContent = Math.max(0, most - count);
    part("picks-bar").value = Math.min(most, count);
    if (bound) {
      part("won-left").textContent = money(Math.max(0, bound - spent));
      part("won-bar").value = Math.min(bound, spent);
    }
    part("full").hidden = count < most;
    for (const box of boxes) {
      if (box.dataset.never) continue;
      const dear = binds && !box.checked && costOf(box) > bound - spent;
      box.disabled = !box.checked && (count >= most || dear);
      const why = box.closest(".option").querySelector("[data-dear]");
      if (why) why.hidden = !dear;
    }
  };
  for (const one of form.querySelectorAll("[data-with-script]")) one.hidden = false;
  for (const one of form.querySelectorAll("[data-without-script]")) one.hidden = true;
  return { boxes, part, picked, show };
};
