// LZW as in TIFF (TIFF 6.0, section 13): codes of 9 to 12 bits, most significant bit first; the code width
// grows one code early. The library's own decoder never ends on some damaged data.

const CLEAR = 256;
const END = 257;
const FIRST = 258;
const MOST_BITS = 12;
const SIZE = 1 << MOST_BITS;

/** Decodes `input` to an ArrayBuffer of at most `most` bytes. Throws an Error on damaged data. */
export function decodeLzw(input, most) {
  const output = new Uint8Array(most);
  // A string is another one (its prefix) plus one byte; the first 256 are single bytes.
  const prefix = new Uint16Array(SIZE);
  const last = Uint8Array.from({ length: SIZE }, (_, i) => (i < CLEAR ? i : 0));
  const length = new Uint32Array(SIZE).fill(1, 0, CLEAR);
  let [next, bits, previous] = [FIRST, 9, -1];
  let [held, count, at, to] = [0, 0, 0, 0];
  while (to < most) {
    while (count < bits && at < input.length) {
      held = ((held << 8) | input[at]) & 0xffffff;
      at += 1;
      count += 8;
    }
    if (count < bits) break;
    count -= bits;
    const code = (held >>> count) & ((1 << bits) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      [next, bits, previous] = [FIRST, 9, -1];
      continue;
    }
    if (code > next || (code === next && previous < 0) || (code >= CLEAR && code < FIRST)) {
      throw new Error(`LZW code ${code} stands for nothing yet`);
    }
    // A string that is still being defined is the previous one plus that one's first byte.
    const isNew = code === next;
    const start = isNew ? previous : code;
    const end = to + length[start];
    let [place, string] = [end, start];
    for (let left = length[start]; left > 0; left -= 1) {
      place -= 1;
      if (place < most) output[place] = last[string];
      string = prefix[string];
    }
    const first = output[to];
    if (isNew && end < most) output[end] = first;
    if (previous >= 0 && next < SIZE) {
      prefix[next] = previous;
      last[next] = first;
      length[next] = length[previous] + 1;
      next += 1;
      if (next === (1 << bits) - 1 && bits < MOST_BITS) bits += 1;
    }
    to = Math.min(most, end + (isNew ? 1 : 0));
    previous = code;
  }
  return to === most ? output.buffer : output.buffer.slice(0, to);
}
