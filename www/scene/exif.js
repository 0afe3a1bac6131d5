// EXIF data: which way a picture is turned. A small TIFF; tag 274 of its first directory is the orientation.

/**
 * The orientation, 1 to 8, that the EXIF data `bytes` states; 1 (upright) if it states none.
 *
 * @param {Uint8Array} bytes
 */
export function orientationOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const order = view.getUint32(0);
    if (order !== 0x49492a00 && order !== 0x4d4d002a) return 1;
    const little = order === 0x49492a00;
    const start = view.getUint32(4, little);
    const count = view.getUint16(start, little);
    for (let at = start + 2; at < start + 2 + 12 * count; at += 12) {
      if (view.getUint16(at, little) !== 0x0112) continue;
      if (view.getUint16(at + 2, little) !== 3 || view.getUint32(at + 4, little) !== 1) continue;
      const value = view.getUint16(at + 8, little);
      return value >= 1 && value <= 8 ? value : 1;
    }
  } catch (error) {
    // An entry outside the data ends the search without a result.
    if (!(error instanceof RangeError)) throw error;
  }
  return 1;
}
