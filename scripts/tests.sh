# `./build.sh test`. Sourced by build.sh.

# Runs a test stage. Its output is kept for counting. A failure is recorded, and the next stage runs anyway.
stage() {
  local name=$1
  shift
  if ! "$@" 2>&1 | tee -a .cache/tests.log; then failures+=("$name"); fi
}

rust_tests() {
  step "compiling, linting and running the native tests" "25 min"
  "${linted[@]}" cargo test --release --features "$features" --no-fail-fast
}

# Pages, workers and Node have different globals, so each has a configuration of its own.
check_types() {
  local project failed=0
  step "checking the types of the JavaScript" "10 s"
  for project in tsconfig.json tsconfig.workers.json tsconfig.node.json tsconfig.tests.json; do
    node_modules/.bin/tsc -p "$project" || failed=1
  done
  return "$failed"
}

# Each file runs in its own process, one after the other: software GPUs take all cores.
node_tests() {
  local files
  shopt -s nullglob
  files=(tests/node/*.test.mjs)
  if [ -n "$chromium" ]; then files+=(tests/page/*.test.mjs); fi
  shopt -u nullglob
  step "tests of the wasm module in Node and of the page in Chromium" "20 min"
  S4ECA_PKG=$PWD/dist/pkg DIST=$site_dir EXPECTED_DIR=$expected_dir CHROMIUM=$chromium \
    SCENES_DIR=${gis_python:+$scenes_dir} PYTHON=$gis_python S4ECA=$(target_dir)/release/s4eca PYTHONDONTWRITEBYTECODE=1 \
    node --test --test-concurrency=1 --test-reporter=spec "${files[@]}"
}

# Adds up the counts of cargo ('test result: ok. 3 passed; 0 failed; 1 ignored') and node ('ℹ pass 3'). A stage that
# failed without a failed test, such as a build, counts as one failure.
totals() {
  awk -v stages="${#failures[@]}" '/^test result: / { passed += $4; failed += $6; skipped += $8 }
    $1 ~ /^(#|ℹ)$/ && $2 == "pass" { passed += $3 }
    $1 ~ /^(#|ℹ)$/ && ($2 == "fail" || $2 == "cancelled") { failed += $3 }
    $1 ~ /^(#|ℹ)$/ && ($2 == "skipped" || $2 == "todo") { skipped += $3 }
    END { if (failed < stages) failed = stages
      printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }' .cache/tests.log
}

run_tests() {
  failures=()
  # lavapipe compiles shaders for 128-bit vectors three times faster than for 256-bit ones, and tests compile many.
  export LP_NATIVE_VECTOR_WIDTH=128
  linted=(env RUSTC_WORKSPACE_WRAPPER="$PWD/scripts/clippy_first.sh")
  mkdir -p .cache
  : >.cache/tests.log
  step "fetching the encoders' public weights" "1 min"
  scripts/minilm.sh || skip "the text encoder's parity: its public weights could not be fetched"
  scripts/efficientnet.sh || skip "the visual encoder's parity: its public weights could not be fetched"
  scripts/clip_vocabulary.sh || skip "CLIP's token ids: its public vocabulary could not be fetched"
  mpi_tools
  if [ "$mpi" = yes ]; then features=mpi; fi
  stage "rustfmt" cargo fmt --check
  stage "rooms of src/ without circles" node scripts/rooms.mjs
  stage "types of the JavaScript" check_types
  stage "native tests and clippy" rust_tests
  if [ "$mpi" = yes ]; then stage "training in several processes" mpi_tests; fi
  # From here on each step depends on the previous one. This is not within an `if`, where bash would continue after a
  # failed step.
  local built
  set +e
  (
    set -e
    make_dist
    build_native
    make_fixtures
  )
  built=$?
  set -e
  if [ "$built" -eq 0 ]; then
    stage "tests in Node and Chromium" node_tests
  else
    failures+=("building the page and its fixtures")
  fi

  printf '\n'
  local one
  for one in "${skips[@]}"; do printf '!!! SKIPPED: %s\n' "$one"; done
  grep '^!!! SKIPPED: ' .cache/tests.log | sort -u || true
  for one in "${failures[@]}"; do printf 'FAILED: %s\n' "$one"; done
  totals
  [ "${#failures[@]}" -eq 0 ]
}
