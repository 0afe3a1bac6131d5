# Installs development tools from the package registries, at exact versions, into .cache/ and node_modules/, never into
# the system. Sourced by build.sh.

# The Rust side: the wasm target, and wasm-bindgen at the version in Cargo.lock (any other version refuses the module).
rust_tools() {
  command -v cargo >/dev/null || die "cargo is not here: install Rust (rustup, 1.95 or newer), then run this again"
  local version
  version=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock)
  [ -n "$version" ] || die "Cargo.lock names no wasm-bindgen: restore the committed Cargo.lock"
  if [ ! -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib" ]; then
    step "adding Rust's wasm target" "1 min"
    rustup target add wasm32-unknown-unknown
  fi
  local candidate
  for candidate in .cache/tools/bin/wasm-bindgen "$(command -v wasm-bindgen || true)"; do
    if [ -x "$candidate" ] && [ "$("$candidate" --version)" = "wasm-bindgen $version" ]; then
      wasm_bindgen=$candidate
      return
    fi
  done
  step "building wasm-bindgen-cli $version into .cache/tools" "5 min"
  # Not --locked: its lock file may name crate versions that the registry does not have. Lightly optimised, because it
  # runs only once per build, for seconds.
  env -u RUSTFLAGS CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off \
    cargo install --quiet wasm-bindgen-cli --version "=$version" --root .cache/tools --force
  wasm_bindgen=.cache/tools/bin/wasm-bindgen
}

# The Node side: the page's library (sql.js), wasm-opt (binaryen), and the test tools playwright-core,
# Dawn (webgpu), axe-core and lighthouse. None of their install scripts is needed.
node_tools() {
  command -v node >/dev/null && command -v npm >/dev/null || die "node or npm is not here: install Node.js 20 or newer"
  node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' ||
    die "Node.js $(node --version) is too old: install 20 or newer"
  # npm keeps a copy of the lock file that it installed from. If the copy is older than ours, ours has changed since.
  [ node_modules/.package-lock.json -nt package-lock.json ] && return
  step "npm ci: sql.js, wasm-opt, playwright-core, Dawn, axe-core, lighthouse" "2 min, 480 MB on disk"
  npm ci --ignore-scripts --no-audit --no-fund
  touch node_modules/.package-lock.json
}
