// The bytes of a pack's file.
import { PageError, textOf } from "../text/errors.js";
/** @import { Bytes } from "../../types/engine.js" */

/** More than any pack has, in bytes. */
const LARGEST = 64e6;

/**
 * The bytes of a pack given by its URL or its content.
 *
 * @param {string | URL | Blob | ArrayBuffer | Uint8Array} pack
 * @returns {Promise<Bytes>}
 */
export async function packBytes(pack) {
  if (pack instanceof ArrayBuffer) return new Uint8Array(pack);
  if (pack instanceof Uint8Array) return new Uint8Array(pack);
  if (!(pack instanceof Blob)) return packBytes(await fetched(new URL(pack, document.baseURI)));
  if (pack.size > LARGEST) throw new PageError("pack", `it has ${pack.size} bytes`);
  return new Uint8Array(await pack.arrayBuffer());
}

/** @param {URL} url */
async function fetched(url) {
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new PageError("pack-missing", textOf(error));
  }
  if (!response.ok) throw new PageError("pack-missing", `${url.pathname}: the server answered ${response.status}`);
  return response.blob();
}
