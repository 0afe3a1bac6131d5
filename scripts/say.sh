# How the other scripts speak: sourced, never run.

# A step that may take a while, with the longest it should take on two cores from nothing, and the time since the start.
step() { printf '\n==> [%d min] %s (at most %s)\n' "$((SECONDS / 60))" "$1" "$2"; }

# Tests that cannot run here. Lines of this form, from here or from a test, are repeated at the end of `./build.sh test`.
skips=()
skip() {
  skips+=("$1")
  printf '\n!!! SKIPPED: %s\n' "$1" >&2
}

die() {
  printf 'build.sh: %s\n' "$1" >&2
  exit 1
}

# Where cargo puts what it builds.
target_dir() { printf '%s' "${CARGO_TARGET_DIR:-target}"; }
