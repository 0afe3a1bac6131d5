// Writes zip files, valid ones and hostile ones.
import { crc32 } from "node:zlib";

/**
 * @typedef {object} ZipFile Values that differ from the bytes are the ones that the zip states.
 * @property {string} name
 * @property {string | Uint8Array} bytes
 * @property {number} [size]
 * @property {number} [method]
 * @property {number} [flags]
 * @property {number} [crc]
 * @property {string} [centralName]
 */

/**
 * A zip of stored files.
 *
 * @param {ZipFile[]} files
 */
export function zipOf(files) {
  const parts = [];
  const directory = [];
  let at = 0;
  for (const { name, bytes, centralName = name, ...stated } of files) {
    const data = Buffer.from(bytes);
    const { size = data.length, method = 0, flags = 0x800, crc = crc32(data) } = stated;
    /** @param {string} name */
    const fields = (name) => {
      const header = Buffer.alloc(26);
      [20, flags, method, 0, 33].forEach((value, i) => header.writeUInt16LE(value, 2 * i));
      [crc, data.length, size].forEach((value, i) => header.writeUInt32LE(value, 10 + 4 * i));
      header.writeUInt16LE(Buffer.byteLength(name), 22);
      return header;
    };
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), fields(name), Buffer.from(name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\0", "latin1"), fields(centralName), tail, Buffer.from(centralName));
    parts.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, central, end]);
}
