#!/usr/bin/env bash
# tools/setup.sh [--tests]: installs what Duel needs from Debian's or Ubuntu's packages, as far as it is missing, with
# --tests also what the tests need. Needs root or sudo, and asks for nothing when everything is there. tools/run.sh and
# tools/test.sh call it. Exit codes: 0 all is there, 1 failed, 2 usage.
set -euo pipefail

case "$# $*" in
  '0 ' | '1 --tests') ;;
  '1 --help' | '1 -h') sed -n '2,/^set /s/^# //p' "$0" || exit 6; exit 0 ;;
  *) echo "setup: expected nothing or --tests, found '$*'" >&2 && exit 2 ;;
esac

packages=(cmake ninja-build zlib1g-dev libpng-dev libxxhash-dev libssl-dev libfmt-dev libcli11-dev libtomlplusplus-dev nlohmann-json3-dev libeigen3-dev librandom123-dev dataset-fashion-mnist)
# Any C++20 compiler will do; clang makes the faster kernels.
command -v clang++ >/dev/null || command -v g++ >/dev/null || packages+=(clang)
if [[ ${1:-} == --tests ]]; then
  packages+=(catch2 libopenblas-dev)                  # variants by OpenBLAS
  command -v clang++ >/dev/null || packages+=(clang)  # the checked device needs it
  command -v python3 >/dev/null || packages+=(python3)
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query --show --showformat='${Status}\n' "$package" 2>/dev/null) || true
  [[ $'\n'$status$'\n' == *$'\ninstall ok installed\n'* ]] || missing+=("$package")
done
# A tool that came from elsewhere is as good as the package.
keep=()
for package in "${missing[@]:+${missing[@]}}"; do
  case "$package" in
    cmake) command -v cmake >/dev/null && continue ;;
    ninja-build) command -v ninja >/dev/null && continue ;;
  esac
  keep+=("$package")
done
[[ ${#keep[@]} -eq 0 ]] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "setup: this is not Debian or Ubuntu; please install the equivalents of: ${keep[*]}" >&2
  exit 1
fi
as_root=()
if [[ $(id -u) -ne 0 ]]; then
  command -v sudo >/dev/null || { echo "setup: as root, please run: apt-get install ${keep[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "setup: installing ${keep[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq >&2
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${keep[@]}" >&2
