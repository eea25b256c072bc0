#!/usr/bin/env bash
# tools/run.sh [mnist_gan arguments...]: installs what is missing, builds, and runs mnist_gan. Without arguments it
# trains a generator until the pictures are worth looking at: about 3 minutes on two cores.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

preset=cpu
if command -v nvcc >/dev/null && command -v nvidia-smi >/dev/null && nvidia-smi --list-gpus 2>/dev/null | grep -q .; then
  preset=cuda
fi
"$here/setup.sh"
echo "run: building the $preset preset" >&2
"$here/build.sh" "$preset" mnist_gan >&2

program=$here/../build/$preset/apps/mnist_gan/mnist_gan
if [[ $# -eq 0 ]]; then
  exec "$program" train --epochs 20 --minutes 3
fi
exec "$program" "$@"
