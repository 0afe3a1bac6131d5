# Fuzzing, see fuzz/README.md. Sourced by build.sh.

# Targets, and those of the weights, which need many crates more.
fuzz_light=(tiff geo world_file wkt aux_xml picture jpeg rle pickle torch safetensors checkpoint phrase archive)
fuzz_weights=(manifest burnpack tokenizer)

# The flags of cargo-fuzz without a sanitizer, for stable Rust: coverage for libFuzzer, and overflow is an error.
fuzz_flags="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
  -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Cdebug-assertions -Coverflow-checks=yes"

# The folder of the built targets. Flags hold for build scripts too unless a target is named.
fuzz_host() { rustc -vV | sed -n 's/^host: //p'; }

# build_fuzz TARGET...
build_fuzz() {
  local target options=()
  for target in "$@"; do
    options+=(--bin "$target")
    case " ${fuzz_weights[*]} " in *" $target "*) options+=(--features weights) ;; esac
  done
  step "compiling the fuzz targets" "4 min; 10 min with those of the weights"
  RUSTFLAGS=$(echo $fuzz_flags) cargo build --release --manifest-path fuzz/Cargo.toml --target "$(fuzz_host)" \
    "${options[@]}"
}

# fuzz_one TARGET SECONDS: a line of the table; fails on a finding.
fuzz_one() {
  local log=fuzz/logs/$1.log program found=no runs peak seconds code=0
  program=fuzz/target/$(fuzz_host)/release/$1
  mkdir -p fuzz/logs "fuzz/corpus/$1" "fuzz/artifacts/$1" "fuzz/seeds/$1"
  "$program" "fuzz/corpus/$1" "fuzz/seeds/$1" -artifact_prefix="fuzz/artifacts/$1/" \
    -max_total_time="$2" -timeout=5 -max_len=1048576 -rss_limit_mb=2048 -print_final_stats=1 >"$log" 2>&1 || code=$?
  [ "$code" = 0 ] || found=$(sed -n 's/.*Test unit written to //p' "$log" | tail -1)
  case "$found" in *timeout-*)
    # On a busy machine the clock runs faster than the program.
    seconds=$(TIMEFORMAT=%U; { time "$program" -timeout=60 "$found" >/dev/null 2>&1; } 2>&1) || true
    if awk -v seconds="$seconds" 'BEGIN { exit seconds >= 5 }'; then rm -f "$found"; found=no code=0; fi
    ;;
  esac
  [ -n "$found" ] || found="exit code $code, see $log"
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  peak=$(sed -n 's/^peak: //p' "$log" | tail -1)
  printf '%-12s %12s %10s %11s  %s\n' "$1" "${runs:-?}" \
    "$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")" "${peak:--}" "$found"
  return "$code"
}

# run_fuzz [SECONDS] [TARGET...]: without targets, all but those of the weights.
run_fuzz() {
  local seconds=60 target failed=no
  case "${1:-}" in [0-9]*) seconds=$1 && shift ;; esac
  [ $# -gt 0 ] || set -- "${fuzz_light[@]}"
  for target in "$@"; do
    case " ${fuzz_light[*]} ${fuzz_weights[*]} " in
    *" $target "*) ;;
    *) die "there is no fuzz target $target: choose from ${fuzz_light[*]} ${fuzz_weights[*]}" ;;
    esac
  done
  build_fuzz "$@"
  python3 fuzz/seeds.py .cache/fixtures/scenes fuzz/seeds
  step "fuzzing $# targets" "$((seconds * $#)) s"
  printf '%-12s %12s %10s %11s  %s\n' target executions "per s" "peak" findings
  for target in "$@"; do
    fuzz_one "$target" "$seconds" || failed=yes
  done
  [ "$failed" = no ] || die "the inputs of the findings are in fuzz/artifacts, the messages in fuzz/logs"
}
