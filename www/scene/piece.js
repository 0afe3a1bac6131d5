// The model's input from a picture that the browser has decoded, as the native program would make it. A TIFF makes its
// own (tiff.js). Runs in the scene worker.

/** The pixels of `window` (px): `{width, height, rgba, empty, hasData}`. A very large window is averaged down, in wasm. */
export async function pictureOf(picture, engine, [x, y, columns, rows]) {
  const averaging = new engine.Averaging(columns, rows);
  // Transparent pixels of a picture are black to the engine, as in the native program; they are not no-data.
  const kind = { empty: false, hasData: null };
  if (!averaging.isNeeded) {
    averaging.free();
    return { width: columns, height: rows, rgba: await picture.read([x, y, columns, rows]), ...kind };
  }
  const most = averaging.rowsAtOnce;
  for (let row = 0; row < rows; row += most) {
    const rgba = await picture.read([x, y + row, columns, Math.min(most, rows - row)]);
    for (let i = 3; i < rgba.length; i += 4) rgba[i] = 255;
    averaging.push(rgba);
  }
  return { ...averaging.finish(), ...kind };
}
