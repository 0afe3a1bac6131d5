// Lists of examples as text: CSV (RFC 4180) with named columns, or JSON lines.
import { textOf } from "../text/errors.js";
/** @import { ExampleLine } from "../../types/examples.js" */

/**
 * A CSV text of `lines` with these columns.
 *
 * @param {string[]} columns
 * @param {Record<string, string | number | null>[]} lines
 */
export function writeCsv(columns, lines) {
  /** @param {string | number | null} value */
  const field = (value) => {
    const text = String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const rows = [columns, ...lines.map((line) => columns.map((column) => line[column]))];
  return rows.map((row) => `${row.map(field).join(",")}\n`).join("");
}

/**
 * Parses a CSV text. Each line becomes an object whose keys are the column names in the first line. Throws an Error
 * that says what is wrong, and where.
 *
 * @param {string} text
 * @returns {ExampleLine[]}
 */
export function readCsv(text) {
  const [columns, ...rows] = fieldsOf(text.replace(/^\uFEFF/, ""));
  if (!columns) throw new Error("the list is empty");
  return rows.map((row, i) => {
    if (row.length !== columns.length) {
      throw new Error(`entry ${i + 1} has ${row.length} columns, the first line has ${columns.length}`);
    }
    return Object.fromEntries(columns.map((column, at) => [column, row[at]]));
  });
}

/**
 * The lines of JSON lines.
 *
 * @param {string} text
 * @returns {ExampleLine[]}
 */
export function readJsonLines(text) {
  const lines = text.replace(/^\uFEFF/, "").split("\n").map((line, i) => /** @type {const} */ ([line.trim(), i + 1]));
  return lines.filter(([line]) => line).map(([line, number]) => {
    let value;
    try {
      value = JSON.parse(line);
    } catch (error) {
      throw new Error(`line ${number}: ${textOf(error)}`);
    }
    if (typeof value !== "object" || value === null) throw new Error(`line ${number} is no object`);
    return Object.fromEntries(Object.entries(value).map(([name, given]) => [name, String(given ?? "").trim()]));
  });
}

/**
 * The trimmed fields of every row; empty rows are omitted.
 *
 * @param {string} text
 */
function fieldsOf(text) {
  /** @type {string[][]} */
  const rows = [];
  /** @type {string[]} */
  let row = [];
  // A field, with its quotes if it has any, and the character that ends it.
  const pattern = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|\n|\r|$)/y;
  while (pattern.lastIndex < text.length || row.length > 0) {
    const match = pattern.exec(text);
    if (!match) throw new Error(`entry ${rows.length} has a quote in the wrong place`);
    const [, field, end] = match;
    row.push((field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field).trim());
    if (end === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
    if (end === "") break;
  }
  return rows;
}
