# Makes dist/, the page in a form that any static host can serve. Sourced by build.sh, after tools.sh has run.

# The features that rustc assumes of every wasm engine, and SIMD. Without these options wasm-opt refuses the module.
wasm_features=(
  --enable-simd --enable-bulk-memory --enable-bulk-memory-opt --enable-nontrapping-float-to-int --enable-sign-ext
  --enable-mutable-globals --enable-reference-types --enable-multivalue
)

# Compiles a wasm module from the crate to .cache/compiled/FEATURE.wasm: its profile and its feature are given.
# Modules of one profile share what they both need, and the name of cargo's output. So the output is removed before, and
# copied after: what is there then is of this feature.
#
# `./build.sh test` also lints it. The file name is the same with and without the lint, so cargo would take a module
# that was never linted for an up-to-date one. The cfg prevents that.
compile_wasm() {
  local profile=$1 feature=$2 mark=() output
  output="$(target_dir)/wasm32-unknown-unknown/$profile/s4eca.wasm"
  rm -f "$output" ".cache/compiled/$feature.wasm"
  if [ "${#linted[@]}" -gt 0 ]; then mark=(-- --cfg linted); fi
  "${linted[@]}" env RUSTFLAGS='-C target-feature=+simd128' \
    cargo rustc --profile "$profile" --lib --crate-type cdylib --no-default-features --features "$feature" \
    --target wasm32-unknown-unknown "${mark[@]}"
  mkdir -p .cache/compiled
  cp "$output" ".cache/compiled/$feature.wasm"
}

# Puts the compiled module of a feature into dist/pkg/ under a name: its JavaScript glue, the module optimised, and the
# licences of the crates in it. Skipped while the compiled module is the same.
package_wasm() {
  local feature=$1 name=$2 compiled=.cache/compiled/$1.wasm stamp
  stamp=$(cat "$compiled" scripts/dist.sh package-lock.json | sha256sum)
  if [ -f "dist/pkg/${name}_bg.wasm" ] && [ "$stamp" = "$(cat ".cache/$name.stamp" 2>/dev/null)" ]; then return; fi
  step "wasm-bindgen and wasm-opt -O3: $name" "5 min, 1 min for the others than s4eca"
  rm -rf .cache/pkg ".cache/$name.stamp"
  "$wasm_bindgen" --target web --no-typescript --out-name "$name" --out-dir .cache/pkg "$compiled"
  node_modules/.bin/wasm-opt -O3 "${wasm_features[@]}" ".cache/pkg/${name}_bg.wasm" -o .cache/pkg/optimised.wasm
  mkdir -p dist/pkg
  mv .cache/pkg/optimised.wasm "dist/pkg/${name}_bg.wasm"
  mv ".cache/pkg/$name.js" "dist/pkg/$name.js"
  node scripts/licences.mjs "$feature" >"dist/pkg/$name.LICENSES.txt"
  printf '%s\n' "$stamp" >".cache/$name.stamp"
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

# Makes dist/vendor/: the library that the page ships, with its licence.
copy_vendor() {
  local vendor=dist/vendor
  rm -rf "$vendor"
  mkdir -p "$vendor/sql.js"
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
  step "compiling the wasm modules" "14 min"
  compile_wasm wasm-scene scene
  package_wasm scene s4eca_scene
  compile_wasm wasm-scene scene-full
  package_wasm scene-full s4eca_scene_full
  compile_wasm wasm web
  package_wasm web s4eca
  compile_wasm wasm teach
  package_wasm teach s4eca_teach
  copy_page
  copy_vendor
  node scripts/shell.mjs dist
}
