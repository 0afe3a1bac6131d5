// What tests put into the global scope of a page.

interface Window {
  /** The phrases of segment requests, and the channel that reports them. */
  looks: string[];
  looksChannel: BroadcastChannel;
  /** A loaded embedded model, and a picture for it. */
  model: import("../../www/embed/s4eca.js").S4eca;
  picture: Blob;
  /** Shifts of the layout. */
  shifts: unknown[];
  axe: { run(context: unknown, options: unknown): Promise<{ violations: any[] }> };
  /** Examples to learn from, and the packs that were kept. */
  examples: import("../../types/teach.js").Example[];
  keptPacks: { name: string; bytes: number[] }[];
  /** Functions of the test. */
  note(...values: unknown[]): void;
  noteLoading(...values: unknown[]): void;
  noteRun(...values: unknown[]): void;
}
