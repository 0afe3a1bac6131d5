# What the feature `mpi` needs from the operating system: Open MPI, and libclang for the bindings that the crate `mpi`
# generates. Sourced by build.sh, after say.sh.
# Installs them if apt-get and root or a password-less sudo are available; otherwise the tests are reported as skipped.

mpi_packages=(openmpi-bin libopenmpi-dev libclang-dev)

has_libclang() {
  [ -n "${LIBCLANG_PATH:-}" ] || command -v llvm-config >/dev/null || grep -q libclang <<<"$(ldconfig -p 2>/dev/null)" ||
    compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' >/dev/null
}

# Any MPI with the usual commands works, MPICH too.
has_mpi() { command -v mpicc >/dev/null && command -v mpirun >/dev/null && has_libclang; }

# Sets mpi to yes, or leaves it empty and reports what is missing.
mpi_tools() {
  mpi=
  if ! has_mpi; then
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
    if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
      step "installing Open MPI and libclang with apt-get" "3 min"
      "${as_root[@]}" apt-get update -qq || true
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${mpi_packages[@]}" >/dev/null || true
      hash -r
    fi
  fi
  if has_mpi; then
    mpi=yes
  else
    skip "training on several processes: no MPI; install ${mpi_packages[*]} (Debian, Ubuntu) or what provides mpicc, \
mpirun and libclang"
  fi
}

# Builds the program with the feature `mpi` and runs its tests.
mpi_tests() {
  local options=(mpirun)
  if grep -q 'Open MPI' <<<"$(mpirun --version 2>/dev/null)"; then
    options+=(--oversubscribe --bind-to none)
    if [ "$(id -u)" -eq 0 ]; then options+=(--allow-run-as-root); fi
  fi
  step "compiling with MPI and training in several processes" "5 min"
  "${linted[@]}" cargo build --release --features mpi || return
  S4ECA="$(target_dir)/release/s4eca" MPIRUN="${options[*]}" node --test --test-reporter=spec tests/mpi/*.test.mjs
}
