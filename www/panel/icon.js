// The icons of index.html, and work done once per frame.

const SVG = "http://www.w3.org/2000/svg";

/**
 * The icon of that name, as decoration: its meaning is given as text or label.
 *
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/**
 * A function that runs `work` once at the next frame, however often it is called until then.
 *
 * @param {() => void} work
 */
export function onceAFrame(work) {
  let frame = 0;
  return () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(work);
  };
}
