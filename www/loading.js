// The progress card: how much has come in, from where, and what is being done.

const MEGABYTE = 1e6;

/** Bytes as megabytes with one decimal: "8.3 MB". */
export function megabytes(bytes) {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}

function outOf(received, total) {
  return `${(received / MEGABYTE).toFixed(1)} of ${megabytes(total)}`;
}

export class Loading {
  #card;
  #title;
  #bytes;
  #bar;
  #note;

  constructor(find) {
    this.#card = find("loading");
    this.#title = find("loading-title");
    this.#bytes = find("loading-bytes");
    this.#bar = find("progress");
    this.#note = find("loading-note");
  }

  /** Shows a progress event of the session. */
  show({ phase, received, total, cached = 0, known = true, backend }) {
    this.#card.hidden = false;
    this.#note.hidden = false;
    if (phase === "prepare") {
      const doing = backend === "webgpu" ? "Preparing the model: compiling shaders…" : "Preparing the model…";
      this.#set(doing, "", undefined);
    } else if (received === undefined) {
      this.#set("Loading the engine…", "", undefined);
    } else if (phase === "engine") {
      const figures = known ? outOf(received, total) : megabytes(received);
      this.#set("Loading the engine", figures, known ? received / total : undefined);
    } else {
      const fromCache = cached > 0 && cached === received;
      const partly = cached > 0 && !fromCache ? `, ${megabytes(cached)} from cache` : "";
      const title = fromCache ? "Weights from cache" : "Downloading weights";
      this.#set(title, outOf(received, total) + partly, received / total);
    }
  }

  /** Nothing is loading any more. */
  hide() {
    this.#card.hidden = true;
  }

  #set(title, figures, fraction) {
    this.#title.textContent = title;
    this.#bytes.textContent = figures;
    if (fraction === undefined) this.#bar.removeAttribute("value");
    else this.#bar.value = fraction;
  }
}
