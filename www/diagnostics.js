// The text of "Copy diagnostics": browser, GPU, model and image, for support. It contains no place, no file name and no
// phrase. It is for engineers, so it is not translated.
/**
 * @import { Layer, Scene } from "../types/page.js"
 * @import { PageError } from "./text/errors.js"
 * @import { Session } from "./model/session.js"
 * @import { Offline } from "./offline/offline.js"
 */

/**
 * @typedef {[name: string, value: unknown]} Line
 * @typedef {{ usedJSHeapSize: number, jsHeapSizeLimit: number }} Heap
 */

/** Errors whose details are file names. */
const OF_FILES = ["several-images", "only-sidecar", "world-file", "examples-zip"];
/** Limits of a GPU that decide whether the model fits it. */
const LIMITS = /** @type {const} */ ([
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupStorageSize",
]);

/**
 * Lines of "name: value". `session` and `offline` are the page's; `scene` is the scene worker's description of the
 * image, or null; `layers` are the document's; `errors` are the errors shown last, newest last.
 *
 * @param {object} page
 * @param {Session} page.session
 * @param {Offline} page.offline
 * @param {Scene | null} [page.scene]
 * @param {readonly Layer[]} [page.layers]
 * @param {PageError[]} [page.errors]
 */
export async function diagnostics({ session, offline, scene = null, layers = [], errors = [] }) {
  /** @type {[title: string, lines: Line[]][]} */
  const sections = [
    ["Page", await pageLines(offline)],
    ["Browser", browserLines()],
    ["WebGPU", await gpuLines()],
    ["Model", modelLines(session)],
    ["Image", sceneLines(scene, layers)],
    ["Errors", errors.map(({ code, message }) => [code ?? "error", OF_FILES.includes(code) ? "" : message])],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `${title}\n${lines.map(([name, value]) => `  ${name}: ${shown(value)}\n`).join("")}`)
    .join("");
}

/** @param {unknown} value */
function shown(value) {
  if (value === undefined || value === null || value === "") return "-";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** @param {Offline} offline @returns {Promise<Line[]>} */
async function pageLines(offline) {
  const { page, weights, free } = await offline.usage();
  const { name, code, detail } = offline.state;
  return [
    ["version", await version()],
    ["time", new Date().toISOString()],
    ["address", `${location.protocol} ${isSecureContext ? "secure" : "not secure"} ${location.search}`],
    ["offline", [name, code, detail].filter(Boolean)],
    ["kept", `page ${page} B, weights ${weights} B, room for ${free ?? "?"} B`],
    ["service worker", navigator.serviceWorker?.controller?.state ?? "none"],
  ];
}

/** The version of the files that this tab runs on: sw.js answers with its own version, a server with its current. */
async function version() {
  try {
    return (await (await fetch("shell.json")).json()).version;
  } catch {
    return "";
  }
}

/** @returns {Line[]} */
function browserLines() {
  const { userAgent, language, hardwareConcurrency, maxTouchPoints, onLine } = navigator;
  // Chromium only.
  const { deviceMemory } = /** @type {{ deviceMemory?: number }} */ (navigator);
  const heap = /** @type {{ memory?: Heap }} */ (performance).memory;
  return [
    ["user agent", userAgent],
    ["language", language],
    ["cores", hardwareConcurrency],
    ["memory", deviceMemory && `${deviceMemory} GB or more`],
    ["heap", heap && `${heap.usedJSHeapSize} of ${heap.jsHeapSizeLimit} B`],
    ["screen", `${innerWidth} x ${innerHeight} px at ${devicePixelRatio}, ${maxTouchPoints} touch points`],
    ["network", onLine ? "on" : "off"],
  ];
}

/** @returns {Promise<Line[]>} */
async function gpuLines() {
  if (!navigator.gpu) return [["navigator.gpu", "not there"]];
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  if (!adapter) return [["adapter", "none"]];
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info ?? {};
  return [
    ["adapter", [vendor, architecture, device, description].filter(Boolean)],
    ["software", Boolean(isFallbackAdapter)],
    ["features", [...adapter.features].sort()],
    ...LIMITS.map((name) => /** @type {Line} */ ([name, adapter.limits[name]])),
  ];
}

/** @param {Session} session @returns {Line[]} */
function modelLines({ info }) {
  if (!info) return [["state", "not running"]];
  const { name, preset, precision, parameters, input, backend, adapter, software, reason } = info;
  return [
    ["weights", `${name}, ${preset}, ${precision}, ${parameters} parameters, input ${input} px`],
    ["backend", [backend, adapter, software && "software"].filter(Boolean)],
    ["why not the GPU", reason && `${reason.code}: ${reason.message}`],
    ["loaded", `weights ${info.bytes} B, ${info.cachedBytes} B of them from the cache; kept: ${info.kept}`],
    ["engine", `${info.engineBytes} B, ${info.engineCached ? "from the cache" : "downloaded"}`],
  ];
}

/** @param {Scene | null} scene @param {readonly Layer[]} layers @returns {Line[]} */
function sceneLines(scene, layers) {
  if (!scene) return [];
  const { width, height, format, kind, bands, bits, overviews, georeference } = scene;
  return [
    ["size", `${width} x ${height} px`],
    ["format", [format, kind]],
    ["bands", `${shown(bands)}, bits ${shown(bits)}, overviews ${shown(overviews)}`],
    ["georeference", georeference && `${georeference.kind}, EPSG ${georeference.epsg ?? "unknown"}`],
    ...layers.map(({ state, plan, note }, index) => {
      const size = plan && `${plan.width} x ${plan.height} px, ${plan.mode}, ${plan.count} tiles`;
      return /** @type {Line} */ ([`layer ${index + 1}`, [state, size, note].filter(Boolean)]);
    }),
  ];
}
