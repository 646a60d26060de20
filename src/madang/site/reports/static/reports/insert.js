// Puts the name of a figure where the writing stopped; without this it is copied by hand.
const fields = document.querySelectorAll("form[data-insert-here] textarea");
let last = fields[0];
// A field that was never written in takes it at its end.
fields.forEach((field) => field.setSelectionRange(field.value.length, field.value.length));
fields.forEach((field) => field.addEventListener("focus", () => { last = field; }));
document.querySelectorAll("[data-insert]").forEach((button) => {
  button.hidden = !last;
  button.addEventListener("click", () => {
    last.setRangeText(button.dataset.insert, last.selectionStart, last.selectionEnd, "end");
    last.focus();
  });
});
