// Settings kept between visits. If the browser allows no storage, they last only for this visit; nothing fails.

const KEY = "s4eca-settings";

/**
 * Reads a value from localStorage. Returns `otherwise` if there is none, no storage, or invalid JSON.
 *
 * @param {string} key
 * @param {any} otherwise
 * @returns {any}
 */
export function recall(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") ?? otherwise;
  } catch {
    return otherwise;
  }
}

/**
 * Stores a value if the browser allows it.
 *
 * @param {string} key
 * @param {unknown} value
 */
export function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A private window, or no space: the value lasts as long as the tab.
  }
}

/**
 * @typedef {object} SettingValues
 * @property {boolean} samples Whether the samples are shown.
 * @property {boolean} singleKeys Whether keys of one letter work.
 * @property {string[]} closed The notices that were closed for good.
 * @property {string} phrases "auto" or "network": who answers phrases.
 * @property {boolean} teaching Whether adapting was running when the page was left.
 * @property {boolean} objects Whether vector files have one feature per object.
 */

export class Settings {
  /** @type {SettingValues} */
  #values = { samples: true, singleKeys: true, closed: [], phrases: "auto", teaching: false, objects: true };

  constructor() {
    const kept = recall(KEY, {});
    const values = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (this.#values));
    for (const [name, value] of Object.entries(values)) {
      const isAlike = typeof kept[name] === typeof value && Array.isArray(kept[name]) === Array.isArray(value);
      if (isAlike) values[name] = kept[name];
    }
  }

  /**
   * @template {keyof SettingValues} Name
   * @param {Name} name
   * @returns {SettingValues[Name]}
   */
  get(name) {
    return this.#values[name];
  }

  /**
   * @template {keyof SettingValues} Name
   * @param {Name} name
   * @param {SettingValues[Name]} value
   */
  set(name, value) {
    this.#values[name] = value;
    keep(KEY, this.#values);
  }
}
