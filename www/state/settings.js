// What the page remembers between visits. Where the browser keeps nothing it forgets, and never fails.

const KEY = "s4eca-settings";

/** Reads a value of localStorage; `otherwise` where there is none, or no storage, or nonsense in it. */
export function recall(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** Keeps a value, where the browser allows it. */
export function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A private window, or no room: the value lasts as long as the tab.
  }
}

export class Settings {
  #values = { samples: true, singleKeys: true, closed: [], phrases: "auto", objects: true };

  constructor() {
    const kept = recall(KEY, {});
    for (const [name, value] of Object.entries(this.#values)) {
      const isAlike = typeof kept[name] === typeof value && Array.isArray(kept[name]) === Array.isArray(value);
      if (isAlike) this.#values[name] = kept[name];
    }
  }

  get(name) {
    return this.#values[name];
  }

  set(name, value) {
    this.#values[name] = value;
    keep(KEY, this.#values);
  }
}
