# `./build.sh bench`: one inference of the tiny weights on each engine, in one run and one table. Sourced by build.sh.

bench_repeats=5
bench_phrase='the largest building on the left'

# Adds an engine's line to the table, or says that there is none.
bench_engine() {
  local name=$1 line
  shift
  step "$name" "5 min"
  if line=$("$@" | tail -n 1) && [ -n "$line" ]; then
    printf '{"name":"%s","report":%s}\n' "$name" "$line" >>"$bench_lines"
  else
    skip "$name: it did not run, see above"
  fi
}

run_bench() {
  local folder=.cache/bench program
  bench_lines=$folder/lines.jsonl
  program="$(target_dir)/release/s4eca"
  rm -rf "$folder"
  mkdir -p "$folder"
  # The image that all of them segment.
  "$program" bench --save-image "$folder/scene.rgba"
  local run=(--weights weights/tiny --image "$folder/scene.rgba" --phrase "$bench_phrase" --time "$bench_repeats")
  # Each a process of its own, so that each starts cold.
  bench_engine "native, CPU (flex)" "$program" bench --device cpu "${run[@]}"
  bench_engine "native, Vulkan (WGSL)" "$program" bench --device vulkan "${run[@]}"
  bench_engine "Node, WebGPU (Dawn)" node tests/node/segment.mjs --backend webgpu "${run[@]}"
  bench_engine "Node, CPU (wasm)" node tests/node/segment.mjs --backend cpu "${run[@]}"
  if [ -n "$chromium" ]; then
    bench_engine "Chromium, CPU (wasm)" env CHROMIUM="$chromium" node scripts/chromium.mjs --backend cpu "${run[@]}"
  fi
  node scripts/table.mjs "$bench_lines"
}
