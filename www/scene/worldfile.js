// Sidecar files that tell where an image is: world files (.jgw, .pgw, .tfw, .wld and the like) and
// coordinate systems (.prj, .aux.xml). Also sorts several files by their role.
import { PageError } from "../text/errors.js";
/** @import { SortedFiles } from "../../types/scene.js" */

const WORLD = /\.(?:[a-z]{1,2}w|[a-z]{3,4}w|wld)$/i;
const PROJECTION = /\.(?:prj|aux\.xml)$/i;
const SIDECAR = /\.(?:ovr|xml|txt|tab|rrd|msk|qpj|cpg|md|csv|json)$/i;
// Raster extensions that end in w but are not world files.
const NOT_WORLD = /\.(?:raw|arw|srw|nrw|crw|draw|mrw)$/i;

/** @param {File} file */
const isWorld = ({ name }) => WORLD.test(name) && !NOT_WORLD.test(name);
/** @param {File} file */
const isProjection = ({ name }) => PROJECTION.test(name);
/** @param {File} file */
const isSidecar = ({ name }) => SIDECAR.test(name);

/**
 * Sorts files that were opened together: `{image, world, projections, others}`. `others` are files that
 * are not used; `world` may be null. Throws a PageError unless there is exactly one image.
 *
 * @param {File[]} files
 * @returns {SortedFiles}
 */
export function sortFiles(files) {
  const world = files.find(isWorld) ?? null;
  const projections = files.filter(isProjection);
  const rest = files.filter((file) => file !== world && !isProjection(file));
  const images = rest.filter((file) => !isWorld(file) && !isSidecar(file));
  const others = rest.filter((file) => file !== images[0]);
  if (images.length === 1) return { image: images[0], world, projections, others };
  if (images.length > 1) throw new PageError("several-images", images.map(({ name }) => name).join(", "));
  // A single file is tried as an image, whatever its extension.
  if (files.length === 1 && !isWorld(files[0]) && !isProjection(files[0])) {
    return { image: files[0], world: null, projections: [], others: [] };
  }
  const names = files.map(({ name }) => name).join(", ");
  throw names ? new PageError("only-sidecar", names) : new PageError("no-file");
}

/**
 * The text of a world file, checked to be six numbers that make a grid. Throws a PageError.
 *
 * @param {File} file
 */
export async function readWorldFile(file) {
  if (file.size > 4096) throw new PageError("world-file", `${file.name} has ${file.size.toLocaleString("en")} bytes`);
  const text = await file.text();
  const numbers = text.trim().split(/\s+/).map((word) => Number(word.replace(",", ".")));
  if (numbers.length !== 6 || !numbers.every(Number.isFinite)) {
    throw new PageError("world-file", `${file.name} does not hold six numbers`);
  }
  const [a, d, b, e] = numbers;
  if (a * e === b * d) throw new PageError("world-file", `${file.name} gives the pixels no area`);
  return numbers.join("\n");
}

/**
 * The first EPSG code found in these .prj and .aux.xml files, or 0.
 *
 * @param {File[]} files
 */
export async function readProjections(files) {
  for (const file of files) {
    // GDAL also writes .aux.xml files that contain only statistics.
    const code = file.size > 1 << 20 ? 0 : epsgOf(await file.text());
    if (code) return code;
  }
  return 0;
}

/**
 * The EPSG code of a coordinate system in WKT (1 or 2, including ESRI's dialect); 0 if it names none.
 *
 * @param {string} text
 */
export function epsgOf(text) {
  const inXml = /<SRS[^>]*>([\s\S]*?)<\/SRS>/i.exec(text);
  const wkt = (inXml?.[1] ?? text).replace(/&quot;/g, '"').replace(/\s*\n\s*/g, "").trim();
  // The system's own code is at the end of the text; the codes of its parts are nested deeper.
  const codes = [...wkt.matchAll(/(?:AUTHORITY|ID)\s*\[\s*"EPSG"\s*,\s*"?(\d+)"?\s*\]\s*\]/gi)];
  const own = codes.findLast(({ index, 0: match }) => index + match.length === wkt.length);
  if (own) return Number(own[1]);
  const utm = /"WGS[_ ]?(?:19)?84[_ ]*\/?[_ ]*UTM[_ ]zone[_ ](\d{1,2})([NS])"/i.exec(wkt);
  if (utm) return (utm[2].toUpperCase() === "N" ? 32600 : 32700) + Number(utm[1]);
  if (/^PROJCS\["[^"]*(?:Web_Mercator_Auxiliary_Sphere|Pseudo-Mercator)/i.test(wkt)) return 3857;
  return /^GEOGCS\["(?:GCS_WGS_1984|WGS[_ ]84)"/i.test(wkt) ? 4326 : 0;
}
