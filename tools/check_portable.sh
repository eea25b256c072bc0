#!/usr/bin/env bash
# tools/check_portable.sh BUILD_FOLDER [ARGUMENTS...]: shows that a portable build (preset cpu-portable) is one. It
# installs mnist_gan and kernel_lab, moves them elsewhere, and looks at them:
#   instructions  of AVX and later are in the libraries of levels only, of AVX-512 in that of x86-64-v4 only
#   levels        kernel_lab verify passes with the kernels of every level that this processor has, and says which it is;
#                 left alone, the loader takes the best one
#   old           where qemu-x86_64 is installed, the kernels of the baseline run on the first processors of the kind
# ARGUMENTS go to kernel_lab verify, such as --op adam to check one op only. Exit codes: 0 it is one, 1 it is not, 2 usage.
set -euo pipefail

usage() { sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; }
[[ ${1:-} != --help && ${1:-} != -h ]] || { usage || exit 6; exit 0; }
if [[ ! -f ${1:-}/CMakeCache.txt ]]; then
  { echo "check_portable: expected a build folder (tools/build.sh cpu-portable makes one), found '${1:-}'"; usage; } >&2
  exit 2
fi
build=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "check_portable: $*" >&2; exit 1; }

cmake --install "$build" --component programs --prefix "$folder/installed" >/dev/null
mv "$folder/installed" "$folder/moved"
lab=$folder/moved/bin/kernel_lab
libraries=$folder/moved/lib
levels=()
for path in "$libraries"/glibc-hwcaps/*/; do
  [[ ! -d $path ]] || levels+=("$(basename "$path")")
done

baseline=armv8-a
[[ $(uname -m) != x86_64 ]] || baseline=x86-64

# How many instructions of a file match a pattern.
count() { objdump -d --no-show-raw-insn "$2" | grep -cE "$1" || true; }
avx=$'\t''v[a-z0-9]+ .*%[xyz]mm|%[yz]mm'
avx512='%zmm|%k[1-7]'

if [[ $baseline == x86-64 ]]; then
  for file in "$folder"/moved/bin/* "$libraries"/*.so; do
    found=$(count "$avx" "$file")
    [[ $found == 0 ]] || fail "$(basename "$file") is for every processor, but holds $found instructions of AVX"
  done
  for level in "${levels[@]}"; do
    file=$libraries/glibc-hwcaps/$level/libduel_kernels.so
    [[ $(count "$avx" "$file") != 0 ]] || fail "the kernels of $level use no AVX"
    found=$(count "$avx512" "$file")
    if [[ $level == x86-64-v4 ]]; then expected='[1-9]*'; else expected=0; fi
    [[ $found == $expected ]] || fail "the kernels of $level hold $found instructions of AVX-512"
  done
  echo "instructions: as expected in the programs, the shared code and ${#levels[@]} levels"
fi

# verify LEVEL COMMAND...: the command must pass and say that it runs the kernels of that level.
verify() {
  local level=$1
  shift
  "$@" >"$folder/log" 2>&1 || { cat "$folder/log" >&2; fail "the kernels of $level failed"; }
  grep -q "^cpu: .*, $level)" "$folder/log" || { cat "$folder/log" >&2; fail "expected the kernels of $level"; }
  echo "$level: $(tail -n 1 "$folder/log")"
}

loader=$(readelf --program-headers "$lab" | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
supported=$("$loader" --help | sed -n 's/^ *\([^ ]*\) (supported, searched)$/\1/p')
here=("$baseline")
for level in "${levels[@]}"; do
  if grep -qx "$level" <<<"$supported"; then here+=("$level"); else echo "$level: not run, this machine lacks it"; fi
done

# The loader looks into LD_LIBRARY_PATH first: a folder without those of levels forces the kernels in it.
for level in "${here[@]}"; do
  [[ $level != "${here[-1]}" ]] || continue
  mkdir "$folder/$level"
  cp "$libraries"/*.so "$folder/$level"
  [[ $level == "$baseline" ]] || cp "$libraries/glibc-hwcaps/$level/libduel_kernels.so" "$folder/$level"
  verify "$level" env LD_LIBRARY_PATH="$folder/$level" "$lab" verify "$@"
done
verify "${here[-1]}" "$lab" verify "$@"

if [[ $baseline == x86-64 ]] && command -v qemu-x86_64 >/dev/null; then
  verify "$baseline" qemu-x86_64 -cpu qemu64 "$lab" verify --op linear_forward --variant one_thread_per_tile --no-training-shapes
else
  echo "old: skipped, qemu-x86_64 is not installed"
fi
