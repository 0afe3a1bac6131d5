#!/usr/bin/env bash
# Recomputes the reference values of the frozen encoders and compares them with tests/fixtures/encoders. Takes half a
# minute and needs Python 3.11 or newer. Differences are printed, and the exit status is then 1. The first run installs
# tests/reference/requirements.txt in .cache/reference/venv: 3 GB to download, 6 GB on disk, nearly all of it CUDA
# libraries that PyTorch brings on Linux and that are not used here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=.cache/reference
requirements=tests/reference/requirements.txt
mkdir -p "$folder"
if ! cmp -s "$requirements" "$folder/installed.txt"; then
  echo "installing PyTorch and transformers into $folder/venv"
  rm -rf "$folder/venv"
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
  cp "$requirements" "$folder/installed.txt"
fi
rm -rf "$folder/encoders"
mkdir -p "$folder/encoders"
scripts/minilm.sh
"$folder/venv/bin/python" -B tests/reference/minilm.py .cache/minilm "$folder/encoders"
scripts/efficientnet.sh
"$folder/venv/bin/python" -B tests/reference/efficientnet.py .cache "$folder/encoders"
# -B: no __pycache__ beside the sources.
exec "$folder/venv/bin/python" -B tests/reference/encoders.py "$folder/encoders" --compare tests/fixtures/encoders
