// Shows how the phrase in the box is read: its parts as small buttons, each with a menu of alternatives.
import { explain, phraseRefusal } from "../text/errors.js";
import { t } from "../text/text.js";
import { element } from "../view/dom.js";
/**
 * @import { Reading, Token, Ways } from "../../types/engine.js"
 * @import { Find } from "../../types/page.js"
 * @import { Scenes } from "../scene/client.js"
 * @import { PhraseBox } from "./phrasebox.js"
 */

/**
 * @typedef {object} Page
 * @property {PhraseBox} box
 * @property {Scenes} scenes
 * @property {() => boolean} isRead
 * @property {() => Ways | null | undefined} ways
 * @property {(before: string, after: string) => void} changed
 */

/** The box is read once nothing has been typed for this long, in milliseconds. */
const REST_MS = 250;
/** Maximum phrases whose parts are shown; further phrases run as well. */
const SHOWN = 6;
/** Space between a part and its menu, and around the menu, in CSS pixels. */
const GAP = 4;

export class ReadingLine {
  #find;
  #box;
  #scenes;
  #isRead;
  #ways;
  #changed;
  /** @type {ReturnType<typeof setTimeout> | 0} */
  #timer = 0;
  #turn = 0;
  /** @type {HTMLElement | null} */
  #opener = null; // the part whose menu is open

  /**
   * `isRead()` says whether phrases are read; `ways()` returns `reading` of the weights' manifest; `changed(before,
   * after)` is called when a menu has replaced the phrase `before` by `after`.
   *
   * @param {Find} find
   * @param {Page} page
   */
  constructor(find, { box, scenes, isRead, ways, changed }) {
    this.#find = find;
    this.#box = box;
    this.#scenes = scenes;
    this.#isRead = isRead;
    this.#ways = ways;
    this.#changed = changed;
    box.listen(() => this.later());
    const menu = find("token-menu");
    menu.addEventListener("keydown", (event) => this.#key(event));
    menu.addEventListener("toggle", ({ newState }) => newState === "closed" && this.#closed());
  }

  /** Reads the box again when typing pauses. */
  later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.update(), REST_MS);
  }

