// The space bar while the focus is on the viewer itself: held, a drag moves the view, whatever the tool.

export class Space {
  #root;
  #released;
  #held = false;

  /**
   * `released()` is called when the space bar of `root` is released.
   *
   * @param {HTMLElement} root
   * @param {() => void} released
   */
  constructor(root, released) {
    this.#root = root;
    this.#released = released;
    root.addEventListener("keydown", (event) => {
      if (event.key !== " " || event.target !== root) return;
      event.preventDefault();
      this.#set(true);
    });
    root.addEventListener("keyup", (event) => {
      if (event.key !== " ") return;
      this.#set(false);
      this.#released();
    });
    root.addEventListener("blur", () => this.#set(false));
  }

  get isHeld() {
    return this.#held;
  }

  /** @param {boolean} held */
  #set(held) {
    this.#held = held;
    this.#root.classList.toggle("panning", held);
  }
}
