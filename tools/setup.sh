#!/usr/bin/env bash
# tools/setup.sh [--tests | LIBRARY...]: installs what Duel needs from Debian's or Ubuntu's packages, as far as it is missing,
# and the optional libraries that are named (jpeg, curl, ...: cmake/optional_packages.txt), with --tests all of them and
# what the tests need. An optional one that cannot be had is said, and left out. Needs root or sudo, and asks for nothing
# when everything is there. tools/run.sh and tools/test.sh call it. Exit codes: 0 all that is required is there, 1 failed,
# 2 usage.
set -euo pipefail

case "$# $*" in '1 --help' | '1 -h') sed -n '2,/^set /s/^# //p' "$0" || exit 6; exit 0 ;; esac

# The optional packages that are asked for.
here=$(dirname "$0")
names=() extra=()
found=0
while IFS='|' read -r name list _; do
  [[ $name == [A-Z]* ]] || continue
  name=${name,,} name=${name% }
  names+=("$name")
  for argument in "$@"; do
    [[ $argument == "$name" ]] && found=$((found + 1)) || [[ $argument == --tests && $# -eq 1 ]] || continue
    for package in $list; do [[ " ${extra[*]-} " == *" $package "* ]] || extra+=("$package"); done
  done
done <"$here/../cmake/optional_packages.txt"
if [[ $found -ne $# && $* != --tests ]]; then
  echo "setup: expected nothing, --tests or some of: ${names[*]}; found '$*'" >&2
  exit 2
fi

packages=(cmake ninja-build zlib1g-dev libpng-dev libxxhash-dev libssl-dev libfmt-dev libcli11-dev libtomlplusplus-dev nlohmann-json3-dev libeigen3-dev librandom123-dev dataset-fashion-mnist)
# Any C++20 compiler will do; clang makes the faster kernels.
command -v clang++ >/dev/null || command -v g++ >/dev/null || packages+=(clang)
if [[ ${1:-} == --tests ]]; then
  packages+=(catch2 libopenblas-dev)                  # variants by OpenBLAS
  command -v clang++ >/dev/null || packages+=(clang)  # the checked device needs it
  command -v python3 >/dev/null || packages+=(python3)
  extra+=(zsh fish)                                   # completions are tried in them
fi

# The packages that are missing. What came from elsewhere is as good as the package.
missing_of() {
  local package status
  for package in "$@"; do
    status=$(dpkg-query --show --showformat='${Status}\n' "$package" 2>/dev/null) || true
    [[ $'\n'$status$'\n' != *$'\ninstall ok installed\n'* ]] || continue
    case "$package" in
      cmake) command -v cmake >/dev/null && continue ;;
      ninja-build) command -v ninja >/dev/null && continue ;;
      libjpeg-dev) [[ -e /usr/include/jpeglib.h ]] && continue ;;
    esac
    printf '%s\n' "$package"
  done
}
mapfile -t keep < <(missing_of "${packages[@]}")
mapfile -t keep_extra < <(missing_of "${extra[@]}")
[[ ${#keep[@]} -eq 0 && ${#keep_extra[@]} -eq 0 ]] && exit 0

# Without the optional ones the build leaves out what they are for, and the command that needs one says so.
missing=("${keep[@]}" "${keep_extra[@]}")
give_up() {
  echo "setup: $1 ${missing[*]}" >&2
  [[ ${#keep[@]} -eq 0 ]]
  exit
}
command -v apt-get >/dev/null || give_up "this is not Debian or Ubuntu; please install the equivalents of:"
as_root=()
if [[ $(id -u) -ne 0 ]]; then
  command -v sudo >/dev/null || give_up "as root, please run: apt-get install"
  as_root=(sudo)
fi
echo "setup: installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
install() { "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@" >&2; }
"${as_root[@]}" apt-get update -qq >&2 || [[ ${#keep[@]} -eq 0 ]]
[[ ${#keep[@]} -eq 0 ]] || install "${keep[@]}"
for package in "${keep_extra[@]}"; do
  install "$package" || echo "setup: $package cannot be installed: what it is for is left out" >&2
done
