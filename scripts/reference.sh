#!/usr/bin/env bash
# Makes the reference values of the frozen encoders again and compares them with tests/fixtures/encoders: half a minute,
# with Python 3.11 or newer. What differs is printed, and the exit status is 1 then. The first run installs
# tests/reference/requirements.txt in .cache/reference/venv: 3 GB to download, 6 GB on disk, nearly all of it the CUDA
# libraries that PyTorch brings on Linux and that nothing here uses.
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
