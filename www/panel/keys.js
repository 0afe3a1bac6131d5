// The page's keys. Keys are ignored while the user types; single-letter keys can be turned off.

/**
 * `[keys as shown, text key]` for the help sheet; the keys for the image itself are the viewer's.
 *
 * @type {[keys: string[], text: string][]}
 */
export const PAGE_KEYS = [
  [["/"], "key.phrase"],
  [["Enter"], "key.run"],
  [["O"], "key.open"],
  [["M"], "key.visible"],
  [["S"], "key.solo"],
  [["J", "K"], "key.next"],
  [["Del"], "key.delete"],
  [["[", "]"], "key.threshold"],
  [["V"], "key.looks"],
  [["C"], "key.compare"],
  [["R"], "key.rectangle"],
  [["P"], "key.correct"],
  [["E"], "key.export"],
  [["Ctrl Z"], "key.undo"],
  [["Ctrl Y", "Ctrl Shift Z"], "key.redo"],
  [["?"], "key.help"],
  [["Esc"], "key.escape"],
];

/**
 * The same while a mask is corrected.
 *
 * @type {[keys: string[], text: string][]}
 */
export const CORRECT_KEYS = [
  [["B", "L", "F"], "key.correct-tools"],
  [["X"], "key.correct-mode"],
  [["[", "]"], "key.correct-size"],
  [["N"], "key.correct-nothing"],
  [["U"], "key.correct-back"],
];

/** Elements in which letters are input, or select an entry. */
const TYPING = "input:not([type=checkbox], [type=radio], [type=range], [type=color], [type=file]), select, textarea";

/**
 * Runs the action of a key: `actions` maps keys to functions; "mod+" stands for Ctrl or Cmd.
 *
 * @param {Record<string, () => void>} actions
 * @param {() => boolean} singleKeys
 */
export function listenForKeys(actions, singleKeys) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const typing = /** @type {Partial<Element>} */ (event.target).closest?.(TYPING);
    const open = document.querySelector("dialog[open]");
    const modified = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    // Ctrl+Z in a field belongs to the field.
    if (typing || open || (!modified && key.length === 1 && !singleKeys())) return;
    const action = actions[modified ? `mod+${event.shiftKey ? "shift+" : ""}${key}` : key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
