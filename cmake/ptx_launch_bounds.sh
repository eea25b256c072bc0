#!/usr/bin/env bash
# ptx_launch_bounds.sh COMMAND... -o OBJECT ...: runs nvcc and says on stderr, for each kernel in the PTX that it makes on
# the way, "ptx entry NAME ARCHITECTURE BOUNDS": the .maxntid that __launch_bounds__ becomes, or none. cmake/ptxas_report.sh
# runs it, inside ccache where that is used.
set -uo pipefail

object=
for ((i = 1; i < $#; ++i)); do
  next=$((i + 1))
  [[ ${!i} == -o ]] && object=${!next}
done
[[ -z $object ]] && exec "$@"

kept=$(mktemp -d "$object.XXXXXX") || exit 1
trap 'rm -rf "$kept"' EXIT
"$@" --keep --keep-dir "$kept" || exit $?

for ptx in "$kept"/*.ptx; do
  [[ -e $ptx ]] || continue
  awk '
    function tell() { if (name != "") print "ptx entry", name, target, bounds; name = "" }
    $1 == ".target" { target = $2; sub(/,.*/, "", target) }
    / ?\.entry / { tell(); name = $0; sub(/.*\.entry /, "", name); sub(/[^A-Za-z0-9_$].*/, "", name); bounds = "none" }
    $1 == ".maxntid" { bounds = $0; sub(/\.maxntid /, "", bounds) }
    END { tell() }' "$ptx" >&2
done
