# Makes the inputs of the tests in Node and in Chromium from scratch, with the native program. Sourced by build.sh.

# A copy of dist/ with more bundles beside the shipped weights. dist/ itself stays as it is shipped.
site_dir=$PWD/.cache/fixtures/site
# Images, phrases and the native program's masks; tests/node/agreement.test.mjs describes the format.
expected_dir=$PWD/.cache/fixtures/expected
# Georeferenced scenes, pictures and broken files, with a catalogue of what GDAL reads in them.
scenes_dir=$PWD/.cache/fixtures/scenes

# Writes the native answers of one bundle of the site.
expect_of() {
  local program=$1 bundle=$2
  shift 2
  "$program" fixtures --weights "$site_dir/weights/$bundle" --named "../site/weights/$bundle" --prefix "$bundle" \
    --out "$expected_dir" "$@"
}

make_scenes() {
  [ -n "$gis_python" ] || return 0
  PYTHONDONTWRITEBYTECODE=1 "$gis_python" tests/scenes/make.py "$scenes_dir"
  # What the native program reads in them.
  "$1" scenes "$scenes_dir" --out "$scenes_dir/native.json"
  "$1" scenes "$scenes_dir/stored" --out "$scenes_dir/stored/native.json"
}

make_fixtures() {
  step "making scenes, bundles and expected masks" "3 min"
  local program precision
  program="$(target_dir)/release/s4eca"
  rm -rf .cache/fixtures
  mkdir -p "$expected_dir"
  cp -R dist "$site_dir"
  make_scenes "$program"
  # Masks of random weights have no edges. A minute of training on the easiest scenes gives masks worth comparing.
  "$program" train --preset micro --encoders random weights/tiny --data synthetic-plots --device cpu --run .cache/fixtures/micro-run \
    --steps 1500 --batch 8 --phrases-per-scene 4 --learning-rate 2e-3 --warmup 20 --validation-samples 16 \
    --validate-every 1500 --checkpoint-every 500
  "$program" quantize --run .cache/fixtures/micro-run --precision q8 --out "$site_dir/weights/micro"
  "$program" quantize --run .cache/fixtures/micro-run --precision q4 --out "$site_dir/weights/micro-q4"
  expect_of "$program" micro
  expect_of "$program" micro-q4
  expect_of "$program" tiny --count 1
  for precision in q8 q4; do
    "$program" quantize --bundle weights/tiny --precision "$precision" --out "$site_dir/weights/tiny-$precision"
    expect_of "$program" "tiny-$precision" --count 1
  done
}
