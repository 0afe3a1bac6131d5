// Requests that run one after another. One that is cancelled while it waits is never started.

export class Lane {
  /**
   * By id, of the requests that wait or run: whether each is cancelled.
   *
   * @type {Map<number, boolean>}
   */
  #cancelled = new Map();
  #last = Promise.resolve();

  /** Number of requests that wait or run. */
  get length() {
    return this.#cancelled.size;
  }

  /**
   * Runs `act` after the requests before it. `act` can ask whether the request was cancelled meanwhile.
   *
   * @param {number} id
   * @param {(isCancelled: () => boolean) => Promise<void>} act
   * @returns {Promise<void>} settles when the request has ended or was skipped
   */
  add(id, act) {
    this.#cancelled.set(id, false);
    const isCancelled = () => this.#cancelled.get(id) === true;
    this.#last = this.#last
      .then(turn)
      .then(() => (isCancelled() ? undefined : act(isCancelled)))
      .finally(() => this.#cancelled.delete(id));
    return this.#last;
  }

  /**
   * Cancels a request. Nothing happens if it has already ended.
   *
   * @param {number} id
   */
  cancel(id) {
    if (this.#cancelled.has(id)) this.#cancelled.set(id, true);
  }
}

/** Yields so that queued messages, such as a cancel, are received: an engine on the CPU never yields by itself. */
export function turn() {
  return new Promise((done) => setTimeout(done));
}
