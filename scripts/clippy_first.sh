#!/usr/bin/env bash
# Cargo's RUSTC_WORKSPACE_WRAPPER in `./build.sh test`: clippy on the crate's own code, warnings denied, and then the
# real compiler with the same arguments. `cargo clippy` would check every dependency a second time (minutes for each
# target on two cores), and clippy-driver's own code generation is not the compiler's (it turns MIR optimisation off).
set -euo pipefail

arguments=()
out=
expect=
for argument in "$@"; do
  case $expect in
  out) argument=$out ;;
  emit) argument=metadata ;;
  esac
  expect=
  case $argument in
  --out-dir)
    out=$(mktemp -d)
    trap 'rm -rf "$out"' EXIT # when clippy fails: exec below runs no trap
    expect=out
    ;;
  --emit) expect=emit ;;
  --emit=*) argument=--emit=metadata ;;
  # What is written here is nothing that cargo should wait for or use.
  --json=*) argument=${argument/,artifacts/} ;;
  esac
  # Two compilations must not share one cache.
  [[ $argument == incremental=* ]] && argument=incremental=$out
  arguments+=("$argument")
done

# Without an output folder cargo only asks the compiler what it is.
if [ -n "$out" ] && [ -n "${CARGO_PRIMARY_PACKAGE:-}" ]; then
  CLIPPY_ARGS='-Dwarnings__CLIPPY_HACKERY__' clippy-driver "${arguments[@]}"
fi
rm -rf "$out"
exec "$@"
