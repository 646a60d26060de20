// The booth: credential, picks, encryption, casting, receipt. Picks and credential stay in this tab; only the encrypted
// ballot is sent, and, once it is on the public board, its tracker for the drawing of the receipt.
import { credentialIn } from "./credentials.js";
import { costOf, money, paperOf } from "./paper.js";

const told = JSON.parse(document.getElementById("booth")?.textContent ?? "null");
const find = (selector) => document.querySelector(selector);
const word = (name, values = {}) => told.words[name].replace(/%\((\w+)\)[sd]/g, (_, key) => values[key]);
const grouped = (tracker) => tracker.match(/.{1,4}/g).join(" ");

// --- what this tab keeps ------------------------------------------------------------------------------

const read = () => {
  try {
    return JSON.parse(sessionStorage.getItem(told.key)) ?? {};
  } catch {
    return {};
  }
};
const kept = told ? read() : {};
const keep = (values) => {
  Object.assign(kept, values);
  try {
    sessionStorage.setItem(told.key, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing still votes, without a reload in between.
  }
};
const forget = () => {
  for (const name of Object.keys(kept)) delete kept[name];
  sessionStorage.removeItem(told.key);
};

// --- steps --------------------------------------------------------------------------------------------

let paper = null;
let tested = null;
let receipt = null;

const announce = (text) => {
  find("[data-live]").textContent = text;
};

const quiet = () => {
  find("[data-refused]").hidden = true;
};

/** Say why something does not go on, and offer ways on: pairs of a word and what it does. */
const refuse = (reason, ways = []) => {
  const box = find("[data-refused]");
  box.querySelector("[data-reason]").textContent = reason;
  const buttons = ways.map(([name, act]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-secondary";
    button.textContent = word(name);
    button.addEventListener("click", act);
    return button;
  });
  box.querySelector("[data-ways]").replaceChildren(...buttons);
  box.hidden = false;
  box.focus();
};

const show = (step, { focus = true } = {}) => {
  for (const section of document.querySelectorAll("[data-step]")) section.hidden = section.dataset.step !== step;
  const heading = find(`[data-step=${step}] h2`);
  if (!focus) return;
  heading.focus({ preventScroll: true });
  heading.scrollIntoView();
};

/** The step that is possible: nobody chooses without a credential, or casts without a ballot. */
const possible = (step) => {
  if (receipt) return "receipt";
  if (tested) return "tested";
  if (!told.may) return "who";
  if (!kept.credential) return "credential";
  if (kept.ballot) return "sealed";
  return step === "review" && paper.picked().length ? "review" : "choose";
};

const go = (step, how) => {
  quiet();
  const next = possible(step);
  if (next === "review") review();
  if (next === "sealed") showTracker(kept.ballot.tracker);
  show(next, how);
};

/** A step of its own in the history, so that the browser's way back is the way back here. */
const onward = (step) => {
  history.pushState({ step }, "");
  go(step);
};

const showTracker = (tracker) => {
  for (const code of document.querySelectorAll("[data-tracker]")) code.textContent = grouped(tracker);
};

// --- credential ---------------------------------------------------------------------------------------

/** Take what the registrar gave out of the address, before anything else happens. */
const takeFromAddress = () => {
  const given = new URLSearchParams(location.hash.slice(1)).get("credential");
  if (given !== null) history.replaceState(null, "", location.pathname + location.search);
  return given;
};

const use = (typed, { arrived = false } = {}) => {
  const credential = credentialIn(typed);
  const field = find("#credential");
  const error = find("#credential_error");
  error.textContent = credential ? "" : word("no_credential");
  error.hidden = Boolean(credential);
  if (!credential) {
    field.setAttribute("aria-invalid", "true");
    show(told.may ? "credential" : "who");
    if (!arrived) field.focus();
    return;
  }
  field.removeAttribute("aria-invalid");
  field.value = "";
  keep({ credential, ballot: null });
  announce(word("credential"));
  go("choose");
};

// --- paper --------------------------------------------------------------------------------------------

const search = () => {
  const wanted = find("#find").value.trim().toLowerCase();
  const only = find("[data-only-picked]").checked;
  let count = 0;
  for (const box of paper.boxes) {
    const option = box.closest(".option");
    option.hidden = (only && !box.checked) || !option.textContent.toLowerCase().includes(wanted);
    count += option.hidden ? 0 : 1;
  }
  find("[data-found]").textContent = wanted || only ? word("found", { count, all: paper.boxes.length }) : "";
};

const preparePaper = () => {
  const form = find("[data-paper]");
  paper = paperOf(form);
  for (const box of paper.boxes) {
    box.checked = !box.dataset.never && (kept.picks ?? []).includes(Number(box.value));
  }
  form.addEventListener("change", (event) => {
    if (event.target.closest(".option")) {
      keep({ picks: paper.picked().map((box) => Number(box.value)), ballot: null });
      paper.show();
    }
    search();
  });
  find("#find").addEventListener("input", search);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // Enter in the search looks on, it does not leave the paper.
    if (document.activeElement === find("#find")) return;
    const count = paper.picked().length;
    const least = Number(form.dataset.least);
    const most = Number(form.dataset.most);
    if (count < least || count > most) refuse(word("wrong_count", { min: least, max: most, count }));
    else onward("review");
  });
  paper.show();
};

