#!/usr/bin/env bash
# ptxas_report.sh NVCC_VERSION COMMAND...: a compiler launcher. Compiles with COMMAND (nvcc, or ccache nvcc) and leaves
# OBJECT.ptxas beside the object: the registers, spills and memory of each kernel as ptxas tells them, and the kernels'
# launch bounds. Everything else that the compiler says is passed on, and so is its exit code.
set -uo pipefail

folder=$(cd "$(dirname "$0")" && pwd)
version=$1
shift

object=
for ((i = 1; i < $#; ++i)); do
  next=$((i + 1))
  [[ ${!i} == -o ]] && object=${!next}
done
[[ -z $object ]] && exec "$@"

report=$object.ptxas
said=$object.said
rm -f "$report"
# ccache repeats what the compiler said, but no file besides the object, so the PTX has to be read inside of it.
if [[ $(basename "$1") == ccache ]]; then
  export PATH=$folder:$PATH CCACHE_PREFIX="ptx_launch_bounds.sh${CCACHE_PREFIX:+ $CCACHE_PREFIX}"
  "$@" -Xptxas=-v 2>"$said"
else
  "$folder/ptx_launch_bounds.sh" "$@" -Xptxas=-v 2>"$said"
fi
status=$?

resources='^ptxas info|^ +[0-9]+ bytes stack frame|^ptx entry '
grep -Ev "$resources" "$said" >&2
if [[ $status -eq 0 ]]; then
  { echo "nvcc $version"; grep -E "$resources" "$said"; } >"$report"
fi
rm -f "$said"
exit "$status"
