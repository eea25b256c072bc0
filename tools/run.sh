#!/usr/bin/env bash
# tools/run.sh [ARGUMENTS...]: installs what is missing, builds, and runs `mnist_gan ARGUMENTS`. Without arguments it
# trains a generator until the pictures are worth looking at: about 3 minutes on two cores.
#   tools/run.sh train --help              lists the options of training
#   tools/run.sh train --data DIR          trains on the MNIST files in DIR, 200 epochs or until Ctrl-C
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
  *" data import "*) libraries+=(jpeg) ;;
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
  exec "$program" train --epochs 20 --minutes 3
fi
exec "$program" "$@"
