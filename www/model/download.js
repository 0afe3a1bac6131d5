// Downloads one file of the weights and reports its bytes as they arrive.
import { PageError, textOf } from "../text/errors.js";
/** @import { Bytes } from "../../types/engine.js" */

/**
 * The bytes of `file` (`{name, bytes}`) in `folder`. Throws a PageError unless the length is that in the manifest.
 * `cache` is fetch's cache mode; `progress(got)` is called with the number of bytes so far.
 *
 * @param {{ name: string, bytes: number }} file
 * @param {string} folder
 * @param {RequestCache} cache
 * @param {(got: number) => void} progress
 */
export async function download(file, folder, cache, progress) {
  let response;
  try {
    response = await fetch(new URL(file.name, folder), { cache });
  } catch (error) {
    throw new PageError("network", `${file.name}: ${textOf(error)}`);
  }
  if (!response.ok) throw new PageError("weights-missing", `${file.name}: the server answered ${response.status}`);
  const bytes = allocate(file.bytes);
  let got = 0;
  try {
    const body = /** @type {ReadableStream<Bytes>} */ (response.body);
    for (const reader = body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      if (got + value.length > bytes.length) {
        await reader.cancel();
        throw new PageError("weights-corrupt", `${file.name} is longer than the ${bytes.length} bytes it should have`);
      }
      bytes.set(value, got);
      got += value.length;
      progress(got);
    }
  } catch (error) {
    if (error instanceof PageError) throw error;
    throw new PageError("weights-short", `${file.name}, after ${got} of ${bytes.length} bytes: ${textOf(error)}`);
  }
  if (got < bytes.length) throw new PageError("weights-short", `${file.name}: ${got} of ${bytes.length} bytes arrived`);
  return bytes;
}

/** @param {number} length */
function allocate(length) {
  try {
    return new Uint8Array(length);
  } catch (error) {
    throw new PageError("memory", textOf(error));
  }
}
