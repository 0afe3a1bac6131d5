#!/usr/bin/env bash
# Cargo's RUSTC_WORKSPACE_WRAPPER in `./build.sh test`: runs clippy on the crate's own code and rustdoc on its library,
# with warnings denied, and then the real compiler with the same arguments. `cargo clippy` would check every dependency
# a second time (minutes per target on two cores). clippy-driver alone will not do: its code generation differs from the
# compiler's (it turns MIR optimisation off).
set -euo pipefail

# Runs rustdoc with those of the compiler's arguments that it takes.
document() {
  local argument expect= documented=()
  for argument in "$@"; do
    case $expect$argument in
    value*) documented+=("$argument") expect= ;;
    --crate-name | --cfg | --check-cfg | --extern | -L) documented+=("$argument") expect=value ;;
    --edition=* | *.rs) documented+=("$argument") ;;
    esac
  done
  rustdoc "${documented[@]}" -D warnings --out-dir "$out/doc"
}

arguments=()
out=
expect=
is_library=
for argument in "$@"; do
  case $expect in
  type) if [ "$argument" = rlib ]; then is_library=yes; fi ;;
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
  --crate-type) expect=type ;;
  --emit=*) argument=--emit=metadata ;;
  # Cargo must not wait for or use the files that are written here.
  --json=*) argument=${argument/,artifacts/} ;;
  esac
  # Two compilations must not share a cache.
  [[ $argument == incremental=* ]] && argument=incremental=$out
  arguments+=("$argument")
done

# Without an output folder cargo only asks the compiler what it is.
if [ -n "$out" ] && [ -n "${CARGO_PRIMARY_PACKAGE:-}" ]; then
  CLIPPY_ARGS='-Dwarnings__CLIPPY_HACKERY__' clippy-driver "${arguments[@]}"
  if [ -n "$is_library" ]; then document "$@"; fi
fi
rm -rf "$out"
exec "$@"
