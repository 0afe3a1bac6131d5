# Makes dist/, the page in a form that any static host can serve. Sourced by build.sh, after tools.sh has run.

# The features that rustc assumes of every wasm engine, and SIMD. Without these options wasm-opt refuses the module.
wasm_features=(
  --enable-simd --enable-bulk-memory --enable-bulk-memory-opt --enable-nontrapping-float-to-int --enable-sign-ext
  --enable-mutable-globals --enable-reference-types --enable-multivalue
)

# Compiles the wasm module; `./build.sh test` also lints it. The file name is the same with and without the lint, so
# cargo would take a module that was never linted for an up-to-date one. The cfg prevents that.
compile_wasm() {
  step "compiling the wasm module" "12 min, seconds when nothing has changed"
  local mark=()
  if [ "${#linted[@]}" -gt 0 ]; then mark=(-- --cfg linted); fi
  "${linted[@]}" env RUSTFLAGS='-C target-feature=+simd128' \
    cargo rustc --profile wasm --lib --crate-type cdylib --no-default-features --features web \
    --target wasm32-unknown-unknown "${mark[@]}"
}

# Makes dist/pkg/: JavaScript glue and the optimised module. Skipped while the compiled module is the same.
package_wasm() {
  local compiled stamp
  compiled="$(target_dir)/wasm32-unknown-unknown/wasm/s4eca.wasm"
  stamp=$(cat "$compiled" scripts/dist.sh package-lock.json | sha256sum)
  if [ -f dist/pkg/s4eca_bg.wasm ] && [ "$stamp" = "$(cat .cache/wasm.stamp 2>/dev/null)" ]; then return; fi
  step "wasm-bindgen and wasm-opt -O3" "5 min"
  rm -rf .cache/pkg .cache/wasm.stamp
  "$wasm_bindgen" --target web --no-typescript --out-dir .cache/pkg "$compiled"
  node_modules/.bin/wasm-opt -O3 "${wasm_features[@]}" .cache/pkg/s4eca_bg.wasm -o .cache/pkg/optimised.wasm
  mv .cache/pkg/optimised.wasm .cache/pkg/s4eca_bg.wasm
  mkdir -p dist
  rm -rf dist/pkg
  mv .cache/pkg dist/pkg
  printf '%s\n' "$stamp" >.cache/wasm.stamp
}

# Copies the hand-written part of the page and the weights that it loads.
copy_page() {
  local part
  for part in index.html www weights/tiny; do
    [ -e "$part" ] || die "$part is missing: restore it from the repository"
    rm -rf "dist/${part:?}"
    mkdir -p "dist/$(dirname "$part")"
    cp -R "$part" "dist/$part"
  done
  # These belong at the root.
  mv dist/www/offline/manifest.webmanifest dist/www/embed/example.html dist/
  cp www/embed/s4eca.d.ts dist/
  printf 'export * from "./www/embed/s4eca.js";\n' >dist/s4eca.js
}

# Makes dist/vendor/: the libraries that the page ships, each with the licences of everything inside it.
copy_vendor() {
  local vendor=dist/vendor
  rm -rf "$vendor"
  mkdir -p "$vendor/geotiff" "$vendor/sql.js"
  grep -v '^//# sourceMappingURL=' node_modules/geotiff/dist-browser/geotiff.js >"$vendor/geotiff/geotiff.js"
  licences geotiff @petamoriken/float16 lerc pako parse-headers quick-lru web-worker xml-utils zstddec \
    >"$vendor/geotiff/LICENSES.txt"
  cp node_modules/sql.js/dist/sql-wasm-browser.{js,wasm} "$vendor/sql.js/"
  chmod a-x "$vendor/sql.js/sql-wasm-browser.wasm"
  licences sql.js >"$vendor/sql.js/LICENSES.txt"
}

# Prints name, version, licence and licence text of packages in node_modules/.
licences() {
  local package file
  for package in "$@"; do
    node -p "const p = require('./node_modules/$package/package.json'); \`\${p.name} \${p.version}: \${p.license}\`"
    for file in "node_modules/$package"/[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*; do
      if [ -f "$file" ]; then cat "$file"; fi
    done
    printf '\n----------------------------------------\n'
  done
}

make_dist() {
  mkdir -p .cache
  compile_wasm
  package_wasm
  copy_page
  copy_vendor
  node scripts/shell.mjs dist
}
