# `./build.sh step`: times a training step of the same network, weights and batch here and in PyTorch, one after the
# other.
# Sourced by build.sh.

run_step() {
  local preset=${1:-tiny} batch=${2:-8} side=${3:-256} program file ours theirs
  program="$(target_dir)/release/s4eca"
  reference_venv
  file=.cache/step.safetensors
  step "timing a training step of $preset: $batch images of $side px" "2 min"
  "$program" step --preset "$preset" --batch "$batch" --side "$side" --export "$file"
  ours=$("$program" step --preset "$preset" --batch "$batch" --side "$side" --lanes "$(nproc)")
  theirs=$(.cache/reference/venv/bin/python -B tests/reference/step.py "$file" --threads "$(nproc)")
  rm -f "$file"
  printf '%s\n%s\n' "$ours" "$theirs"
  awk -v ours="$ours" -v theirs="$theirs" 'BEGIN {
    match(ours, /[0-9.]+ images/); a = substr(ours, RSTART) + 0
    match(theirs, /"images_per_second": *[0-9.]+/); split(substr(theirs, RSTART, RLENGTH), part, ":")
    printf "ours / PyTorch: %.2f\n", a / part[2] }'
}

# Makes sure that PyTorch and transformers are installed as scripts/reference.sh does it.
reference_venv() {
  cmp -s tests/reference/requirements.txt .cache/reference/installed.txt || scripts/reference.sh
}
