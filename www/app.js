// The page: connects the scene, the model, the document that holds their results, the viewer and the panel.
import { asked } from "./address.js";
import { confinedWorker } from "./confined.js";
import { diagnostics } from "./diagnostics.js";
import { examples } from "./examples/store.js";
import { Offline } from "./offline/offline.js";
import { showOffline } from "./offline/panel.js";
import { Candidates } from "./panel/candidates.js";
import { Correct } from "./panel/correct.js";
import { ExamplePanel } from "./panel/examples.js";
import { ExportMenu } from "./panel/exportmenu.js";
import { makeHelp } from "./panel/help.js";
import { listenForKeys } from "./panel/keys.js";
import { LayerList } from "./panel/layerlist.js";
import { Loading } from "./panel/loading.js";
import { Looks } from "./panel/looks.js";
import { Messages } from "./panel/messages.js";
import { showBackend, showBadge, showModel } from "./panel/model.js";
import { outcomeText } from "./panel/outcome.js";
import { PhraseBox } from "./panel/phrasebox.js";
import { ReadingLine, readingRemark } from "./panel/reading.js";
import { Running } from "./panel/running.js";
import { SceneLine } from "./panel/sceneline.js";
import { Selected } from "./panel/selected.js";
import { Target } from "./panel/target.js";
import { fetchSample, fetchSamples, markSample, showSamples } from "./samples.js";
import { Scenes } from "./scene/client.js";
import { listenForImages } from "./scene/intake.js";
import { Session } from "./model/session.js";
import { Doc, LOOKS } from "./state/document.js";
import { correctedExample } from "./state/example.js";
import { Run } from "./state/run.js";
import { Settings } from "./state/settings.js";
import { PageError, phraseRemarks, textOf } from "./text/errors.js";
import { area, percent } from "./text/format.js";
import { localise } from "./text/localise.js";
import { t } from "./text/text.js";
import { PackPanel, isPack } from "./teach/packpanel.js";
import { mountTeaching } from "./teach/panel.js";
import { Viewer } from "./view/viewer.js";
/**
 * @import { Wish } from "../types/model.js"
 * @import { Find, Sample } from "../types/page.js"
 * @import { RunEvents } from "./state/run.js"
 */

const find = /** @type {Find} */ (/** @type {unknown} */ ((/** @type {string} */ id) => document.getElementById(id)));
const { weights } = asked;
const root = new URL(".", document.baseURI).href;

localise();
const settings = new Settings();
const session = new Session(root, weights, confinedWorker);
const scenes = new Scenes();
const offline = new Offline(root);
const doc = new Doc();
const isRead = () => find("phrases-mode").value === "auto";
const run = new Run({ scenes, session, doc, isRead });
const messages = new Messages(find, settings);
const loading = new Loading(find);
const viewer = new Viewer(find("stage"), doc, scenes);
const box = new PhraseBox(find, segment);
const target = new Target(find, { doc, viewer, session, scenes, run });
const selected = new Selected(find, doc);
const layerList = new LayerList(find, doc, messages);
const looks = new Looks(find, doc);
const sceneLine = new SceneLine(find, { doc, scenes, messages });
const exportMenu = new ExportMenu(find, { doc, scenes, session, messages, settings });
const reading = new ReadingLine(find, { box, scenes, isRead, ways: () => session.info?.reading, changed: follow });
const openHelp = makeHelp(find, settings);
const correct = new Correct(find, { doc, scenes, viewer, messages });
new Running(find, run);
new Candidates(find, { doc, scenes, viewer, messages });
new ExamplePanel(find, { doc, scenes, messages, exampleOf: (layer) => correctedExample(layer, { scenes, view: viewer.visibleRect() }) });
showOffline(offline, find);
const packs = new PackPanel(find("packs"), { root, session, settings, problem: showProblem });
const teaching = mountTeaching(find("adapting"), {
  root,
  weights,
  startWorker: confinedWorker,
  allExamples: () => examples.all(),
  keepPack: (pack) => packs.keep(pack),
  settings,
});
examples.addEventListener("change", teaching);

/** @type {PageError | null} */
let failure = null; // why the model did not start; shown until it does
let stopped = false; // whether the user stopped its loading
let opening = 0; // images being opened
let turn = 0; // counts images: errors of an earlier one are not shown
/** @type {Sample[]} */
let samples = [];

// ---- The model ----

/** @param {string} backend An option of #engine. */
function startModel(backend) {
  failure = null;
  stopped = false;
  messages.clearProblem();
  messages.notice("backend", "");
  showBadge(find, t("badge.loading"), "busy");
  loading.show({ phase: "engine" });
  session.start(/** @type {Wish} */ (backend)).catch(() => {});
}

