// The ways an image comes in besides a sample: chosen, dropped anywhere on the page, pasted.
import { PageError } from "./messages.js";

/** Calls `take(file)` for an image that comes in, and `refuse(PageError)` for something that is none. */
export function listenForImages({ input, veil }, take, refuse) {
  input.addEventListener("change", () => {
    const [file] = input.files;
    // The same file chosen again must count as a change.
    input.value = "";
    if (file) take(file);
  });

  let depth = 0; // dragenter and dragleave come for every element passed over
  const show = (change) => {
    depth = Math.max(0, depth + change);
    veil.classList.toggle("shown", depth > 0);
  };
  addEventListener("dragenter", (event) => {
    event.preventDefault();
    show(1);
  });
  addEventListener("dragleave", () => show(-1));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    // Without this the browser leaves the page for the file.
    event.preventDefault();
    show(-depth);
    const [file] = event.dataTransfer?.files ?? [];
    if (file) take(file);
    else refuse(new PageError("no-file"));
  });

  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const file = files.find(({ type }) => type.startsWith("image/")) ?? files[0];
    if (file) {
      event.preventDefault();
      take(file);
    } else if (!(event.target instanceof HTMLInputElement)) {
      refuse(new PageError("no-file"));
    }
  });
}
