// The list of packs: each is switched on and off with one click, loaded from a file, or removed.
import { PageError } from "../text/errors.js";
import { t } from "../text/text.js";
import { element } from "../view/dom.js";
import { packBytes } from "./packfile.js";
import { Packs } from "./packs.js";
/**
 * @import { Bytes } from "../../types/engine.js"
 * @import { PackInfo } from "../../types/network.js"
 * @import { Session } from "../model/session.js"
 * @import { Settings } from "../state/settings.js"
 */

/** How a pack's file name ends. */
const ENDING = /\.s4pack$/i;

/**
 * @typedef {object} PackOptions
 * @property {string} root The URL of the page's folder.
 * @property {Session} session
 * @property {Settings} settings
 * @property {(error: PageError) => void} problem Shows an error.
 */

/** Whether a file is a pack, by its name. @param {File} file */
export function isPack(file) {
  return ENDING.test(file.name);
}

export class PackPanel {
  #options;
  #packs;
  #list = element("ul", { class: "packs" });
  #note = element("p", { class: "note", role: "status" });

  /** @param {HTMLElement} host @param {PackOptions} options */
  constructor(host, options) {
    this.#options = options;
    this.#packs = new Packs(options.root);
    const heading = element("h2", { id: "packs-title" }, t("packs.title"));
    const input = element("input", { type: "file", accept: ".s4pack", class: "visually-hidden", id: "pack-file" });
    const label = element("label", { class: "button small", for: input.id }, t("packs.load"));
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      input.value = "";
      if (file) this.open(file);
    });
    host.setAttribute("aria-labelledby", heading.id);
    host.replaceChildren(heading, this.#list, element("div", { class: "row" }, input, label), this.#note);
    options.session.addEventListener("pack", ({ detail }) => this.#show(detail));
    options.session.addEventListener("ready", ({ detail }) => this.#show(detail.pack));
    this.#show(null);
  }

  /**
   * Uses the pack that was in use before, or the one at `url`, which must be of the page's own origin.
   *
   * @param {string | null} url
   */
  async restore(url) {
    const { settings } = this.#options;
    if (url !== null) {
      await this.#trying(async () => {
        const address = new URL(url, this.#options.root);
        if (address.origin !== new URL(this.#options.root).origin) throw new PageError("pack-origin", address.origin);
        await this.#take(await packBytes(address));
      });
      return;
    }
    const name = settings.get("pack");
    const bytes = name ? await this.#packs.get(name) : undefined;
    if (bytes) await this.#trying(() => this.#options.session.usePack(bytes));
  }

  /**
   * Stores a pack's file and uses it.
   *
   * @param {File} file
   */
  open(file) {
    return this.#trying(async () => this.#take(await packBytes(file)));
  }

  /**
   * Stores a new pack and uses it. Rejects with a PageError if it cannot be used.
   *
   * @param {{ bytes: Bytes }} pack
   */
  keep({ bytes }) {
    return this.#take(bytes);
  }

  /** @param {Bytes} bytes */
  async #take(bytes) {
    // Only a pack that can be used is stored.
    const pack = await this.#options.session.usePack(bytes);
    if (!pack) return;
    const kept = await this.#packs.put(pack.name, bytes);
    this.#options.settings.set("pack", pack.name);
    await this.#show(pack);
    if (!kept) this.#note.textContent += ` ${t("packs.unkept")}`;
  }

  /** @param {string} name @param {boolean} on */
  #switch(name, on) {
    return this.#trying(async () => {
      const bytes = on ? await this.#packs.get(name) : null;
      if (bytes === undefined) throw new PageError("pack", name);
      await this.#options.session.usePack(bytes);
      this.#options.settings.set("pack", on ? name : "");
    });
  }

  /** @param {string} name */
  async #remove(name) {
    if (this.#options.settings.get("pack") === name) await this.#switch(name, false);
    await this.#packs.remove(name);
    await this.#show(this.#options.session.info?.pack ?? null);
  }

  /** @param {() => Promise<unknown>} act */
  async #trying(act) {
    try {
      await act();
    } catch (error) {
      this.#options.problem(PageError.from(error, "pack"));
      await this.#show(this.#options.session.info?.pack ?? null);
    }
  }

  /** @param {PackInfo | null} pack The pack in use. */
  async #show(pack) {
    const names = await this.#packs.names();
    const rows = names.map((name) => {
      const box = element("input", { type: "checkbox", role: "switch" });
      box.checked = name === pack?.name;
      box.addEventListener("change", () => this.#switch(name, box.checked));
      const remove = element("button", { type: "button", class: "close", "aria-label": t("packs.remove", { name }) }, "×");
      remove.addEventListener("click", () => this.#remove(name));
      return element("li", { class: "row" }, element("label", { class: "switch" }, box, element("span", {}, name)), remove);
    });
    this.#list.replaceChildren(...rows);
    const off = names.length > 0 ? t("packs.off") : t("packs.none");
    this.#note.textContent = pack ? t("packs.on", { name: pack.name, words: pack.words.join(", ") }) : off;
  }
}