  /** Reads the box and shows its parts. */
  async update() {
    clearTimeout(this.#timer);
    this.#turn += 1;
    const mine = this.#turn;
    const phrases = this.#isRead() && this.#scenes.isReady ? this.#box.phrases.slice(0, SHOWN) : [];
    /** @type {Reading[]} */
    let readings;
    try {
      readings = await Promise.all(phrases.map((phrase) => this.#scenes.read(phrase, this.#ways())));
    } catch {
      // The scene worker stopped, which is reported elsewhere; the next reading uses the restarted one.
      return;
    }
    if (mine !== this.#turn) return;
    const items = phrases.flatMap((phrase, i) => this.#items(phrase, readings[i], i > 0));
    this.#find("tokens").replaceChildren(...items);
    const said = readings.map((reading, i) => refusal(phrases[i]) || sentence(reading)).filter(Boolean).join(" ");
    if (this.#find("reading-said").textContent !== said) this.#find("reading-said").textContent = said;
  }

  /** @param {string} phrase @param {Reading} reading @param {boolean} isNext */
  #items(phrase, reading, isNext) {
    const { tokens, unread, unknown, executed } = reading;
    const refused = refusal(phrase);
    const parts = refused ? [] : tokens.map((token) => this.#token(phrase, token, reading));
    const remark = (/** @type {string} */ text, title = text) =>
      parts.push(element("span", { class: "token unread", title }, text));
    if (refused) {
      remark(refused);
    } else if (unread.length > 0) {
      const text = unreadText(reading);
      remark(text, `${text}. ${t(executed ? "reading.left-out.title" : "reading.network")}`);
    } else if (!executed) {
      // The phrase has no readable part, its parts contradict each other, or the weights answer its kind as a whole.
      remark(t("reading.network"));
    } else if (unknown.length > 0) {
      const text = unknownText(unknown);
      remark(text, `${text}. ${t("reading.unknown.title")}`);
    }
    return parts.map((part, i) => element("li", { class: isNext && i === 0 ? "next" : null }, part));
  }

  /** @param {string} phrase @param {Token} token @param {Reading} reading */
  #token(phrase, token, { unknown }) {
    const label = labelOf(token);
    const parts = label.toLowerCase().split(/[^\p{L}\p{N}]+/u);
    const kind = unknown.some((word) => parts.includes(word.toLowerCase())) ? "token unknown" : "token";
    if (!token.without && token.others.length === 0) return element("span", { class: kind }, label);
    const attributes = { type: "button", class: kind, "aria-haspopup": "menu", "aria-expanded": "false" };
    const button = element("button", { ...attributes, title: t("reading.change", { label }) }, label);
    button.addEventListener("click", () => this.#open(button, phrase, token));
    return button;
  }

  /** @param {HTMLElement} button @param {string} phrase @param {Token} token */
  #open(button, phrase, token) {
    const menu = this.#find("token-menu");
    /** @param {string} text @param {string} next @param {string | null} kind */
    const item = (text, next, kind) => {
      const made = element("button", { type: "button", role: "menuitem", tabindex: -1, class: kind }, text);
      made.addEventListener("click", () => this.#put(phrase, next));
      return made;
    };
    const others = token.others.map(({ label, phrase: next }) => item(label, next, null));
    const remove = token.without ? [item(t("reading.remove"), token.without, "remove")] : [];
    menu.replaceChildren(...others, ...remove);
    menu.setAttribute("aria-label", t("reading.menu", { label: labelOf(token) }));
    // A click on another part closes the menu without an event if the menu reopens at once.
    this.#opener?.setAttribute("aria-expanded", "false");
    this.#opener = button;
    button.setAttribute("aria-expanded", "true");
    menu.showPopover();
    const at = button.getBoundingClientRect();
    const { width, height } = menu.getBoundingClientRect();
    const left = Math.max(GAP, Math.min(at.left, innerWidth - width - GAP));
    const below = at.bottom + GAP;
    const top = below + height + GAP > innerHeight ? Math.max(GAP, at.top - height - GAP) : below;
    Object.assign(menu.style, { left: `${left}px`, top: `${top}px` });
    /** @type {HTMLElement} */ (menu.firstElementChild).focus();
  }

  #closed() {
    const opener = this.#opener;
    this.#opener = null;
    opener?.setAttribute("aria-expanded", "false");
    const { activeElement, body } = document;
    // If something else was clicked, the focus is already there.
    if (activeElement === body || this.#find("token-menu").contains(activeElement)) opener?.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const items = /** @type {HTMLElement[]} */ ([...this.#find("token-menu").children]);
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      this.#find("token-menu").hidePopover();
    } else if (next !== undefined) {
      event.preventDefault();
      items[(next + items.length) % items.length].focus();
    }
  }

  /**
   * Replaces `phrase` by `next` in the box.
   *
   * @param {string} phrase
   * @param {string} next
   */
  async #put(phrase, next) {
    const place = [...this.#find("tokens").children].findIndex((item) => item.contains(this.#opener));
    this.#opener?.focus();
    this.#find("token-menu").hidePopover();
    this.#box.replace(phrase, next);
    this.#changed(phrase, next);
    await this.update();
    // The changed part is a new element.
    const items = [...this.#find("tokens").querySelectorAll("button")];
    const near = this.#find("tokens").children[place]?.querySelector("button") ?? items[0];
    (near ?? this.#find("phrase")).focus();
  }
}

/**
 * The title of the error that refuses a phrase, or "".
 *
 * @param {string} phrase
 */
function refusal(phrase) {
  const code = phraseRefusal(phrase);
  return code && explain({ code }).title;
}

/**
 * What was not understood, and whether it is left out.
 *
 * @param {Pick<Reading, "executed" | "unread">} reading
 */
function unreadText({ executed, unread }) {
  return t(executed ? "reading.left-out" : "reading.unread", { words: unread.join(" ") });
}

/** @param {string[]} words */
function unknownText(words) {
  return t("reading.unknown", { n: words.length, words: words.join(" ") });
}

/**
 * The remark on a phrase that was not fully understood, or "".
 *
 * @param {Pick<Reading, "understood" | "executed" | "unread" | "unknown" | "problems"> | null} reading
 */
export function readingRemark(reading) {
  if (!reading) return "";
  const { unknown } = reading;
  if (reading.understood) {
    return unknown.length > 0 ? t("reading.unknown.note", { n: unknown.length, words: unknown.join(" ") }) : "";
  }
  if (reading.unread.length > 0) {
    return t(reading.executed ? "reading.left-out.note" : "reading.whole", { words: reading.unread.join(" ") });
  }
  const [problem] = reading.problems;
  return problem ? t("reading.problem", { problem: problem[0].toUpperCase() + problem.slice(1) }) : "";
}

/**
 * The label of a part of a phrase.
 *
 * @param {Pick<Token, "label" | "role">} token
 */
export function labelOf({ label, role }) {
  if (role === "and") return t("reading.and", { label });
  return role === "except" ? t("reading.except", { label }) : label;
}

/**
 * The reading for screen readers: "Read as: building, largest, left of road."
 *
 * @param {Reading} reading
 */
function sentence(reading) {
  const { tokens, unread, unknown } = reading;
  const parts = tokens.map((token) => labelOf(token).replaceAll(":", ""));
  if (unread.length > 0) parts.push(unreadText(reading));
  else if (unknown.length > 0) parts.push(unknownText(unknown));
  return parts.length === 0 ? "" : `${t("reading.said", { parts: parts.join(", ") })}.`;
}
