// The examples in this browser: one IndexedDB database per origin, shared by all tabs. A change is one transaction, so
// tabs cannot undo each other's changes halfway. Without storage, examples last as long as the tab.
import { PageError, textOf } from "../text/errors.js";
import { decodeExample } from "./pixels.js";
/**
 * @import { EmitterOf } from "../../types/events.js"
 * @import { ExampleRecord, KeptOutcome, StoredExample } from "../../types/examples.js"
 */

/**
 * @typedef {Map<string, ExampleRecord>} Records By id.
 * @typedef {{ put?: ExampleRecord[], remove?: string[] }} Change
 * @typedef {{ change: null }} StoreEvents
 */

const NAME = "s4eca-examples";
const TABLE = "examples";

/** Event: "change", after a change in this tab or another one. */
export class ExampleStore extends /** @type {EmitterOf<StoreEvents>} */ (EventTarget) {
  /** @type {Promise<IDBDatabase | null> | null} */
  #database = null;
  /** @type {Records} */
  #memory = new Map(); // used if there is no database
  /** @type {BroadcastChannel | null} */
  #channel = null;
  /** Whether examples survive the tab. */
  isLasting = true;

  constructor() {
    super();
    try {
      this.#channel = new BroadcastChannel(NAME);
      this.#channel.addEventListener("message", () => this.#tell());
    } catch {
      // Other tabs then show a change after a reload.
    }
  }

  /** All examples, oldest first. */
  async all() {
    const database = await this.#open();
    if (!database) return sorted(this.#memory.values());
    try {
      const table = database.transaction(TABLE).objectStore(TABLE);
      return sorted(await answer(table.getAll()));
    } catch (error) {
      throw new PageError("examples-read", textOf(error));
    }
  }

  /**
   * Stores examples. If one with the same image and phrase is there with another mask, `replaces` decides whether it is
   * replaced or stays.
   *
   * @param {ExampleRecord[]} examples
   * @param {{ replaces: boolean }} options
   * @returns {Promise<KeptOutcome>}
   */
  async keep(examples, { replaces }) {
    /** @type {KeptOutcome} */
    let outcome = { added: [], replaced: [], known: 0, contradicting: [] };
    await this.#change((records) => {
      outcome = { added: [], replaced: [], known: 0, contradicting: [] };
      const seen = new Map(records);
      for (const example of examples) {
        const former = seen.get(example.id);
        if (former?.maskKey === example.maskKey) outcome.known += 1;
        else if (former && !replaces) outcome.contradicting.push(example);
        else {
          if (former) outcome.replaced.push(former);
          outcome.added.push(example);
          seen.set(example.id, example);
        }
      }
      return { put: outcome.added };
    });
    // Asks the browser not to evict them when the disk is full. It may ask the user, or refuse.
    if (this.isLasting) navigator.storage?.persist?.().catch(() => false);
    return outcome;
  }

  /**
   * Removes examples, by default all, and returns them.
   *
   * @param {string[] | null} ids
   */
  async remove(ids = null) {
    /** @type {ExampleRecord[]} */
    let removed = [];
    await this.#change((records) => {
      removed = [...records.values()].filter(({ id }) => !ids || ids.includes(id));
      return { remove: removed.map(({ id }) => id) };
    });
    return removed;
  }

  /**
   * Puts examples back as they were.
   *
   * @param {ExampleRecord[]} examples
   */
  restore(examples) {
    return this.#change(() => ({ put: examples }));
  }

  /**
   * Applies the change that `plan` returns for the examples stored now, in one transaction.
   *
   * @param {(records: Records) => Change} plan
   */
  async #change(plan) {
    const database = await this.#open();
    if (database) {
      try {
        await transact(database, plan);
      } catch (error) {
        throw failure(error);
      }
    } else {
      const { put = [], remove = [] } = plan(this.#memory);
      for (const id of remove) this.#memory.delete(id);
      for (const example of put) this.#memory.set(example.id, example);
    }
    this.#channel?.postMessage("change");
    this.#tell();
  }

  /** The database; null if the browser denies it. */
  #open() {
    this.#database ??= new Promise((resolve) => {
      const denied = () => {
        this.isLasting = false;
        resolve(null);
      };
      try {
        const request = indexedDB.open(NAME, 1);
        request.addEventListener("upgradeneeded", () => request.result.createObjectStore(TABLE, { keyPath: "id" }));
        request.addEventListener("error", denied);
        request.addEventListener("success", () => {
          const database = request.result;
          const forget = () => (this.#database = null);
          // Another tab deletes or upgrades it, or the user clears the site's data.
          database.addEventListener("versionchange", () => {
            database.close();
            forget();
          });
          database.addEventListener("close", forget);
          resolve(database);
        });
      } catch {
        denied();
      }
    });
    return this.#database;
  }

  #tell() {
    this.dispatchEvent(new CustomEvent("change", { detail: null }));
  }
}

/** The page's examples. */
export const examples = new ExampleStore();

/**
 * All stored examples, oldest first. `decode` of one resolves to its pixels, `{image, mask, width, height}`.
 *
 * @returns {Promise<StoredExample[]>}
 */
export async function allExamples() {
  const records = await examples.all();
  return records.map((record) => ({ ...record, decode: () => decodeExample(record) }));
}

/**
 * @param {IDBDatabase} database
 * @param {(records: Records) => Change} plan
 * @returns {Promise<void>}
 */
function transact(database, plan) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(TABLE, "readwrite");
    const table = transaction.objectStore(TABLE);
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(transaction.error));
    const request = table.getAll();
    request.addEventListener("success", () => {
      try {
        const { put = [], remove = [] } = plan(new Map(request.result.map((example) => [example.id, example])));
        for (const id of remove) table.delete(id);
        for (const example of put) table.put(example);
      } catch (error) {
        reject(error);
        transaction.abort();
      }
    });
  });
}

/**
 * @template Value
 * @param {IDBRequest<Value>} request
 * @returns {Promise<Value>}
 */
function answer(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

/** @param {any} error */
function failure(error) {
  // Chromium reports a full disk as an unknown error of the blobs.
  const isFull = error?.name === "QuotaExceededError" || /quota|space|blob/i.test(textOf(error ?? ""));
  return new PageError(isFull ? "examples-full" : "examples-store", textOf(error ?? ""));
}

/** @param {Iterable<ExampleRecord>} records */
function sorted(records) {
  /** @param {string} a @param {string} b */
  const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  return [...records].sort((a, b) => order(a.added, b.added) || order(a.id, b.id));
}
