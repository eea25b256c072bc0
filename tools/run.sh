#!/usr/bin/env bash
# tools/run.sh [ARGUMENTS...]: installs what is missing, builds, and runs `mnist_gan ARGUMENTS`. Without arguments it
# trains a generator until the pictures are worth looking at, about 3 minutes on two cores: on digits where they are
# here or can be downloaded (11 MB, tried once), else on clothes; it says which and why.
#   tools/run.sh train --help              lists the options of training
#   tools/run.sh train --data DIR          trains on the images in DIR, 200 epochs or until Ctrl-C
#   tools/run.sh data import FOLDER --out DIR     makes such a DIR of your own pictures
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if [[ ${1:-} == --help || ${1:-} == -h ]]; then
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0" || exit 6
  exit 0
fi

preset=cpu
# The whole list first: a pipe to `grep -q` fails where nvidia-smi still writes when grep has seen enough.
if command -v nvcc >/dev/null && gpus=$(nvidia-smi --list-gpus 2>/dev/null) && [[ -n $gpus ]]; then preset=cuda; fi
# Of the optional libraries (cmake/optional_packages.txt) those that the command needs.
libraries=()
case " $* " in
  "  ") libraries+=(curl) ;;
  *" data import "*) libraries+=(jpeg) ;;
  *" data fetch emnist "*) libraries+=(curl zip) ;;
  *" data fetch "*) libraries+=(curl) ;;
  *" watch "* | *" --serve"*) libraries+=(httplib) ;;
  *" animate "*) libraries+=(gif) ;;
  *" export "*onnx*) libraries+=(onnx) ;;
esac
[[ " $* " != *" --tensorboard"* ]] || libraries+=(protobuf)
"$here/setup.sh" "${libraries[@]}"
echo "run: building the $preset preset" >&2
# From scratch it is quickest to compile several files at a time.
DUEL_CMAKE_ARGUMENTS="${DUEL_CMAKE_ARGUMENTS:--DCMAKE_UNITY_BUILD=ON}" "$here/build.sh" "$preset" mnist_gan >&2

program=$here/../build/$preset/apps/mnist_gan/mnist_gan
if [[ $# -eq 0 ]]; then
  # The first line is the folder that training would take; none where there is no dataset at all.
  read -r data < <("$program" data info 2>/dev/null) || true
  if [[ -n $data && $data != /usr/share/* ]]; then
    echo "run: training on the images in $data" >&2
  else
    echo "run: there are no digits here yet; trying to download them once: MNIST, 11 MB" >&2
    if "$program" data fetch mnist --patience 5 >&2; then
      echo "run: training on digits, MNIST" >&2
    else
      echo "run: no digits, for the reason above: training on clothes, Fashion-MNIST of Debian's package" >&2
    fi
  fi
  exec "$program" train --epochs 20 --minutes 3
fi
exec "$program" "$@"
