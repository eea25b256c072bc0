#!/usr/bin/env bash
# tools/fuzz.sh [SECONDS [TARGET...]]: builds the preset cpu-fuzz (clang) and lets libFuzzer feed the readers of foreign
# bytes, or the named ones, each for so long (60 s).
# Inputs that reach new code are kept in build/cpu-fuzz/inputs/TARGET, and the next run begins with them. An input on
# which a reader fails is left as build/cpu-fuzz/found/TARGET-*: mend the reader, and put the input into
# tests/fuzz/corpus/TARGET, where the tests find it. Exit codes: 0 no failure, 1 some, 2 usage.
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t names < <(sed -n 's/^ *{"\([a-z_]*\)", read_.*/\1/p' tests/fuzz/targets.cpp)

# The lines above, and the targets by name.
usage() {
  sed -n '2,/^set /s/^# //p' tools/fuzz.sh
  printf '\nTargets: %s\n' "${names[*]}"
}
wrong_usage() {
  { echo "fuzz: $1"; usage; } >&2
  exit 2
}

[[ ${1:-} != --help && ${1:-} != -h ]] || { usage | cat || exit 6; exit 0; }
seconds=${1-60}
[[ $seconds =~ ^[0-9]+$ ]] || wrong_usage "expected a number of seconds, found '$seconds'"
shift $(($# > 0))
for target in "$@"; do
  [[ " ${names[*]} " == *" $target "* ]] || wrong_usage "expected one of the targets, found '$target'"
done

tools/build.sh cpu-fuzz fuzz
fuzz=build/cpu-fuzz/tests/fuzz/fuzz
targets=("$@")
[[ $# -gt 0 ]] || mapfile -t targets < <("$fuzz")  # those that this build has

mkdir -p build/cpu-fuzz/found
failed=()
for target in "${targets[@]}"; do
  inputs=build/cpu-fuzz/inputs/$target corpus=tests/fuzz/corpus/$target
  mkdir -p "$inputs"
  folders=("$inputs")
  [[ -d $corpus ]] && folders+=("$corpus")
  printf '== %s, %d s\n' "$target" "$seconds"
  "$fuzz" "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=256 -max_len=8192 \
    -artifact_prefix="build/cpu-fuzz/found/$target-" -print_final_stats=1 -verbosity=1 "${folders[@]}" \
    >"build/cpu-fuzz/$target.log" 2>&1 || failed+=("$target")
  grep -E '^#[0-9]+[[:space:]]+(DONE|REDUCE|NEW|pulse)' "build/cpu-fuzz/$target.log" | tail -n 1
done
if [[ ${#failed[@]} -gt 0 ]]; then
  for target in "${failed[@]}"; do tail -n 30 "build/cpu-fuzz/$target.log" >&2; done
  echo "fuzz: failed: ${failed[*]}; see build/cpu-fuzz/found" >&2
  exit 1
fi
