// What the page's address asks for: ?weights=, ?backend=, ?phrases= and ?pack=.
const query = new URLSearchParams(location.search);

/**
 * The parameter `name` of the page's address; null if it is absent or not `allowed`.
 *
 * @param {string} name
 * @param {RegExp} allowed
 */
function parameter(name, allowed) {
  const value = query.get(name);
  return value !== null && allowed.test(value) ? value : null;
}

export const asked = {
  // Folder names only: the address must not point the page to other locations.
  weights: parameter("weights", /^[\w.-]+$/) ?? "tiny",
  backend: parameter("backend", /^(cpu|webgpu)$/) ?? "auto",
  phrases: parameter("phrases", /^(auto|network)$/),
  pack: query.get("pack"),
};
