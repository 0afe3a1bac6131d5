# What tests need from the operating system: Chromium, lavapipe (Mesa's Vulkan on the CPU), independent readers for the
# files that the page writes (GDAL and Pillow, with Python), and an encoder of JPEG XL. Sourced by build.sh.
# Installs them on Debian or Ubuntu if root or a password-less sudo is available; otherwise the tests that need them are
# reported as skipped.

# Dawn refuses the lavapipe of Mesa 22.3, which Debian 12 ships. These tests were written against 25.
mesa_wanted=25

at_least() { dpkg --compare-versions "${1:-0}" ge "$2"; }
installed_version() { dpkg-query --show --showformat '${Version}' "$1" 2>/dev/null || true; }
candidate_version() { apt-cache policy "$1" | awk '/Candidate:/ && $2 != "(none)" { print $2 }'; }

find_chromium() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    [ -n "$name" ] && command -v "$name" && return
  done
  return 1
}

# Adds the backports of this Debian release, from the mirror that apt already uses. If apt then fails, removes them
# again and so leaves the system as it was.
add_backports() {
  local release=$1 uri list=/etc/apt/sources.list.d/$1-backports.list
  local key=/usr/share/keyrings/debian-archive-keyring.gpg
  uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $release" 'Component: main' |
    head -n 1)
  [ -n "$uri" ] && [ -f "$key" ] || return 1
  printf 'deb [signed-by=%s] %s %s-backports main\n' "$key" "$uri" "$release" | "${as_root[@]}" tee "$list" >/dev/null
  "${as_root[@]}" apt-get update -qq && return
  "${as_root[@]}" rm -f "$list"
  return 1
}

install_mesa() {
  local release options=()
  if ! at_least "$(candidate_version mesa-vulkan-drivers)" "$mesa_wanted"; then
    release=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
    [ "$(. /etc/os-release && printf '%s' "$ID")" = debian ] || return 1
    grep -q "$release-backports" <<<"$(apt-cache policy)" || add_backports "$release" || return 1
    options=(--target-release "$release-backports")
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${options[@]}" mesa-vulkan-drivers >/dev/null
  at_least "$(installed_version mesa-vulkan-drivers)" "$mesa_wanted"
}

install_chromium() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends chromium >/dev/null
}

# Finds a Python with GDAL's bindings, NumPy and Pillow. Tries the system's first, because pip rarely builds GDAL.
find_gis_python() {
  local name
  command -v gdalinfo >/dev/null && command -v ogrinfo >/dev/null || return 1
  for name in "${PYTHON:-}" /usr/bin/python3 python3; do
    [ -n "$name" ] && "$name" -c 'import numpy, osgeo.gdal, PIL' 2>/dev/null && command -v "$name" && return
  done
  return 1
}

install_gis() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends gdal-bin python3-gdal python3-numpy python3-pil >/dev/null
}

install_jxl() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends libjxl-tools >/dev/null
}

# Sets chromium and gis_python to their paths, or leaves them empty and reports what is missing.
system_tools() {
  local mesa=missing cjxl
  if ! command -v apt-get >/dev/null; then
    mesa=unknown # not Debian: the tests ask Dawn itself for a lavapipe
  elif at_least "$(installed_version mesa-vulkan-drivers)" "$mesa_wanted"; then
    mesa=there
  fi
  chromium=$(find_chromium || true)
  gis_python=$(find_gis_python || true)
  cjxl=$(command -v cjxl || true)
  if [ "$mesa" = missing ] || [ -z "$chromium" ] || [ -z "$gis_python" ] || [ -z "$cjxl" ]; then
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
    if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
      step "installing Chromium, Mesa $mesa_wanted (lavapipe), GDAL, Pillow and cjxl with apt-get" "5 min"
      "${as_root[@]}" apt-get update -qq || true
      [ -n "$chromium" ] || install_chromium || true
      [ "$mesa" = there ] || ! install_mesa || mesa=there
      [ -n "$gis_python" ] || install_gis || true
      [ -n "$cjxl" ] || install_jxl || true
      chromium=$(find_chromium || true)
      gis_python=$(find_gis_python || true)
    fi
  fi
  [ "$mesa" != missing ] ||
    skip "tests on Dawn: no Mesa $mesa_wanted; install mesa-vulkan-drivers (on Debian 12 from bookworm-backports)"
  [ -n "$chromium" ] || skip "tests of the page: no Chromium; install it, or set CHROMIUM to the path of one"
  [ -n "$gis_python" ] ||
    skip "tests with georeferenced scenes: no GDAL and Pillow for Python; install gdal-bin, python3-gdal and python3-pil"
}