session.addEventListener("progress", ({ detail }) => {
  const text =
    detail.phase === "prepare"
      ? t("badge.preparing")
      : detail.phase === "weights"
        ? t("badge.percent", { percent: Math.floor((100 * (detail.received ?? 0)) / (detail.total ?? 1)) })
        : t("badge.loading");
  showBadge(find, text, "busy");
  loading.show(detail);
});

session.addEventListener("ready", ({ detail }) => {
  loading.hide();
  showModel(find, detail);
  messages.notice("backend", showBackend(find, detail), "warn");
  if (!detail.partial) offline.start(detail);
  // Which phrases are executed depends on the weights.
  reading.update();
});
session.addEventListener("kept", () => {
  loading.hide();
  if (!session.info) return;
  showModel(find, session.info);
  showBackend(find, session.info);
  offline.start(session.info);
});

session.addEventListener("failed", ({ detail }) => {
  failure = detail;
  loading.hide();
  showBadge(find, t("badge.failed"), "failed");
  showProblem();
  offline.start();
});

session.addEventListener("stopped", () => {
  stopped = true;
  loading.hide();
  showBadge(find, t("badge.stopped"), "failed");
});

session.addEventListener("recovered", ({ detail }) => {
  // A lost GPU is reported by the notice of the switch to the CPU.
  if (detail.code === "crash" || detail.code === "memory") messages.problem(detail);
});

find("stop-loading").addEventListener("click", () => {
  run.cancel();
  session.stop();
});

find("phrases-mode").value = asked.phrases ?? (settings.get("phrases") === "network" ? "network" : "auto");
find("phrases-mode").addEventListener("change", () => {
  settings.set("phrases", find("phrases-mode").value);
  reading.update();
});

find("engine").value = asked.backend;
find("engine").addEventListener("change", () => startModel(find("engine").value));

/**
 * Shows `error`. Without an error, shows why the model did not start, or clears the message.
 *
 * @param {any} error
 */
function showProblem(error = null) {
  if (error && error !== failure) messages.problem(error);
  else if (failure) messages.problem(failure, () => startModel(find("engine").value));
  else messages.clearProblem();
}

// ---- The image ----

/** @param {() => Promise<File[]>} source @param {Sample | null} sample */
async function openImage(source, sample = null) {
  turn += 1;
  const mine = turn;
  opening += 1;
  showProblem();
  messages.working(t("run.reading"));
  showBusy();
  try {
    const files = await source();
    // The scene worker now holds this scene, even if another is already being opened.
    const scene = await scenes.open(files);
    find("empty").hidden = true;
    doc.setScene({ ...scene, title: sample?.title ?? null });
    sceneLine.notices(scene);
    markSample(find("samples"), samples, sample);
    box.showExamples(sample?.phrases);
  } catch (/** @type {any} */ error) {
    if (mine === turn && error.code !== "superseded") showProblem(PageError.from(error, "undecodable"));
  } finally {
    opening -= 1;
    if (opening === 0) messages.working("");
    showBusy();
  }
}

/** @param {Sample} sample */
function pickSample(sample) {
  const source = async () => {
    try {
      return [await fetchSample(sample)];
    } catch (error) {
      throw new PageError("sample", textOf(error));
    }
  };
  return openImage(source, sample);
}

function showBusy() {
  find("stage").setAttribute("aria-busy", String(opening > 0 || run.progress !== null));
}

listenForImages(
  { inputs: [find("file"), find("camera")], veil: find("drop-veil") },
  (files) => {
    const pack = files.find(isPack);
    if (pack) packs.open(pack);
    else openImage(async () => files);
  },
  (error) => showProblem(error),
);

scenes.addEventListener("engine", () => reading.update());
scenes.addEventListener("progress", ({ detail: { done, total } }) => {
  if (opening > 0) messages.working(t("scene.opening", { percent: Math.floor((100 * done) / total) }));
});
scenes.addEventListener("restarted", () => messages.notice("scene-restarted", t("scene.restarted"), "warn"));
scenes.addEventListener("lost", ({ detail }) => showProblem(detail));
viewer.addEventListener("problem", ({ detail }) => showProblem(PageError.from(detail, "scene")));
doc.addEventListener("dropped", ({ detail }) => {
  // A restarted worker no longer has these maps.
  for (const id of detail.ids) scenes.removeLayer(id).catch(() => {});
});

// ---- Phrases ----

