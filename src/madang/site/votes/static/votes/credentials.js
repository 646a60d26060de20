// What a credential looks like, as in src/madang/ballots/credentials.py.
const DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const GROUPINGS = { 15: [3, 3, 3, 3, 3], 22: [5, 6, 5, 6] };
const CHECK = 53n;

const valueOf = (digits) => [...digits].reduce((number, one) => number * 58n + BigInt(DIGITS.indexOf(one)), 0n);

/** A credential as it must be written, whatever was typed between its digits; null if it is none. */
export const credentialIn = (typed) => {
  let rest = typed.replace(/[^0-9A-Za-z]/g, "");
  if (!(rest.length in GROUPINGS) || [...rest].some((one) => !DIGITS.includes(one))) return null;
  if (rest.length === 15 && (valueOf(rest.slice(0, 14)) + valueOf(rest[14])) % CHECK !== 0n) return null;
  const parts = GROUPINGS[rest.length].map((length) => {
    const part = rest.slice(0, length);
    rest = rest.slice(length);
    return part;
  });
  return parts.join("-");
};
