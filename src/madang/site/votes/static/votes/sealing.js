// Seals ballots as src/madang/ballots does: version 1 of the protocol of Belenios. Nothing of a page is touched here.
// Names and order follow groups.py, credentials.py, proofs.py, checking.py and casting.py. Arithmetic of BigInt takes
// time that depends on its numbers; who can measure that on a phone can also read its memory.

import { credentialIn } from "./credentials.js";

const BYTE = 256n;

/** What may be told to people: `rule` says which of the known reasons it is. */
export class Refusal extends Error {
  constructor(rule, message) {
    super(message);
    this.rule = rule;
  }
}

// --- bytes, numbers, hashes ---------------------------------------------------------------------------

const bytesOf = (text) => new TextEncoder().encode(text);
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const numberOf = (bytes) => BigInt(`0x${hexOf(bytes) || "0"}`);
const mod = (number, q) => ((number % q) + q) % q;
const sum = (numbers) => numbers.reduce((one, two) => one + two, 0n);
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** SHA-256 in Base64 without the sign at the end, as fingerprints and trackers are shown. */
export const base64Hash = async (bytes) => btoa(String.fromCharCode(...(await sha256(bytes)))).replace(/=+$/, "");

/** A number below `q`, all equally likely, from the system's generator. */
export const drawSecretly = (q) => {
  const bits = q.toString(2).length;
  const bytes = new Uint8Array(Math.ceil(bits / 8));
  for (;;) {
    crypto.getRandomValues(bytes);
    bytes[0] &= 255 >> (8 * bytes.length - bits);
    const drawn = numberOf(bytes);
    if (drawn < q) return drawn;
  }
};

const packed = (integers) => integers.reduce((number, one) => number * BYTE + BigInt(one), 0n);
const unpacked = (number, count) => {
  const integers = [];
  for (let place = 0; place < count; place += 1) {
    integers.unshift(Number(number % BYTE));
    number /= BYTE;
  }
  return integers;
};

// --- groups -------------------------------------------------------------------------------------------

const RFC_3526 = BigInt(
  "0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd" +
    "ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed" +
    "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f" +
    "83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b" +
    "e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa0510" +
    "15728e5a8aacaa68ffffffffffffffff",
);

/** The squares modulo p = 2q + 1. */
class Field {
  constructor() {
    Object.assign(this, { name: "RFC-3526-2048", p: RFC_3526, q: RFC_3526 >> 1n, g: 2n, one: 1n, mostIntegers: 255 });
  }
  text(element) {
    return element.toString();
  }
  parsed(text) {
    if (!/^[1-9][0-9]{0,616}$/.test(text)) return null;
    const found = BigInt(text);
    return found < this.p && this.power(found, this.q) === 1n ? found : null;
  }
  multiply(one, two) {
    return (one * two) % this.p;
  }
  same(one, two) {
    return one === two;
  }
  /** Four bits at a time, and always as many steps. */
  power(element, exponent) {
    const rows = [1n];
    for (let place = 1; place < 16; place += 1) rows.push((rows[place - 1] * element) % this.p);
    let result = 1n;
    for (const digit of exponent.toString(16).padStart(512, "0")) {
      for (let turn = 0; turn < 4; turn += 1) result = (result * result) % this.p;
      result = (result * rows[parseInt(digit, 16)]) % this.p;
    }
    return result;
  }
  ofIntegers(integers) {
    let found = packed(integers) << 8n;
    while (found === 0n || this.power(found, this.q) !== 1n) found += 1n;
    return found;
  }
  toIntegers(count, element) {
    return unpacked(element >> 8n, count);
  }
}

/** The points of prime order of Curve25519 in Edwards form; the library computes. */
class Curve {
  constructor(Point) {
    const q = Point.CURVE().n;
    Object.assign(this, { name: "Ed25519", Point, q, g: Point.BASE, one: Point.ZERO, mostIntegers: 30 });
  }
  text(element) {
    return hexOf(element.toBytes().reverse());
  }
  parsed(text) {
    if (!/^[0-9a-f]{64}$/.test(text)) return null;
    const found = this._point(text);
    return found !== null && found.isTorsionFree() ? found : null;
  }
  _point(text) {
    try {
      return this.Point.fromHex(text.match(/../g).reverse().join(""));
    } catch {
      return null;
    }
  }
  multiply(one, two) {
    return one.add(two);
  }
  same(one, two) {
    return one.equals(two);
  }
  power(element, exponent) {
    const reduced = mod(exponent, this.q);
    return reduced === 0n || element.is0() ? this.one : element.multiply(reduced);
  }
  ofIntegers(integers) {
    for (let found = packed(integers) << 14n; ; found += 1n) {
      const point = this.parsed(found.toString(16).padStart(64, "0"));
      if (point !== null && !point.is0()) return point;
    }
  }
  toIntegers(count, element) {
    return unpacked(numberOf(element.toBytes().reverse()) >> 14n, count);
  }
}

