// The page's keys. Single letters are off while something is typed, and for those who turn them off.

/** `[keys as shown, words]` for the help sheet; those of the image itself are the viewer's. */
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
  [["E"], "key.export"],
  [["Ctrl Z"], "key.undo"],
  [["Ctrl Y", "Ctrl Shift Z"], "key.redo"],
  [["?"], "key.help"],
  [["Esc"], "key.escape"],
];

/** Where letters are text, or choose an entry. */
const TYPING = "input:not([type=checkbox], [type=radio], [type=range], [type=color], [type=file]), select, textarea";

/** Calls what belongs to a key: `actions` maps keys to functions; "mod+z" and the like have Ctrl or Cmd. */
export function listenForKeys(actions, singleKeys) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const typing = event.target.closest?.(TYPING);
    const open = document.querySelector("dialog[open]");
    const modified = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    // Ctrl+Z in a field is that field's own.
    if (typing || open || (!modified && key.length === 1 && !singleKeys())) return;
    const action = actions[modified ? `mod+${event.shiftKey ? "shift+" : ""}${key}` : key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
