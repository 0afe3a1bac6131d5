// Settings kept between visits. If the browser allows no storage, they last only for this visit; nothing fails.

const KEY = "s4eca-settings";

/** Reads a value from localStorage. Returns `otherwise` if there is none, no storage, or invalid JSON. */
export function recall(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** Stores a value if the browser allows it. */
export function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A private window, or no space: the value lasts as long as the tab.
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
