// Numbers formatted for display, with units.
import { LANGUAGE, t } from "./text.js";

/**
 * A number with thousands separators and at most `digits` decimals.
 *
 * @param {number} value
 */
export function number(value, digits = 0) {
  return value.toLocaleString(LANGUAGE, { maximumFractionDigits: digits });
}

/**
 * A number to `digits` significant digits, never rounding whole digits: 12,345.6 is "12,346", 0.01234 is "0.0123".
 *
 * @param {number} value
 */
export function significant(value, digits = 3) {
  if (Math.abs(value) >= 10 ** digits) return number(Math.round(value));
  return value.toLocaleString(LANGUAGE, { maximumSignificantDigits: digits });
}

/**
 * Bytes as megabytes with one decimal: "8.3 MB".
 *
 * @param {number} bytes
 */
export function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/**
 * A share of 0 to 1 as "1.3 %".
 *
 * @param {number} share
 */
export function percent(share) {
  if (share > 0 && share < 0.001) return t("format.under");
  return `${(share * 100).toFixed(1)} %`;
}

/** @param {number} milliseconds */
export function duration(milliseconds) {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/**
 * A remaining time in seconds, rounded to the precision of an estimate: "12 s", "4 min", "2 h 10 min".
 *
 * @param {number} seconds
 */
export function span(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * An area in m², or in ha from 10,000 m² on: "84.2 m²", "1.27 ha".
 *
 * @param {number} squareMetres
 */
export function area(squareMetres) {
  return squareMetres < 10_000 ? `${significant(squareMetres)} m²` : `${significant(squareMetres / 10_000)} ha`;
}

/**
 * An area in square metres and hectares: `["12,650", "1.27"]`.
 *
 * @param {number} squareMetres
 */
export function areaBoth(squareMetres) {
  return [significant(squareMetres, 4), significant(squareMetres / 10_000, 3)];
}

/**
 * A ground resolution given in metres: "30 cm", "1.2 m".
 *
 * @param {number} metres
 */
export function resolution(metres) {
  return metres < 1 ? `${significant(metres * 100)} cm` : `${significant(metres)} m`;
}