/** The group of that name; the library is loaded only where it is needed. */
export const groupNamed = async (name) => {
  if (name === "RFC-3526-2048") return new Field();
  if (name === "Ed25519") return new Curve((await import("./noble-ed25519-3.2.0.js")).Point);
  throw new Refusal("election", `The group ${name} is unknown here.`);
};

// --- credentials --------------------------------------------------------------------------------------

/** The secret exponent of a credential in one election. */
export const secretOf = async (group, uuid, credential) => {
  if (credentialIn(credential) !== credential) throw new Refusal("ballot-credential", "This is not a credential.");
  if (credential.length === 19) {
    const key = await crypto.subtle.importKey("raw", bytesOf(credential), "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: bytesOf(uuid), iterations: 1000 };
    return numberOf(new Uint8Array(await crypto.subtle.deriveBits(how, key, 256))) % group.q;
  }
  const half = (place) => sha256(bytesOf(`derive_credential|${uuid}|${place}|${credential}`));
  return numberOf([...(await half(0)), ...(await half(1))]) % group.q;
};

// --- elections ----------------------------------------------------------------------------------------

/** The election in these bytes: what a ballot is bound to. */
export const readElection = async (raw) => {
  const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(raw));
  if (value.version !== 1) throw new Refusal("election", "The version of the protocol is unknown here.");
  const group = await groupNamed(value.group);
  const key = group.parsed(value.public_key);
  if (key === null || group.same(key, group.one)) throw new Refusal("election-key", "The election's key cannot encrypt.");
  const questions = value.questions.map((one) =>
    one.type === "NonHomomorphic" ? { ...one.value, shuffled: true } : { ...one, shuffled: false },
  );
  return { uuid: value.uuid, fingerprint: await base64Hash(raw), group, key, questions };
};

// --- proofs -------------------------------------------------------------------------------------------

const plain = (challenge, response) => ({ challenge: challenge.toString(), response: response.toString() });

/** Work that stops between powers, so that a page can show how far it is. */
class Prover {
  constructor({ group, key }, draw, step) {
    Object.assign(this, { group, key, draw: () => draw(group.q), step });
  }
  async power(element, exponent) {
    await this.step();
    return this.group.power(element, exponent);
  }
  async challenge(prefix, elements) {
    const content = prefix + elements.map((one) => this.group.text(one)).join(",");
    return numberOf(await sha256(bytesOf(content))) % this.group.q;
  }
  async encrypt(message, secret) {
    const alpha = await this.power(this.group.g, secret);
    return [alpha, this.group.multiply(await this.power(this.key, secret), message)];
  }
  async knowledge(prefix, secret) {
    const nonce = this.draw();
    const challenge = await this.challenge(prefix, [await this.power(this.group.g, nonce)]);
    return plain(challenge, mod(nonce - secret * challenge, this.group.q));
  }
  /** That the branch `held` holds, without saying which one it is. A branch: `value`, and `secret`, `message` inside. */
  async branch(prefix, branches, held) {
    const { g, q } = this.group;
    const proofs = branches.map((_, place) => (place === held ? [0n, 0n] : [this.draw(), this.draw()]));
    const nonce = this.draw();
    const commitments = [];
    for (const [place, { value, secret, message }] of branches.entries()) {
      const [challenge, response] = proofs[place];
      const exponent = place === held ? nonce : mod(response + secret * challenge, q);
      const off = mod(BigInt(message - value) * challenge, q);
      const beta = this.group.multiply(await this.power(this.key, exponent), this.group.power(g, off));
      commitments.push(await this.power(g, exponent), beta);
    }
    const others = sum(proofs.map(([challenge]) => challenge));
    const own = mod((await this.challenge(prefix, commitments)) - others, q);
    proofs[held] = [own, mod(nonce - branches[held].secret * own, q)];
    return proofs.map(([challenge, response]) => plain(challenge, response));
  }
}

const pair = (group, [alpha, beta]) => `${group.text(alpha)},${group.text(beta)}`;
const ciphertext = (group, [alpha, beta]) => ({ alpha: group.text(alpha), beta: group.text(beta) });

// --- answers ------------------------------------------------------------------------------------------

const shuffled = async (prover, voter, answer, secrets) => {
  const { group, key } = prover;
  const secret = prover.draw();
  secrets.push(secret);
  const choices = await prover.encrypt(group.ofIntegers(answer), secret);
  const proof = await prover.knowledge(`raweg|${voter}|${group.text(key)},${pair(group, choices)}|`, secret);
  return { choices: ciphertext(group, choices), proof };
};

const counted = async (prover, voter, answer, question) => {
  const { group } = prover;
  const secrets = answer.map(() => prover.draw());
  const choices = [];
  for (const [place, one] of answer.entries()) {
    choices.push(await prover.encrypt(one ? group.g : group.one, secrets[place]));
  }
  const individual_proofs = [];
  for (const [place, message] of answer.entries()) {
    const branches = [0, 1].map((value) => ({ value, secret: secrets[place], message }));
    individual_proofs.push(await prover.branch(`prove|${voter}|${pair(group, choices[place])}|`, branches, message));
  }
  const whole = `${voter}|${choices.map((one) => pair(group, one)).join(",")}`;
  const value = { choices: choices.map((one) => ciphertext(group, one)), individual_proofs };
  return { ...value, ...(await number(prover, question, answer, choices, secrets, whole)) };
};