/** What is ticked, by the numbers on the paper. */
const picked = () => paper.picked().sort((one, two) => one.value - two.value);

const review = () => {
  const items = picked().map((box) => {
    const item = document.createElement("li");
    item.textContent = box.closest("label").textContent.trim();
    return item;
  });
  find("[data-picks]").replaceChildren(...items);
  const won = picked().reduce((sum, box) => sum + costOf(box), 0);
  const most = Number(find("[data-paper]").dataset.most);
  const parts = [word("picked", { picks: items.length, most })];
  if (won) parts.push(`${word("cost")} ${money(won)}`);
  find("[data-sum]").textContent = parts.join(" ");
};

// --- encryption ---------------------------------------------------------------------------------------

/** Let the browser compare a program with the hash that the board shows, before anything imports it. */
const compared = (name) =>
  new Promise((done, fail) => {
    const link = document.createElement("link");
    if (!link.relList.supports("modulepreload")) return done();
    link.addEventListener("load", done);
    link.addEventListener("error", () => fail(new TypeError(name)));
    Object.assign(link, { rel: "modulepreload", integrity: told.programs[name] });
    link.href = new URL(`./${name}`, import.meta.url).href;
    document.head.append(link);
  });

const sealing = async () => {
  await Promise.all(Object.keys(told.programs).map(compared));
  return import("./sealing.js");
};
const painted = () => new Promise((done) => setTimeout(done));

/** The picks as the one answer of the ballot: numbers ascending, then zeros. */
const answerOf = ({ questions: [question] }) => {
  const picks = picked().map((box) => Number(box.value));
  return [...picks, ...Array(question.answers.length - picks.length).fill(0)];
};

const loadElection = async ({ readElection }) => {
  const answer = await fetch(told.election);
  if (!answer.ok) throw new TypeError(`${answer.status}`);
  const election = await readElection(new Uint8Array(await answer.arrayBuffer()));
  // The fingerprint stands on the receipt: who is given a key of somebody else's can see and show it.
  if (election.fingerprint !== told.fingerprint || election.questions.length !== 1) {
    throw new Error(word("other_election"));
  }
  return election;
};

let secrets = [];

const encrypt = async () => {
  const program = await sealing();
  const election = await loadElection(program);
  const secret = await program.secretOf(election.group, election.uuid, kept.credential);
  const all = program.stepsOf(election);
  let done = 0;
  const step = async () => {
    find("[data-progress]").value = done / all;
    announce(word("progress", { done: (done += 1), all }));
    await painted();
  };
  const made = await program.seal(election, secret, [answerOf(election)], { step });
  secrets = made.secrets.map(String);
  return { raw: made.raw, tracker: made.tracker };
};

const seal = async () => {
  quiet();
  if (!globalThis.crypto?.subtle) {
    refuse(word("insecure"));
    return;
  }
  show("sealing");
  try {
    keep({ ballot: await encrypt() });
  } catch (failed) {
    show("review");
    const reason = failed instanceof TypeError ? word("not_loaded") : word("not_sealed", { reason: failed.message });
    refuse(reason, [["again", seal]]);
    return;
  }
  announce(word("sealed"));
  onward("sealed");
};

const change = () => {
  keep({ ballot: null });
  onward("choose");
};

// --- testing the device -------------------------------------------------------------------------------

const test = () => {
  if (!secrets.length) {
    refuse(word("not_testable"), [["new_ballot", again]]);
    return;
  }
  tested = JSON.stringify({ ballot: kept.ballot.raw, secrets });
  find("#given").value = tested;
  showTracker(kept.ballot.tracker);
  keep({ ballot: null });
  secrets = [];
  go("tested");
};

