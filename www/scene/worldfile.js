// Sidecar files that georeference an image: world files (.jgw, .pgw, .tfw, .wld and the like) and coordinate systems
// (.prj, .aux.xml). Also sorts several files by their role.
import { PageError } from "../text/errors.js";
/**
 * @import { Sidecars } from "../../types/engine.js"
 * @import { SortedFiles } from "../../types/scene.js"
 */

const WORLD = /\.(?:[a-z]{1,2}w|[a-z]{3,4}w|wld)$/i;
const PROJECTION = /\.(?:prj|aux\.xml)$/i;
const SIDECAR = /\.(?:ovr|xml|txt|tab|rrd|msk|qpj|cpg|md|csv|json)$/i;
// Raster extensions that end in w but do not mean a world file.
const NOT_WORLD = /\.(?:raw|arw|srw|nrw|crw|draw|mrw)$/i;

// Longer sidecar files are something else.
const LONGEST = 16 << 20;

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
 * The texts of the files beside an image, as `Georeference.fromFiles` takes them: `{world, prj, aux}`.
 *
 * @param {File | null} world
 * @param {File[]} projections
 * @returns {Promise<Sidecars>}
 */
export async function readSidecars(world, projections) {
  const prj = projections.find(({ name }) => /prj$/i.test(name));
  const aux = projections.find(({ name }) => /xml$/i.test(name));
  const text = (/** @type {File | undefined} */ file) => (file && file.size <= LONGEST ? file.text() : undefined);
  // The beginning of a world file is enough to see that it is too long.
  return { world: await world?.slice(0, 8192).text(), prj: await text(prj), aux: await text(aux) };
}

/**
 * Whether files beside an image place its pixels as they are stored, before any EXIF rotation.
 *
 * @param {Pick<SortedFiles, "world" | "projections">} files
 */
export async function placesPixels({ world, projections }) {
  const { aux } = await readSidecars(null, projections);
  return world !== null || /<(?:GeoTransform|GCP)\b/.test(aux ?? "");
}
