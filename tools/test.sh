#!/usr/bin/env bash
# tools/test.sh [--full]: installs what is missing, builds everything and runs the tests that this machine can run.
#   cpu           build with warnings as errors, all tests; with --full clang-tidy too, and many more runs that are killed
#                 and resumed
#   cpu-asan      the kernels' and the CPU device's tests once more under AddressSanitizer and UBSan; the large shapes of
#                 training, whose edges the small ones have too, with --full only
#   cpu-portable  kernel_lab with kernels for several levels of x86-64 (tools/check_portable.sh): one op, with --full all
#   cpu-race      the checked device over every kernel and variant: all cases but the shapes of training in a random
#                 order, of those the smallest by the recorded traffic; the broken kernels; with --full all cases in three orders, and the
#                 kernels' tests too
#   cuda-compile  where nvcc is there: all GPU code, spills as errors, for two architectures; with --full for all, tests too
#                 then compares the kernels' registers, memory and occupancy with kernels/resources.csv, and their
#                 machine code with kernels/budgets.csv where cuobjdump is there
# Ends with ctest's summary. Exit code 0 only if everything passed.
set -euo pipefail
cd "$(dirname "$0")/.."
full=false
case "$# $*" in
  '0 ') ;;
  '1 --full') full=true ;;
  '1 --help' | '1 -h') sed -n '2,/^set /s/^# \{0,1\}//p' tools/test.sh || exit 6; exit 0 ;;
  *) echo "test: expected nothing or --full, found '$*'" >&2 && exit 2 ;;
esac

tools/setup.sh --tests

step() { printf '\n== %s\n' "$*"; }
# Runs a command; shows all it said where it fails, else the last lines.
briefly() {
  local lines=$1 log
  shift
  log=$(mktemp)
  "$@" >"$log" 2>&1 || { cat "$log"; rm -f "$log"; exit 1; }
  tail -n "$lines" "$log"
  rm -f "$log"
}

if command -v clang-format >/dev/null; then
  step "format"
  git ls-files '*.h' '*.cpp' '*.cu' '*.cuh' | xargs clang-format --dry-run --Werror
else
  step "format: skipped, clang-format is not installed"
fi

# Several files at a time to the host compiler: most of its time goes to headers. With --full one build takes each file
# by itself.
together=-DCMAKE_UNITY_BUILD=ON
if command -v nvcc >/dev/null; then
  # No host code of this build runs but kernel_resources: it is not optimised.
  architectures='75;120'
  options="-DDUEL_TESTS=OFF -DCMAKE_CXX_FLAGS_RELEASE=-O0 -DCMAKE_CUDA_FLAGS_RELEASE=-O0 $together"
  if $full; then
    architectures=all options='-DDUEL_TESTS=ON -UCMAKE_CXX_FLAGS_RELEASE -UCMAKE_CUDA_FLAGS_RELEASE -DCMAKE_UNITY_BUILD=OFF'
  fi
  step "cuda-compile ($architectures)"
  export DUEL_CMAKE_ARGUMENTS="-DDUEL_CUDA_ARCHITECTURES=$architectures -DDUEL_WARNINGS_AS_ERRORS=ON $options"
  briefly 1 tools/build.sh cuda-compile
  resources=build/cuda-compile/tools/kernel_resources/kernel_resources
  briefly 1 "$resources" build/cuda-compile --check kernels/resources.csv
  briefly 1 "$resources" build/cuda-compile --sass --check kernels/budgets.csv
else
  step "cuda-compile: skipped, nvcc is not installed"
fi

export DUEL_CMAKE_ARGUMENTS="-DDUEL_WARNINGS_AS_ERRORS=ON $together"
step "cpu-asan: the CPU device, the runtime and every kernel"
briefly 1 tools/build.sh cpu-asan kernels_tests
large=': the shapes of training|level ops: every schedule'
if $full; then left_out=(); else left_out=(-E "$large"); fi
briefly 5 ctest --test-dir build/cpu-asan --no-tests=error --output-on-failure -j "$(nproc)" -L kernels "${left_out[@]}"

step "cpu-portable: kernels for every level of the processor"
briefly 1 tools/build.sh cpu-portable kernel_lab
if $full; then ops=(); else ops=(--op linear_forward --no-training-shapes); fi
briefly 5 tools/check_portable.sh build/cpu-portable "${ops[@]}"

if compiler=$("${CXX:-clang++}" --version 2>/dev/null) && [[ $compiler == *clang* ]]; then
  step "cpu-race: the checked device"
  if $full; then targets=(kernels_tests tools_tests test_levels kernel_lab); else targets=(test_checked test_traffic_kernels test_broken_kernels test_levels kernel_lab); fi
  briefly 1 tools/build.sh cpu-race "${targets[@]}"
  if $full; then tests=(-L 'kernels|tools'); else tests=(-R '^test_(checked|traffic_kernels|broken_kernels|levels):'); fi
  briefly 5 ctest --test-dir build/cpu-race --no-tests=error --output-on-failure -j "$(nproc)" "${tests[@]}"
  if $full; then build/cpu-race/tests/test_levels; fi
  # The checked device runs on one thread: two processes take every other op each.
  lab=build/cpu-race/tools/kernel_lab/kernel_lab
  mapfile -t ops < <("$lab" list --format csv | tail -n +2 | cut -d, -f1 | sort -u)
  halves=("" "")
  for i in "${!ops[@]}"; do halves[i % 2]+=" --op ${ops[i]}"; done
  read -ra first <<<"${halves[0]}"
  read -ra second <<<"${halves[1]}"
  if $full; then how=(--schedules all) counted=(); else how=(--no-training-shapes) counted=(--smallest); fi
  verify() {
    briefly 2 "$lab" verify "${how[@]}" "$@"
    briefly 1 "$lab" counters --check "${counted[@]}" "$@"
  }
  verify "${first[@]}" &
  other=$!
  verify "${second[@]}"
  wait "$other"
else
  step "cpu-race: skipped, the checked device needs clang"
fi

step "cpu"
briefly 1 tools/build.sh cpu
if $full && command -v clang-tidy >/dev/null; then
  step "clang-tidy: host code"
  git ls-files 'files/*.cpp' 'kernels/*.cpp' 'engine/*.cpp' 'app/*.cpp' 'apps/*.cpp' | xargs -P "$(nproc)" -n 4 clang-tidy -p build/cpu --quiet
fi
ctest --test-dir build/cpu --no-tests=error --output-on-failure -j "$(nproc)"
if $full; then
  step "cpu: every operation on a file fails, with every error, and every one kills"
  DUEL_FULL_TESTS=1 build/cpu/tests/test_file_faults
  step "cpu: every call of the device's runtime fails"
  DUEL_FULL_TESTS=1 build/cpu/tests/test_device_failures
  step "cpu: trainings that are killed and resumed"
  DUEL_RESUME_ROUNDS=15 build/cpu/tests/test_resume_run 'a run that was killed*'
  tests/apps/kill_and_resume.py build/cpu/apps/mnist_gan/mnist_gan --kills 20 --epochs 400
fi
