// The network's maps of a scene, by prompt and place: later phrases and edited phrases reuse them.
/**
 * @import { Ran } from "../../types/model.js"
 * @import { Scenes } from "../scene/client.js"
 * @import { Doc } from "./document.js"
 */

/**
 * @typedef {object} KeptMap
 * @property {number} id The layer in the scene worker that holds it.
 * @property {number} pixels
 * @property {Ran | null} ran Null until it is complete.
 * @property {Set<number>} users Layers that need it.
 * @property {boolean} whole Whether it is complete.
 */

/** Limit, in map pixels, of the maps kept that no layer uses. Both the scene worker and its client hold a copy. */
const LIMIT = 64e6;

export class Maps {
  #scenes;
  /** @type {Map<string, KeptMap>} */
  #kept = new Map(); // key: {id, ran, pixels, users: Set of layers, whole}, the most recently used last

  /** @param {{ scenes: Scenes, doc: Doc }} options */
  constructor({ scenes, doc }) {
    this.#scenes = scenes;
    // The scene worker frees a former scene's maps itself.
    doc.addEventListener("scene", ({ detail }) => !detail?.same && this.#kept.clear());
    doc.addEventListener("dropped", ({ detail }) => this.#release(detail.ids));
  }

  /**
   * The complete map of a prompt at a place (`id`, `ran` and more), or null.
   *
   * @param {string} prompt
   * @param {string} place
   */
  get(prompt, place) {
    const key = keyOf(prompt, place);
    const map = this.#kept.get(key);
    if (!map?.whole) return null;
    this.#kept.delete(key);
    this.#kept.set(key, map);
    return map;
  }

  /**
   * Stores map `id` of `pixels` pixels, which layer `user` needs. `get` returns it once `complete` is called.
   *
   * @param {string} prompt
   * @param {string} place
   * @param {{ id: number, pixels: number, user: number }} map
   */
  add(prompt, place, { id, pixels, user }) {
    const key = this.#kept.has(keyOf(prompt, place)) ? `${id}` : keyOf(prompt, place);
    const map = { id, pixels, ran: null, users: new Set([user]), whole: false };
    this.#kept.set(key, map);
    this.#trim();
    return { complete: (/** @type {Ran} */ ran) => Object.assign(map, { ran, whole: true }) };
  }

  /**
   * `{prompt: id}` for layer `user`, which from now on holds these maps; null if one is missing.
   *
   * @param {string[]} prompts
   * @param {string} place
   * @param {number} user
   */
  use(prompts, place, user) {
    const maps = prompts.map((prompt) => this.get(prompt, place)).filter((map) => map !== null);
    if (maps.length < prompts.length) return null;
    for (const { users } of maps) users.add(user);
    return Object.fromEntries(prompts.map((prompt, i) => [prompt, maps[i].id]));
  }

  /** @param {number[]} layers */
  #release(layers) {
    for (const [key, map] of this.#kept) {
      for (const id of layers) map.users.delete(id);
      // An incomplete map is of no use to other layers.
      if (map.users.size === 0 && !map.whole) this.#remove(key);
    }
    this.#trim();
  }

  /** Drops maps that no layer uses, least recently used first, until the rest is within the limit. */
  #trim() {
    const free = [...this.#kept].filter(([, { users }]) => users.size === 0);
    let pixels = free.reduce((sum, [, map]) => sum + map.pixels, 0);
    for (const [key, map] of free) {
      if (pixels <= LIMIT) return;
      pixels -= map.pixels;
      this.#remove(key);
    }
  }

  /** @param {string} key */
  #remove(key) {
    const { id } = /** @type {KeptMap} */ (this.#kept.get(key));
    this.#kept.delete(key);
    // A restarted worker may have lost it.
    this.#scenes.removeLayer(id).catch(() => {});
  }
}

/** @param {string} prompt @param {string} place */
function keyOf(prompt, place) {
  return `${place} ${prompt}`;
}
