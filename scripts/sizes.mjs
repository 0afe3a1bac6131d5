// Prints the sizes of what a visitor downloads from dist/ before the first mask: `node scripts/sizes.mjs [DIST]`. Text
// and wasm are counted with brotli at its highest quality, as a static host can serve them; weights do not compress.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const dist = process.argv[2] ?? 'dist';

/** @param {string} path @returns {string[]} */
const filesUnder = (path) =>
  statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesUnder(join(path, name))) : [path];

/** @param {Buffer} bytes */
function brotli(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params }).length;
}

/** @param {string} label @param {string[]} files @param {boolean} compresses */
function measure(label, files, compresses) {
  const contents = files.map((file) => readFileSync(file));
  const raw = contents.reduce((sum, bytes) => sum + bytes.length, 0);
  const sent = compresses ? contents.reduce((sum, bytes) => sum + brotli(bytes), 0) : raw;
  return { label, raw, sent };
}

/** @param {string} file */
const isPicture = (file) => /\.(png|jpe?g|webp|avif|tiff?)$/i.test(file);
const page = [join(dist, 'index.html'), ...filesUnder(join(dist, 'www'))];
const modules = ['s4eca', 's4eca_scene'];
const glue = modules.map((name) => join(dist, `pkg/${name}.js`));
// With the rows of common words the network starts before the whole word table is there.
const weights = filesUnder(join(dist, 'weights/tiny'));
/** @type {{ common_words?: { before: string } }} */
const manifest = JSON.parse(readFileSync(join(dist, 'weights/tiny/manifest.json'), 'utf8'));
/** @param {string} file */
const isLater = (file) => basename(file) === manifest.common_words?.before;
const rows = [
  measure('wasm: the network', [join(dist, 'pkg/s4eca_bg.wasm')], true),
  measure('wasm: scenes and phrases', [join(dist, 'pkg/s4eca_scene_bg.wasm')], true),
  measure('weights to start (tiny)', weights.filter((file) => !isLater(file)), false),
  measure('page and scripts', [...page.filter((file) => !isPicture(file)), ...glue], true),
];
const total = rows.reduce((sum, row) => ({ raw: sum.raw + row.raw, sent: sum.sent + row.sent }), { raw: 0, sent: 0 });
rows.push({ label: 'page total to first mask', ...total });
// The service worker fetches the rest in the background.
/** @type {{ files: { path: string }[] }} */
const { files } = JSON.parse(readFileSync(join(dist, 'shell.json'), 'utf8'));
const counted = new Set([...page, ...glue, ...modules.map((name) => join(dist, `pkg/${name}_bg.wasm`))]);
const rest = files.map(({ path }) => join(dist, path)).filter((path) => !counted.has(path));
rows.push(measure('later: the word table', weights.filter(isLater), false));
rows.push(measure('later, for offline use', [...rest, ...page.filter(isPicture)], true));

const teaching = ['pkg/s4eca_teach_bg.wasm', 'pkg/s4eca_teach.js'].map((path) => join(dist, path));
rows.push(measure('only to adapt', teaching, true));

/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`.padStart(12);
console.log(`\n${''.padEnd(26)}${'raw'.padStart(12)}${'brotli'.padStart(12)}`);
for (const { label, raw, sent } of rows) console.log(`${label.padEnd(26)}${megabytes(raw)}${megabytes(sent)}`);
console.log('Pictures count as kept for offline use: the total is without the image that is segmented.');
