// Reads images in the raw format that the native program writes for Node: no decoder is needed.
import { readFile } from 'node:fs/promises';

/**
 * Reads NAME.rgba (raw RGB or RGBA bytes) with NAME.json beside it, { width, height }.
 *
 * @param {string} path
 */
export async function readImage(path) {
  const [bytes, { width, height }] = await Promise.all([
    readFile(path),
    readFile(path.replace(/\.[^.]*$/, '.json'), 'utf8').then(JSON.parse),
  ]);
  const pixels = width * height;
  if (bytes.length === 4 * pixels) return { width, height, rgba: new Uint8Array(bytes) };
  if (bytes.length !== 3 * pixels) {
    throw new Error(`${path} holds ${bytes.length} bytes, not ${width} x ${height} RGB or RGBA: make it again`);
  }
  const rgba = new Uint8Array(4 * pixels).fill(255);
  for (let i = 0; i < pixels; i += 1) rgba.set(bytes.subarray(3 * i, 3 * i + 3), 4 * i);
  return { width, height, rgba };
}
