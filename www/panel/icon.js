// The icons of index.html, and waiting for a frame.

const SVG = "http://www.w3.org/2000/svg";

/** The icon of that name, as decoration: what it means is told in words beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** A function that does `work` at the next frame, however often it is called until then. */
export function onceAFrame(work) {
  let frame = 0;
  return () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(work);
  };
}
