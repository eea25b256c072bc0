#!/usr/bin/env bash
# tools/build.sh PRESET [targets...]: configures and builds a preset below build/. Prefers clang for host code.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=$1
shift
if [[ ! -f build/$preset/CMakeCache.txt && $preset == cpu* && -z ${CXX:-} ]]; then
  for compiler in clang++ clang++-19 clang++-16 clang++-15 clang++-14 g++; do
    command -v "$compiler" >/dev/null && { export CXX=$compiler; break; }
  done
fi
cmake --preset "$preset" ${DUEL_CMAKE_ARGUMENTS:-} >build-"$preset".log 2>&1 || { cat build-"$preset".log >&2; rm -f build-"$preset".log; exit 1; }
rm -f build-"$preset".log
if [[ $# -gt 0 ]]; then
  cmake --build "build/$preset" --target "$@"
else
  cmake --build "build/$preset"
fi
