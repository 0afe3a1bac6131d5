// The card of a mask: its figures, the controls of its look, and the downloads.
import { backendName } from "./about.js";
import { maskPng, probabilityPng } from "./greypng.js";
import { PageError, textOf } from "./messages.js";
import { COLOURS, levelOf } from "./overlay.js";

export class ResultCard {
  #find;
  #overlay;
  #colour = COLOURS[0];
  #drawing = 0;
  #image = null;

  /** `fail(PageError)` is called when a download cannot be written. */
  constructor(find, overlay, fail) {
    this.#find = find;
    this.#overlay = overlay;
    this.#listColours();
    for (const id of ["visible", "threshold", "opacity"]) find(id).addEventListener("input", () => this.redraw());
    const saves = {
      "save-mask": ["mask", () => maskPng(overlay.result, this.#image, levelOf(this.#look().threshold))],
      "save-overlay": ["overlay", () => canvasBlob(overlay.compose())],
      "save-probability": ["probability", () => probabilityPng(overlay.result)],
    };
    for (const [id, [suffix, make]] of Object.entries(saves)) {
      find(id).addEventListener("click", async () => {
        try {
          download(await make(), `${this.#image.name}-${suffix}.png`);
        } catch (error) {
          fail(new PageError("save", textOf(error)));
        }
      });
    }
  }

  /** Shows the mask of `phrase`; `image` is `{name, width, height}`, `software` whether the GPU is an imitation. */
  show(result, image, phrase, software) {
    this.#image = image;
    this.#overlay.setResult(result);
    this.#find("result").hidden = false;
    this.#find("result-phrase").textContent = phrase;
    this.#find("score").textContent = Number.isFinite(result.score) ? result.score.toFixed(2) : "–";
    this.#find("time").textContent = duration(result.milliseconds);
    this.#find("ran-on").textContent = backendName({ backend: result.backend, software });
    this.#drawNow();
  }

  hide() {
    this.#overlay.clearMask();
    this.#find("result").hidden = true;
  }

  /** Draws anew at the next frame, however often it is asked: sliders fire faster than a large mask is drawn. */
  redraw() {
    cancelAnimationFrame(this.#drawing);
    this.#drawing = requestAnimationFrame(() => this.#drawNow());
  }

  toggle() {
    const box = this.#find("visible");
    box.checked = !box.checked;
    this.redraw();
  }

  #look() {
    return {
      threshold: this.#find("threshold").valueAsNumber,
      opacity: this.#find("opacity").valueAsNumber,
      visible: this.#find("visible").checked,
      colour: this.#colour,
    };
  }

  #drawNow() {
    const look = this.#look();
    this.#find("threshold-value").textContent = look.threshold.toFixed(2);
    this.#find("opacity-value").textContent = `${Math.round(look.opacity * 100)} %`;
    this.#overlay.draw(look);
    if (!this.#overlay.result) return;
    const share = this.#overlay.share(look.threshold);
    this.#find("share").textContent = percent(share);
    this.#find("share").dataset.value = share;
    this.#find("result-note").textContent =
      share === 0 ? "Nothing reaches the threshold: lower it, or say it in other words." : "";
  }

  #listColours() {
    const choices = COLOURS.map((colour, i) => {
      const label = document.createElement("label");
      const radio = document.createElement("input");
      radio.type = "radio";
      radio.name = "colour";
      radio.checked = i === 0;
      radio.setAttribute("aria-label", colour[0]);
      radio.style.setProperty("--swatch", `rgb(${colour.slice(1).join(" ")})`);
      radio.addEventListener("change", () => {
        this.#colour = colour;
        this.redraw();
      });
      label.title = colour[0];
      label.append(radio);
      return label;
    });
    this.#find("colours").append(...choices);
  }
}

function percent(share) {
  if (share > 0 && share < 0.001) return "under 0.1 %";
  return `${(share * 100).toFixed(1)} %`;
}

function duration(milliseconds) {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function canvasBlob(canvas) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the browser gave no picture"))), "image/png");
  });
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser takes the address up after the click; a minute is ample.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
