// Measures how fast the work proceeds, to estimate the time left. A pause does not count.

/** Seconds before an estimate is shown. */
const SETTLING = 3;

export class Pace {
  /** @type {number | null} When the first work was done, in ms. */
  #begun = null;
  /** Work done before that. */
  #first = 0;
  #done = 0;
  /** Length of all pauses in ms, and the start of the current one. */
  #held = 0;
  /** @type {number | null} */
  #since = null;

  /**
   * Notes how much work is done.
   *
   * @param {number} done
   * @param {number} now In ms.
   */
  note(done, now = performance.now()) {
    if (this.#begun === null) {
      this.#begun = now;
      this.#first = done;
    }
    this.#done = done;
  }

  /**
   * A pause begins or ends.
   *
   * @param {boolean} held
   * @param {number} now In ms.
   */
  hold(held, now = performance.now()) {
    if (this.#since !== null) this.#held += now - this.#since;
    this.#since = held ? now : null;
  }

  /**
   * Seconds for that much work; null if it is too early for an estimate.
   *
   * @param {number} work
   * @param {number} now In ms.
   */
  secondsFor(work, now = performance.now()) {
    const done = this.#done - this.#first;
    if (this.#begun === null || done <= 0) return null;
    const held = this.#held + (this.#since === null ? 0 : now - this.#since);
    const seconds = (now - this.#begun - held) / 1000;
    return seconds < SETTLING ? null : (seconds / done) * work;
  }
}
