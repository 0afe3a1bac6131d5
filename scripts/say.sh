# Messages and helpers for the other scripts. Sourced, never run.

# Announces a step that may take a while, with the longest time it should take from scratch on two cores, and the time
# since the start.
step() { printf '\n==> [%d min] %s (at most %s)\n' "$((SECONDS / 60))" "$1" "$2"; }

# Reports tests that cannot run here. `./build.sh test` repeats lines of this form at its end, from here or from a test.
skips=()
skip() {
  skips+=("$1")
  printf '\n!!! SKIPPED: %s\n' "$1" >&2
}

die() {
  printf 'build.sh: %s\n' "$1" >&2
  exit 1
}

# The folder of cargo's build output.
target_dir() { printf '%s' "${CARGO_TARGET_DIR:-target}"; }