async function segment() {
  if (run.progress) return;
  if (stopped) startModel(find("engine").value);
  showProblem();
  box.note("");
  const code = box.refusal || (doc.scene || opening ? "" : "no-image");
  if (code) {
    showProblem(new PageError(code));
    if (code !== "no-image") box.focus();
    return;
  }
  if (failure) return;
  const { phrases } = box;
  box.remember(phrases);
  const remarks = new Map(phrases.map((phrase) => [phrase, phraseRemarks(phrase)]));
  /** @param {CustomEvent<RunEvents["layer"]>} event */
  const told = ({ detail: { phrase, ran, reading } }) => {
    remarks.set(phrase, [readingRemark(reading), phraseRemarks(phrase, ran)].filter(Boolean).join(" "));
  };
  run.addEventListener("layer", told);
  try {
    await run.start(phrases, () => target.wish());
  } catch (error) {
    showProblem(failure ?? error);
  } finally {
    run.removeEventListener("layer", told);
    const texts = [...remarks].filter(([, text]) => text);
    const named = texts.map(([phrase, text]) => (phrases.length > 1 ? `“${phrase}”: ${text}` : text));
    if (named.length > 0) box.note(named.join(" "));
  }
}

/**
 * Applies a phrase edited through its parts to the selected layer, if the network does not have to run again.
 *
 * @param {string} before
 * @param {string} after
 */
async function follow(before, after) {
  const layer = doc.layer();
  if (layer?.phrase !== before) return;
  try {
    await run.follow(layer.id, after);
  } catch (error) {
    showProblem(PageError.from(error, "scene"));
  }
}

run.addEventListener("progress", showBusy);
run.addEventListener("layer", ({ detail: { id } }) => {
  selected.showNow();
  const { name, stats } = doc.layer(id) ?? {};
  if (!stats) return;
  const outcome = outcomeText(stats.choice);
  const figures = [outcome, typeof stats.areaM2 === "number" ? area(stats.areaM2) : "", percent(stats.share)];
  messages.say(t("run.done", { phrase: name, figures: figures.filter(Boolean).join(", ") }));
});
run.addEventListener("cancelled", () => messages.say(t("run.cancelled")));
run.addEventListener("same", () => {
  selected.showNow();
  box.note(t("run.same"));
});

// ---- Keys and the rest ----

/** Shows only the selected layer, or all layers if it is already the only visible one. */
function solo() {
  const alone = doc.layers.every(({ id, visible }) => visible === (id === doc.selected));
  doc.showOnly(alone ? doc.layers.map(({ id }) => id) : [doc.selected]);
}

/** @param {number} step */
function selectNext(step) {
  const at = doc.layers.findIndex(({ id }) => id === doc.selected);
  const next = doc.layers[at + step];
  if (next) doc.select(next.id);
}

listenForKeys(
  {
    "/": () => box.focus(),
    o: () => find("file").click(),
    m: () => doc.layer() && doc.updateLayer(doc.selected, { visible: !doc.layer()?.visible }, { undoable: true }),
    s: solo,
    // The list shows the newest layer at the top.
    j: () => selectNext(-1),
    k: () => selectNext(1),
    Delete: () => layerList.remove(doc.selected),
    "[": () => (correct.isOn ? correct.press("[") : selected.step(-0.05)),
    "]": () => (correct.isOn ? correct.press("]") : selected.step(0.05)),
    v: () => doc.setLook(LOOKS[(LOOKS.indexOf(doc.look) + 1) % LOOKS.length]),
    c: () => looks.toggleCompare(),
    r: () => doc.scene && target.toggleRectangle(),
    p: () => correct.toggle(),
    ...Object.fromEntries([..."blfxnu"].map((key) => [key, () => correct.press(key)])),
    e: () => exportMenu.toggle(),
    "?": openHelp,
    "mod+z": () => doc.undo(),
    "mod+y": () => doc.redo(),
    "mod+shift+z": () => doc.redo(),
    Escape: () => {
      if (messages.hasProblem) messages.clearProblem();
      else if (correct.isOn) correct.escape();
      else doc.setCompare(null);
    },
  },
  () => settings.get("singleKeys"),
);

/** @param {boolean} shown */
function showStrip(shown) {
  find("samples").hidden = !shown;
  find("show-samples").setAttribute("aria-pressed", String(shown));
}

find("show-samples").addEventListener("click", () => {
  settings.set("samples", Boolean(find("samples").hidden));
  showStrip(settings.get("samples"));
});

find("diagnostics").addEventListener("click", async () => {
  const { scene, layers } = doc;
  const text = await diagnostics({ session, offline, scene, layers, errors: messages.errors });
  try {
    await navigator.clipboard.writeText(text);
    find("cache-note").textContent = t("diagnostics.done");
  } catch (error) {
    showProblem(new PageError("clipboard", textOf(error)));
  }
});

find("starting").remove();
document.body.removeAttribute("data-starting");
box.showExamples();
showStrip(settings.get("samples"));
startModel(asked.backend);
samples = await fetchSamples();
showSamples(find("samples"), samples, pickSample);
showStrip(settings.get("samples") && samples.length > 0);
// Opens a sample at the start, unless the user has already opened an image.
if (samples.length > 0 && turn === 0) await pickSample(samples[0]);
// This comes last, because opening an image would clear its messages.
packs.restore(asked.pack);
