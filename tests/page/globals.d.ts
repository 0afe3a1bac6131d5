// What tests put into the global scope of a page.

interface Window {
  /** The phrases of segment requests, and the channel that reports them. */
  looks: string[];
  looksChannel: BroadcastChannel;
}
