#!/usr/bin/env bash
# tools/test.sh [--full]: installs what is missing, builds everything and runs every test that this machine can run.
#   cpu           build with warnings as errors, all tests
#   cpu-asan      the kernels' and the CPU device's tests once more under AddressSanitizer and UBSan
#   cuda-compile  where nvcc is there: all GPU code, spills as errors; two architectures, with --full all of them
# Ends with ctest's summary. Exit code 0 only if everything passed.
set -euo pipefail
cd "$(dirname "$0")/.."
full=false
[[ ${1:-} == --full ]] && full=true

tools/setup.sh --tests

step() { printf '\n== %s\n' "$*"; }

if command -v clang-format >/dev/null; then
  step "format"
  git ls-files '*.h' '*.cpp' '*.cu' '*.cuh' | xargs clang-format --dry-run --Werror
else
  step "format: skipped, clang-format is not installed"
fi

if command -v nvcc >/dev/null; then
  architectures='75;120'
  $full && architectures=all
  step "cuda-compile ($architectures)"
  DUEL_CMAKE_ARGUMENTS="-DDUEL_CUDA_ARCHITECTURES=$architectures -DDUEL_WARNINGS_AS_ERRORS=ON" tools/build.sh cuda-compile | tail -n 1
else
  step "cuda-compile: skipped, nvcc is not installed"
fi

step "cpu-asan: the CPU device, the runtime and every kernel"
DUEL_CMAKE_ARGUMENTS="-DDUEL_WARNINGS_AS_ERRORS=ON" tools/build.sh cpu-asan kernels_tests | tail -n 1
ctest --test-dir build/cpu-asan --output-on-failure -j "$(nproc)" -L kernels | tail -n 8

step "cpu"
DUEL_CMAKE_ARGUMENTS="-DDUEL_WARNINGS_AS_ERRORS=ON" tools/build.sh cpu | tail -n 1
ctest --test-dir build/cpu --output-on-failure -j "$(nproc)"
