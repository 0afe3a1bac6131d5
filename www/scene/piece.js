// The model's input from a picture that the browser has decoded, as the native program would make it. A TIFF makes its
// own (tiff.js). Runs in the scene worker.

// What the network sees where the scene has no data: opaque grey, as little-endian RGBA.
const GREY = 0xff808080;

/**
 * The pixels of `window` (px): `{width, height, rgba, empty, hasData}`, as `TiffScene.piece` returns them. A very large
 * window is averaged down, in wasm.
 */
export async function pictureOf(picture, engine, [x, y, columns, rows]) {
  const averaging = new engine.Averaging(columns, rows);
  let piece = { width: columns, height: rows };
  if (averaging.isNeeded) {
    const most = averaging.rowsAtOnce;
    for (let row = 0; row < rows; row += most) {
      averaging.push(await picture.forModel([x, y + row, columns, Math.min(most, rows - row)]));
    }
    piece = averaging.finish();
  } else {
    averaging.free();
    piece.rgba = await picture.forModel([x, y, columns, rows]);
  }
  const hasData = fillNoData(piece.rgba);
  return { ...piece, hasData, empty: hasData !== null && !hasData.includes(1) };
}

/** Fills transparent pixels with grey. Returns 0 for each of them and 1 for others, or null if there are none. */
function fillNoData(rgba) {
  const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length >> 2);
  let hasData = null;
  for (let i = 0; i < pixels.length; i += 1) {
    if (pixels[i] >>> 24 !== 0) continue;
    pixels[i] = GREY;
    hasData ??= new Uint8Array(pixels.length).fill(1);
    hasData[i] = 0;
  }
  return hasData;
}
