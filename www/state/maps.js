// The maps that the network made of a scene, by prompt and place: later phrases and changes of a phrase use them again.

/** Most map pixels that are kept beside those that layers use. They are in the scene worker, and in its client again. */
const LIMIT = 64e6;

export class Maps {
  #scenes;
  #kept = new Map(); // key: {id, ran, pixels, users: Set of layers, whole}; the last one used is last

  constructor({ scenes, doc }) {
    this.#scenes = scenes;
    // The scene worker drops a former scene's by itself.
    doc.addEventListener("scene", ({ detail }) => !detail?.same && this.#kept.clear());
    doc.addEventListener("dropped", ({ detail }) => this.#release(detail.ids));
  }

  /** `{id, ran}` of the whole map for a prompt at a place, or null. */
  get(prompt, place) {
    const key = keyOf(prompt, place);
    const map = this.#kept.get(key);
    if (!map?.whole) return null;
    this.#kept.delete(key);
    this.#kept.set(key, map);
    return map;
  }

  /** Keeps map `id` of so many pixels, which layer `user` needs; it is given out once `complete` is called. */
  add(prompt, place, { id, pixels, user }) {
    const key = this.#kept.has(keyOf(prompt, place)) ? `${id}` : keyOf(prompt, place);
    const map = { id, pixels, ran: null, users: new Set([user]), whole: false };
    this.#kept.set(key, map);
    this.#trim();
    return { complete: (ran) => Object.assign(map, { ran, whole: true }) };
  }

  /** `{prompt: id}` for layer `user`, which keeps them; null where one is not there. */
  use(prompts, place, user) {
    const maps = prompts.map((prompt) => this.get(prompt, place));
    if (!maps.every(Boolean)) return null;
    for (const { users } of maps) users.add(user);
    return Object.fromEntries(prompts.map((prompt, i) => [prompt, maps[i].id]));
  }

  #release(layers) {
    for (const [key, map] of this.#kept) {
      for (const id of layers) map.users.delete(id);
      // What a run left half done is of no use to others.
      if (map.users.size === 0 && !map.whole) this.#remove(key);
    }
    this.#trim();
  }

  /** Drops maps that no layer uses, the oldest first, until the rest is within the limit. */
  #trim() {
    const free = [...this.#kept].filter(([, { users }]) => users.size === 0);
    let pixels = free.reduce((sum, [, map]) => sum + map.pixels, 0);
    for (const [key, map] of free) {
      if (pixels <= LIMIT) return;
      pixels -= map.pixels;
      this.#remove(key);
    }
  }

  #remove(key) {
    const { id } = this.#kept.get(key);
    this.#kept.delete(key);
    // A worker that was started again may have lost it already.
    this.#scenes.removeLayer(id).catch(() => {});
  }
}

function keyOf(prompt, place) {
  return `${place} ${prompt}`;
}
