#!/usr/bin/env bash
# Profiles a short training run with Nsight; docs/profiling.md says what to look at. Needs nvcc, a GPU and the tool.
set -euo pipefail

usage() {
  cat <<'TEXT'
tools/profile.sh [--print] nsys|ncu [options] [--] [mnist_gan train arguments...]

  nsys                  the timeline of a few iterations (Nsight Systems)
  ncu                   counters of every kernel of one iteration (Nsight Compute)
  --print               only print the command; needs neither tool nor GPU
  --iterations A:B      iterations A to B-1, counted from 0; default 20:25 for nsys, 20:21 for ncu
  --output FILE         report without its ending; default build/profiles/<time>-<tool>
nsys only:
  --graphs              a run of CUDA graphs, from its first iteration to B-1, instead of single kernels in named ranges
ncu only:
  --kernel REGEX        kernels whose name matches
  --range NAME          kernels in ranges whose name begins with NAME (a regular expression): generator, "backward layer 2"
  --set NAME            of sections; default full

Further arguments go to `mnist_gan train`, for example --batch-size 256 --preset blog.
TEXT
}

fail() {
  echo "profile: $1" >&2
  exit "${2:-1}"
}
wrong_usage() { fail "$1; see tools/profile.sh --help" 2; }

tool='' print=false graphs=false iterations='' output='' kernel='' range='' sections=''
training=()

parse_arguments() {
  while [[ $# -gt 0 ]]; do
    case $1 in
      --print) print=true ;;
      --graphs) graphs=true ;;
      --help | -h) usage || exit 6; exit 0 ;;
      --iterations | --output | --kernel | --range | --set)
        [[ $# -ge 2 && -n $2 ]] || wrong_usage "$1 needs a value"
        case $1 in
          --iterations) iterations=$2 ;;
          --output) output=$2 ;;
          --kernel) kernel=$2 ;;
          --range) range=$2 ;;
          --set) sections=$2 ;;
        esac
        shift
        ;;
      nsys | ncu)
        [[ -z $tool ]] || wrong_usage "expected one tool, found $tool and $1"
        tool=$1
        ;;
      --)
        shift
        training+=("$@")
        break
        ;;
      *)
        [[ -n $tool ]] || wrong_usage "expected nsys or ncu, found '$1'"
        training+=("$@")
        break
        ;;
    esac
    shift
  done
  [[ -n $tool ]] || wrong_usage "expected nsys or ncu"
  if [[ $tool == nsys && -n $kernel$range$sections ]]; then wrong_usage "--kernel, --range and --set are for ncu"; fi
  if [[ $tool == ncu ]] && $graphs; then wrong_usage "--graphs is for nsys"; fi
  if [[ -z $iterations ]]; then
    iterations=20:25
    [[ $tool == nsys ]] || iterations=20:21
  fi
  [[ $iterations =~ ^(0|[1-9][0-9]{0,9}):([1-9][0-9]{0,9})$ && ${BASH_REMATCH[1]} -lt ${BASH_REMATCH[2]} ]] ||
    wrong_usage "--iterations: expected A:B with 0 <= A < B, found '$iterations'"
}

check_machine() {
  local cuda="put the bin folder of the CUDA toolkit, such as /usr/local/cuda/bin, on PATH"
  command -v "$tool" >/dev/null || fail "$tool is not on PATH. It comes with NVIDIA's CUDA toolkit: $cuda;
or install NVIDIA's package nsight-systems (for nsys) or nsight-compute (for ncu).
tools/profile.sh --print $tool shows the command without it."
  command -v nvcc >/dev/null || fail "nvcc is not on PATH, so there is no GPU build: install the CUDA toolkit, or $cuda"
  local gpus
  # The whole list first: a pipe to `grep -q` fails where nvidia-smi still writes when grep has seen enough.
  if ! gpus=$(nvidia-smi --list-gpus 2>/dev/null) || [[ -z $gpus ]]; then
    fail "no NVIDIA GPU is present (nvidia-smi lists none): check the driver, or run this on a machine that has one.
docs/profiling.md says what can be known without."
  fi
}

# The array `command`: the profiler, then mnist_gan.
make_command() {
  local last=${iterations#*:}
  if [[ $tool == nsys ]]; then
    command=(nsys profile "--trace=cuda,nvtx" --sample=none --cpuctxsw=none)
    if $graphs; then
      command+=(--cuda-graph-trace=node)
    else
      command+=(--capture-range=cudaProfilerApi --capture-range-end=stop)
    fi
    command+=("--output=$output")
  else
    command=(ncu --profile-from-start off --set "${sections:-full}" --nvtx)
    [[ -z $range ]] || command+=(--nvtx-include "regex:duel@$range.*/")
    [[ -z $kernel ]] || command+=(--kernel-name "regex:$kernel")
    command+=(--export "$output")
  fi
  command+=("${root}build/cuda/apps/mnist_gan/mnist_gan" train --outdir "${root}build/profiles/runs" --max-iterations "$last")
  $graphs || command+=(--profile-iterations "$iterations")
  command+=("${training[@]+"${training[@]}"}")
}

# So that it can be pasted into a shell.
print_command() {
  local word line=''
  for word in "${command[@]}"; do
    [[ $word =~ ^[A-Za-z0-9_./:=,@-]+$ ]] || word=${word@Q}
    line+="$word "
  done
  echo "${line% }"
}

say_where() {
  [[ -f $report ]] || fail "$tool ended without a report $report; its own messages are above"
  echo "report  $report"
  if [[ $tool == nsys ]]; then
    echo "window  nsys-ui $report"
    echo "text    nsys stats --report cuda_gpu_kern_sum,nvtx_gpu_proj_sum $report"
  else
    echo "window  ncu-ui $report"
    echo "text    ncu --import $report --page details --print-nvtx-rename kernel"
  fi
}

parse_arguments "$@"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/
[[ $root != "$PWD/" ]] || root=''
[[ -n $output ]] || output=${root}build/profiles/$(date +%Y%m%d-%H%M%S)-$tool
report=$output.nsys-rep
[[ $tool == nsys ]] || report=$output.ncu-rep
make_command
if $print; then
  print_command
  exit 0
fi
check_machine
[[ ! -e $report ]] || fail "$report exists already: name another --output, or remove it"
echo "profile: building the cuda preset" >&2
"${root}tools/build.sh" cuda mnist_gan >&2
mkdir -p "$(dirname "$output")"
print_command
if ! "${command[@]}"; then
  [[ $tool == nsys ]] || echo "profile: if ncu says ERR_NVGPUCTRPERM, the driver keeps GPU counters for root: run this as
root, or load the driver with NVreg_RestrictProfilingToAdminUsers=0" >&2
  fail "the command above failed"
fi
say_where