/** That as many are chosen as may be, or, where that is allowed, that the answer is blank. */
const number = async (prover, question, answer, choices, secrets, whole) => {
  const { group } = prover;
  const first = question.blank ? 1 : 0;
  const secret = mod(sum(secrets.slice(first)), group.q);
  const message = answer.slice(first).reduce((one, two) => one + two, 0);
  const total = choices.slice(first).reduce(([a, b], [c, d]) => [group.multiply(a, c), group.multiply(b, d)]);
  const ranges = [];
  for (let value = question.min; value <= question.max; value += 1) ranges.push({ value, secret, message });
  if (!question.blank) {
    const prefix = `prove|${whole}|${pair(group, total)}|`;
    return { overall_proof: await prover.branch(prefix, ranges, message - question.min) };
  }
  const blank = { secret: secrets[0], message: answer[0] };
  const either = [{ ...blank, value: 0 }, { value: 0, secret, message }];
  const blank_proof = await prover.branch(`bproof0|${whole}|`, either, answer[0]);
  const held = answer[0] ? 0 : 1 + message - question.min;
  const overall_proof = await prover.branch(`bproof1|${whole}|`, [{ ...blank, value: 1 }, ...ranges], held);
  return { overall_proof, blank_proof };
};

const isAnswer = (question, answer) => {
  const most = question.shuffled ? 255 : 1;
  const expected = question.answers.length + (question.blank ? 1 : 0);
  const inside = (one) => Number.isInteger(one) && one >= 0 && one <= most;
  if (answer.length !== expected || !answer.every(inside)) return false;
  if (question.shuffled) return true;
  const chosen = answer.slice(question.blank ? 1 : 0).reduce((one, two) => one + two, 0);
  return question.blank && answer[0] ? chosen === 0 : question.min <= chosen && chosen <= question.max;
};

// --- ballots ------------------------------------------------------------------------------------------

/**
 * The ballot of whoever holds a secret exponent: its text, its tracker, and the `secrets` with which shuffled answers
 * were encrypted, which prove what it says. `step` is awaited before each power.
 */
export const seal = async (election, secret, answers, { draw = drawSecretly, step = async () => {} } = {}) => {
  const { group, questions } = election;
  if (answers.length !== questions.length || !questions.every((one, place) => isAnswer(one, answers[place]))) {
    throw new Refusal("ballot-shape", "The answers do not fit the questions.");
  }
  const prover = new Prover(election, draw, step);
  const credential = group.text(await prover.power(group.g, secret));
  const voter = `${election.fingerprint}|${credential}`;
  const made = [];
  const secrets = [];
  for (const [place, question] of questions.entries()) {
    const make = question.shuffled ? shuffled : counted;
    made.push(await make(prover, voter, answers[place], question.shuffled ? secrets : question));
  }
  const value = { election_uuid: election.uuid, election_hash: election.fingerprint, credential, answers: made };
  const hash = await base64Hash(bytesOf(JSON.stringify(value)));
  const proof = await prover.knowledge(`sig|${hash}|`, secret);
  const raw = JSON.stringify({ ...value, signature: { hash, proof } });
  return { raw, tracker: await base64Hash(bytesOf(raw)), secrets };
};

/** How many powers a ballot of shuffled questions takes: the public credential, the signature, three for each. */
export const stepsOf = ({ questions }) => 2 + 3 * questions.length;

/**
 * What a ballot says, by the secrets with which it was encrypted. Every ciphertext is made again from what it says; a
 * refusal if it does not come out the same.
 */
export const reveal = async (election, raw, secrets) => {
  const { group, key, questions } = election;
  const value = JSON.parse(raw);
  if (value.election_uuid !== election.uuid || value.election_hash !== election.fingerprint) {
    throw new Refusal("ballot-election", "The ballot is of another election.");
  }
  if (!questions.every((one) => one.shuffled) || secrets.length !== questions.length) {
    throw new Refusal("ballot-shape", "There is not one number for each question.");
  }
  const answers = questions.map((question, place) => {
    const { alpha, beta } = value.answers[place].choices;
    const mask = group.power(key, secrets[place]);
    const stated = group.parsed(beta);
    const message = stated === null ? null : group.multiply(stated, group.power(mask, group.q - 1n));
    const integers = message === null ? [] : group.toIntegers(question.answers.length, message);
    const again = [group.power(group.g, secrets[place]), group.multiply(mask, group.ofIntegers(integers))];
    if (group.text(again[0]) !== alpha || group.text(again[1]) !== beta) {
      throw new Refusal("ballot-content", "The ballot was not made from these numbers.");
    }
    return integers;
  });
  return { answers, tracker: await base64Hash(bytesOf(raw)) };
};
