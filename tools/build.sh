#!/usr/bin/env bash
# tools/build.sh PRESET [TARGET...]: configures and builds a preset below build/. Prefers clang for host code. Further
# arguments for CMake stand in DUEL_CMAKE_ARGUMENTS. Exit codes: 0 built, 1 failed, 2 usage.
set -euo pipefail
cd "$(dirname "$0")/.."

# The lines above, and the presets by name.
usage() {
  sed -n '2,/^set /s/^# //p' tools/build.sh
  printf '\nPresets:\n'
  sed -n 's/.*{ "name": "\([^"]*\)", "inherits": .*"displayName": "\([^"]*\)".*/\1 \2/p' CMakePresets.json |
    while read -r name title; do printf '  %-14s %s\n' "$name" "$title"; done
}
wrong_usage() {
  { echo "build: $1"; usage; } >&2
  exit 2
}

[[ -n ${1:-} ]] || wrong_usage "expected a preset"
[[ $1 != --help && $1 != -h ]] || { usage | cat || exit 6; exit 0; }
preset=$1
shift
[[ $preset != -* ]] || wrong_usage "there is no preset '$preset'"
if [[ ! -f build/$preset/CMakeCache.txt && $preset == cpu* && -z ${CXX:-} ]]; then
  for compiler in clang++ clang++-19 clang++-16 clang++-15 clang++-14 g++; do
    command -v "$compiler" >/dev/null && { export CXX=$compiler; break; }
  done
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! cmake --preset "$preset" ${DUEL_CMAKE_ARGUMENTS:-} >"$log" 2>&1; then
  ! grep -q "^CMake Error: No such preset" "$log" || wrong_usage "there is no preset '$preset'"
  cat "$log" >&2
  exit 1
fi
if [[ $# -gt 0 ]]; then
  cmake --build "build/$preset" --target "$@"
else
  cmake --build "build/$preset"
fi
