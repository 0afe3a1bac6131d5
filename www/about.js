// The model and engine card, and the badge that says what the page runs on.
import { megabytes } from "./loading.js";

/** The backend's short name, as a mask's figures give it. */
export function backendName({ backend, software }) {
  if (backend === "cpu") return "CPU";
  return software ? "Software GPU" : "WebGPU";
}

/** Sets the badge in the header; `state` is "busy", "ready", "slow" or "failed". */
export function showBadge(find, text, state) {
  find("backend-text").textContent = text;
  find("backend").dataset.state = state;
}

/** Fills the card from the "ready" event's detail. */
export function showAbout(find, info) {
  const adapter = info.backend === "webgpu" ? `WebGPU, ${info.adapter || "unnamed adapter"}` : "CPU (WebAssembly)";
  const origin = info.cachedBytes === info.bytes ? "from this browser's cache" : info.cachedBytes ? "partly from cache" : "downloaded";
  const facts = [
    ["Model", `${info.name} (preset ${info.preset})`],
    ["Input", `${info.input} × ${info.input} px`],
    ["Parameters", `${(info.parameters / 1e6).toFixed(1)} million, ${info.precision}`],
    ["Weights", `${megabytes(info.bytes)}, ${origin}${info.kept ? "" : "; this browser does not keep them"}`],
    ["Engine", adapter],
    ["Licence", info.licence],
  ];
  find("facts").replaceChildren(
    ...facts.flatMap(([term, text]) => {
      const dt = document.createElement("dt");
      const dd = document.createElement("dd");
      dt.textContent = term;
      dd.textContent = text;
      return [dt, dd];
    }),
  );
  find("credits").replaceChildren(
    ...info.credits.map((credit) => {
      const item = document.createElement("li");
      item.textContent = credit;
      return item;
    }),
  );
}
