#!/usr/bin/env bash
# The whole set-up and every build step. Needs Rust (rustup), Node.js 20 and, to install what the tests need, Debian's
# apt-get.
#   ./build.sh               builds dist/, a folder that any static host can serve, and prints its sizes
#   ./build.sh serve [PORT]  builds dist/ and serves it on this machine (8000)
#   ./build.sh test          format, lints, types and every test, natively and in browsers
#   ./build.sh bench         times one inference on each engine, ours and others (downloads 3 GB the first time)
#   ./build.sh step          times a training step here and in PyTorch (downloads 3 GB the first time)
#   ./build.sh mpi           tests training in several processes over MPI
#   ./build.sh fuzz [SECONDS] [TARGET...]  fuzzes each reader of foreign bytes for 60 seconds, see fuzz/README.md
# Downloads stay in .cache/ and node_modules/; a second run repeats only the steps whose inputs have changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for part in say tools system dist fixtures bench step mpi fuzz tests; do . "scripts/$part.sh"; done

# The command prefix under which cargo also lints; `./build.sh test` sets it.
linted=()

# One feature set and one profile for all native code, so everything is built once. `./build.sh test` adds MPI.
features=native
build_native() {
  step "compiling the native program" "20 min, seconds when nothing has changed"
  "${linted[@]}" cargo build --release --features "$features"
}

case "${1:-}" in
'')
  rust_tools
  node_tools
  make_dist
  node scripts/sizes.mjs
  ;;
serve)
  rust_tools
  node_tools
  make_dist
  exec node scripts/serve.mjs "${2:-8000}"
  ;;
test)
  rust_tools
  node_tools
  system_tools
  run_tests
  ;;
bench)
  rust_tools
  node_tools
  system_tools
  make_dist
  build_native
  run_bench "${@:2}"
  ;;
step)
  build_native
  run_step "${@:2}"
  ;;
mpi)
  mpi_tools
  [ "$mpi" = yes ] || die "no MPI: see above"
  mpi_tests
  ;;
fuzz)
  run_fuzz "${@:2}"
  ;;
*)
  die "'$1' is not known: ./build.sh, ./build.sh serve [PORT], ./build.sh test, ./build.sh bench,
  ./build.sh step, ./build.sh mpi or ./build.sh fuzz [SECONDS] [TARGET...]"
  ;;
esac