const again = () => {
  tested = null;
  find("#given").value = "";
  keep({ ballot: null });
  onward("review");
};

const save = (text, name, type) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

const copy = async () => {
  find("#given").select();
  const done = await navigator.clipboard?.writeText(tested).then(() => true, () => false);
  if (done) announce(word("copied"));
};

// --- casting ------------------------------------------------------------------------------------------

let casting = false;

const send = (address, body, type) => {
  const headers = { "X-CSRFToken": find("[name=csrfmiddlewaretoken]").value, "Content-Type": type };
  return fetch(address, { method: "POST", body, headers, credentials: "same-origin" });
};

/** The answer of the board: its status, how long to wait, and what it says; a status of 0 where none came. */
const post = async (raw) => {
  try {
    const answer = await send(told.cast, raw, "application/json");
    const said = await answer.json().catch(() => null);
    return { status: answer.status, wait: Number(answer.headers.get("Retry-After") || 5), said };
  } catch {
    return { status: 0, wait: 0, said: null };
  }
};

const cast = async () => {
  if (casting || !kept.ballot) return;
  casting = true;
  quiet();
  announce(word("casting"));
  const { status, wait, said } = await post(kept.ballot.raw);
  casting = false;
  const once = [["again", cast]];
  // Exactly this ballot is on the board already: an answer to an earlier try was lost.
  if (status === 201 || said?.rule === "ballot-replayed") await done(said);
  else if (status === 0) refuse(word("lost"), once);
  else if (status === 503) refuse(word("busy", { seconds: wait }), once);
  else if (said === null || !said.reason) refuse(word("broken"), [...once, ["reload", () => location.reload()]]);
  else if (said.identity) refuse(said.reason, [["identity", () => show("who")], ...once]);
  else if (said.rule === "ballot-credential") refuse(said.reason, [["other_credential", otherCredential]]);
  else if (status === 413 || status === 422) refuse(said.reason, [["new_ballot", again]]);
  else refuse(said.reason);
};

const otherCredential = () => {
  keep({ credential: null, ballot: null });
  onward("credential");
};

const done = async (said) => {
  receipt = { tracker: kept.ballot.tracker, ...said };
  secrets = [];
  forget();
  for (const box of paper.boxes) box.checked = false;
  // With the ballot of somebody without an account the server has ended the session.
  find("[data-visiting]")?.remove();
  showTracker(receipt.tracker);
  const when = receipt.at ? new Date(receipt.at).toLocaleString(document.documentElement.lang) : "";
  receipt.told = when ? word("taken", { when, height: receipt.height }) : word("taken_before");
  find("[data-when]").textContent = receipt.told;
  find("[data-replaces]").hidden = !receipt.replaces;
  find("[data-board]").href = `${told.board}?tracker=${encodeURIComponent(receipt.tracker)}`;
  go("receipt");
  const answer = await send(told.drawing, receipt.tracker, "text/plain").catch(() => null);
  if (answer?.ok) {
    find("[data-qr]").src = `data:image/svg+xml,${encodeURIComponent(await answer.text())}`;
    find("[data-qr]").hidden = false;
  }
};

const saveReceipt = () => {
  const election = `${word("fingerprint")}: ${told.fingerprint}`;
  const board = new URL(told.board, location.href).href;
  const lines = [word("receipt"), told.title, receipt.tracker, receipt.told, election, board];
  save(`${lines.join("\n")}\n`, `receipt-${told.uuid}.txt`, "text/plain");
};

// --- the page -----------------------------------------------------------------------------------------

const ACTIONS = {
  seal,
  change,
  cast,
  test,
  again,
  "save-test": () => save(tested, `test-${told.uuid}.json`, "application/json"),
  "copy-test": copy,
  save: saveReceipt,
  print: () => print(),
};

const begin = () => {
  preparePaper();
  for (const button of document.querySelectorAll("[data-do]")) {
    button.addEventListener("click", () => ACTIONS[button.dataset.do]());
  }
  find("[data-typing]").addEventListener("submit", (event) => {
    event.preventDefault();
    use(find("#credential").value);
  });
  find("[data-leave]")?.addEventListener("submit", forget);
  addEventListener("popstate", (event) => go(event.state?.step ?? "choose"));
  go("choose", { focus: false });
};

const arrive = (given) => {
  if (given !== null && told) use(given, { arrived: true });
};
const given = takeFromAddress();
if (told) begin();
arrive(given);
addEventListener("hashchange", () => arrive(takeFromAddress()));
