# `./build.sh bench`: one inference of the tiny weights on each engine, ours and others', in one run and one table.
# Sourced by build.sh.

bench_rounds=5
bench_phrase='the largest building on the left'
# Number of tokens of that phrase, for the peers.
bench_tokens=8
bench_folder=.cache/bench
# onnxruntime-web, for the benchmark alone.
peer_folder=.cache/peer
peer_version=1.30.0

# Adds an engine. Arguments: its name, its peer's name or -, its command.
bench_engine() {
  local name=$1 peer=$2
  shift 2
  engines+=("$(node -e 'const [name, peer, ...command] = process.argv.slice(1)
    console.log(JSON.stringify({ name, peer, command }))' "$name" "$peer" "$@")")
}

# Prepares the same network for other engines: onnxruntime in Python, onnxruntime-web in Node. Fails if they cannot be
# installed.
peer_tools() {
  reference_venv || return
  if ! grep -qs "\"version\": \"$peer_version\"" "$peer_folder/node_modules/onnxruntime-web/package.json"; then
    step "npm install: onnxruntime-web $peer_version into $peer_folder" "1 min"
    mkdir -p "$peer_folder"
    npm install --ignore-scripts --no-audit --no-fund --no-save --prefix "$peer_folder" \
      "onnxruntime-web@$peer_version" || return
  fi
  step "exporting weights/tiny to ONNX" "1 min"
  .cache/reference/venv/bin/python -B recipes/torch/onnx_export.py weights/tiny --tokens "$bench_tokens" \
    --out "$bench_folder/tiny.onnx"
}

run_bench() {
  local program engines=() threads peers=no
  program="$(target_dir)/release/s4eca"
  threads=$(nproc)
  rm -rf "$bench_folder"
  mkdir -p "$bench_folder"
  if peer_tools; then peers=yes; else skip "the engines to compare with: see above"; fi
  # The image that all of our engines segment.
  "$program" bench --save-image "$bench_folder/scene.rgba"
  local run=(--weights weights/tiny --image "$bench_folder/scene.rgba" --phrase "$bench_phrase" --time 0 --rounds)
  bench_engine "native, CPU, $threads threads" "onnxruntime, $threads threads" \
    env RAYON_NUM_THREADS="$threads" "$program" bench --device cpu "${run[@]}"
  bench_engine "native, CPU, 1 thread" "onnxruntime, 1 thread" \
    env RAYON_NUM_THREADS=1 "$program" bench --device cpu "${run[@]}"
  bench_engine "Node, CPU (wasm)" "onnxruntime-web (wasm)" node tests/node/segment.mjs --backend cpu "${run[@]}"
  if [ -n "$chromium" ]; then
    bench_engine "Chromium, CPU (wasm)" "onnxruntime-web (wasm)" \
      env CHROMIUM="$chromium" node scripts/chromium.mjs --backend cpu "${run[@]}"
  fi
  bench_engine "native, Vulkan (WGSL)" - "$program" bench --device vulkan "${run[@]}"
  bench_engine "Node, WebGPU (Dawn)" "onnxruntime-web (Dawn)" node tests/node/segment.mjs --backend webgpu "${run[@]}"
  if [ "$peers" = yes ]; then bench_peers; fi
  (IFS=, && printf '[%s]\n' "${engines[*]}") >"$bench_folder/engines.json"
  step "$bench_rounds rounds of every engine in turn" "20 min"
  node scripts/rounds.mjs "$bench_folder/engines.json" "$bench_rounds"
  if [ -n "$chromium" ]; then
    step "a first visit on a line of 20 Mbit/s, three times" "2 min"
    CHROMIUM="$chromium" node scripts/cold.mjs --rounds 3
  fi
}

# Adds the engines that ours are compared with.
bench_peers() {
  local network=$bench_folder/tiny.onnx count
  for count in "$threads" 1; do
    bench_engine "onnxruntime, $count thread$([ "$count" = 1 ] || printf s)" - \
      .cache/reference/venv/bin/python -B tests/reference/onnx_rounds.py "$network" --threads "$count"
  done
  local web=(node tests/node/onnx_rounds.mjs --runtime "$peer_folder" --tokens "$bench_tokens" --network "$network")
  bench_engine "onnxruntime-web (wasm)" - "${web[@]}" --backend wasm
  bench_engine "onnxruntime-web (Dawn)" - "${web[@]}" --backend webgpu
}
