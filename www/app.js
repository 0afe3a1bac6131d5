// The page: brings together the session, the image, the phrase and what is shown.
import { showAbout, showBadge } from "./about.js";
import { listenForImages } from "./intake.js";
import { Loading } from "./loading.js";
import { PageError, cpuReason, phraseRefusal, phraseRemarks, textOf } from "./messages.js";
import { Notices } from "./notices.js";
import { Overlay } from "./overlay.js";
import { ResultCard } from "./result.js";
import { fetchSample, fetchSamples, markSample, showPhrases, showSamples } from "./samples.js";
import { Session } from "./session.js";

const find = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
// Folder names only: the address must not lead to other places.
const weights = /^[\w.-]+$/.test(query.get("weights") ?? "") ? query.get("weights") : "tiny";
const wish = ["cpu", "webgpu"].includes(query.get("backend")) ? query.get("backend") : "auto";

const session = new Session(new URL(".", document.baseURI).href, weights);
const notices = new Notices(find);
const loading = new Loading(find);
const overlay = new Overlay(find("image"), find("mask"));
const card = new ResultCard(find, overlay, (error) => notices.problem(error));

let info = null; // what the model says of itself; null while it is not ready
let failure = null; // why the model did not start; shown until it does
let image = null; // {name, width, height} of the image shown
let turn = 0; // counts images: what comes back for an earlier one is dropped
let running = false;
let samples = [];

// ---- The model ----

function startModel(backend) {
  info = null;
  failure = null;
  notices.clearProblem();
  notices.notice("backend", "");
  showBadge(find, "Loading…", "busy");
  loading.show({ phase: "engine" });
  session.start(backend).catch(() => {});
}

session.addEventListener("progress", ({ detail }) => {
  const percent = detail.phase === "weights" ? ` ${Math.floor((100 * detail.received) / detail.total)} %` : "…";
  showBadge(find, detail.phase === "prepare" ? "Preparing…" : `Loading${percent}`, "busy");
  loading.show(detail);
});

session.addEventListener("ready", ({ detail }) => {
  info = detail;
  loading.hide();
  showAbout(find, info);
  const gpu = info.backend === "webgpu";
  showBadge(find, gpu ? `WebGPU · ${info.adapter}` : "CPU", gpu && !info.software ? "ready" : "slow");
  if (gpu && info.software) {
    const text = `This WebGPU adapter (${info.adapter}) is software, not a graphics card: right answers, but slow. The CPU is usually faster: see Model and engine.`;
    notices.notice("backend", text, "warn");
  } else if (!gpu && info.reason && info.reason.code !== "asked") {
    notices.notice("backend", cpuReason(info.reason), "warn");
    find("facts").title = info.reason.message;
  }
});

session.addEventListener("failed", ({ detail }) => {
  failure = detail;
  loading.hide();
  showBadge(find, "Not ready", "failed");
  showProblem();
});

/** Shows `error`; without one what else is wrong, which is a model that did not start, or nothing. */
function showProblem(error = null) {
  if (error && error !== failure) notices.problem(error);
  else if (failure) notices.problem(failure, () => startModel(find("engine").value));
  else notices.clearProblem();
}

session.addEventListener("recovered", ({ detail }) => {
  info = null;
  if (detail.code === "crash") notices.problem(detail);
});

// ---- The image ----

async function openImage(source, sample = null) {
  turn += 1;
  const mine = turn;
  showProblem();
  showWorking("Reading the image…");
  try {
    const file = await source();
    const opened = await session.setImage(file);
    if (mine !== turn) return;
    image = { name: baseName(file.name), width: opened.width, height: opened.height };
    showImage(opened, file.name, sample);
  } catch (error) {
    if (mine === turn) showProblem(PageError.from(error, "undecodable"));
  } finally {
    if (mine === turn && !running) showWorking("");
  }
}

function showImage({ width, height, original, preview }, name, sample) {
  card.hide();
  overlay.setImage(preview);
  find("empty").hidden = true;
  find("canvases").hidden = false;
  find("stage").style.setProperty("--ratio", `${width} / ${height}`);
  find("image").setAttribute("aria-label", sample ? `Sample image: ${sample.title}` : `Your image ${name}`);
  find("image-name").textContent = `${sample?.title ?? (name || "pasted image")} · ${width} × ${height} px`;
  markSample(find("samples"), samples, sample);
  showPhrases(find("examples"), sample, segmentPhrase);
  const shrunk = original
    ? `The image has ${original.width} × ${original.height} px, more than a browser can work on; it was scaled to ${width} × ${height} px, and so is its mask.`
    : "";
  notices.notice("scaled", shrunk, "warn");
}

function baseName(name) {
  return (name || "image").replace(/\.[^.]*$/, "");
}

function pickSample(sample) {
  const source = () =>
    fetchSample(sample).catch((error) => {
      throw new PageError("sample", textOf(error));
    });
  return openImage(source, sample);
}

listenForImages(
  { input: find("file"), veil: find("drop-veil") },
  (file) => openImage(async () => file),
  (error) => showProblem(error),
);

// ---- The phrase ----

function segmentPhrase(phrase) {
  find("phrase").value = phrase;
  return run();
}

async function run() {
  if (running) return;
  showProblem();
  const phrase = find("phrase").value.trim();
  find("phrase-note").textContent = phraseRemarks(phrase);
  const refusal = phraseRefusal(phrase) || (image ? "" : "no-image");
  if (refusal) {
    showProblem(new PageError(refusal));
    if (refusal !== "no-image") find("phrase").focus();
    return;
  }
  running = true;
  find("run").disabled = true;
  const clock = showClock();
  try {
    let result;
    let mine;
    do {
      // An image that comes meanwhile is the one the phrase is for.
      mine = turn;
      result = await session.segment(phrase);
    } while (mine !== turn);
    card.show(result, image, phrase, Boolean(info?.software));
    find("phrase-note").textContent = phraseRemarks(phrase, result);
  } catch (error) {
    showProblem(failure ?? PageError.from(error, "segment"));
  } finally {
    clearInterval(clock);
    running = false;
    find("run").disabled = false;
    showWorking("");
  }
}

/** Says that the mask is being made, and for how long. */
function showClock() {
  const begun = performance.now();
  const tick = () => {
    const seconds = Math.floor((performance.now() - begun) / 1000);
    showWorking(`${info ? "Making the mask…" : "Waiting for the model…"}${seconds > 1 ? ` ${seconds} s` : ""}`);
  };
  tick();
  return setInterval(tick, 500);
}

function showWorking(text) {
  find("working").hidden = !text;
  find("working-text").textContent = text;
  find("stage").setAttribute("aria-busy", String(Boolean(text)));
}

find("form").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});

// ---- The rest ----

find("engine").value = wish;
find("engine").addEventListener("change", () => {
  startModel(find("engine").value);
});

find("clear-cache").addEventListener("click", async () => {
  const had = await session.clearCache();
  find("cache-note").textContent = had ? "Cleared: the next visit downloads them." : "There was nothing to clear.";
});

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input[type=text], select, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "m" && !find("result").hidden) card.toggle();
  if (event.key === "/") {
    event.preventDefault();
    find("phrase").focus();
  }
});

startModel(wish);
showPhrases(find("examples"), null, segmentPhrase);
samples = await fetchSamples();
showSamples(find("samples"), samples, pickSample);
// Something to look at from the start, unless the person was faster.
if (samples.length > 0 && turn === 0) pickSample(samples[0]);
