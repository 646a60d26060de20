// Reads a ballot by which another device was tested. Everything stays in this browser.
const told = JSON.parse(document.getElementById("test").textContent);
const find = (selector) => document.querySelector(selector);

const refuse = (name) => {
  find("[data-read]").hidden = true;
  find("[data-reason]").textContent = told.words[name];
  find("[data-refused]").hidden = false;
  find("[data-refused]").focus();
};

const named = (number) =>
  number in told.options ? `${number}. ${told.options[number]}` : told.words.unknown.replace("%(number)d", number);

const show = ({ answers, tracker }) => {
  const picks = answers.flat().filter((number) => number !== 0);
  const lines = picks.length ? picks.map(named) : [told.words.nothing];
  const items = lines.map((line) => Object.assign(document.createElement("li"), { textContent: line }));
  find("[data-picks]").replaceChildren(...items);
  find("[data-tracker]").textContent = tracker.match(/.{1,4}/g).join(" ");
  find("[data-refused]").hidden = true;
  find("[data-read]").hidden = false;
  find("[data-read] h2").focus();
};

/** The election as the board has it, never as the file says: it would be easy to lie about. */
const load = async () => {
  const program = await import("./sealing.js");
  const answer = await fetch(told.election);
  if (!answer.ok) throw new TypeError(`${answer.status}`);
  return { program, election: await program.readElection(new Uint8Array(await answer.arrayBuffer())) };
};

const parsed = (text) => {
  try {
    const { ballot, secrets } = JSON.parse(text);
    JSON.parse(ballot);
    return { ballot, secrets: secrets.map(BigInt) };
  } catch {
    return null;
  }
};

const readTest = async (text) => {
  const file = parsed(text);
  if (file === null) return refuse("unreadable");
  const loaded = await load().catch(() => null);
  if (loaded === null) return refuse("not_loaded");
  try {
    return show(await loaded.program.reveal(loaded.election, file.ballot, file.secrets));
  } catch (failed) {
    return refuse(failed.rule === "ballot-election" ? "other" : "wrong");
  }
};

find("[data-test]").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [file] = find("#file").files;
  readTest(find("#given").value.trim() || (file ? await file.text() : ""));
});
