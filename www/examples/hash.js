// Recognises equal pixels. It is no protection against forgery.

/** Odd multipliers of the four lanes. */
const FACTORS = [0x9e3779b1, 0x5f356495, 0x85ebca77, 0xc2b2ae3d];

/**
 * A hash of 128 bits in hexadecimal.
 *
 * @param {ArrayLike<number>} bytes
 */
export function hashOf(bytes) {
  let [a, b, c, d] = [0xdeadbeef, 0x41c6ce57, 0x27d4eb2f, 0x165667b1];
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i];
    a = Math.imul(a ^ byte, FACTORS[0]);
    b = Math.imul(b ^ byte, FACTORS[1]);
    c = Math.imul(c ^ byte ^ (a >>> 15), FACTORS[2]);
    d = Math.imul(d ^ byte ^ (b >>> 13), FACTORS[3]);
  }
  const lanes = [a ^ (d >>> 16), b ^ (a >>> 16), c ^ (b >>> 16), d ^ (c >>> 16)];
  return lanes.map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
}

/**
 * A hash of a text.
 *
 * @param {string} text
 */
export function hashOfText(text) {
  return hashOf(new TextEncoder().encode(text));
}
