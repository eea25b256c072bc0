"""Documents with one mistake each: the check must find all of them, or it is blind."""

PLANTED = {
    "an option of train that does not exist": "```sh\nmnist_gan train --epoch-count 3\n```",
    "a command without its subcommand": "Train with `mnist_gan --kernel OP=VARIANT`.",
    "a value that is refused": "```sh\nmnist_gan train --preset papers\n```",
    "an op that the default step does not have": "```sh\nmnist_gan train --kernel adam=four_values_per_thread\n```",
    "a file that is not there": "```sh\nmnist_gan sample --checkpoint runs/00006-default\n```",
    "an option in a command that is only parsed": "```sh\nkernel_lab tune --batch-sizes 128\n```",
    "an option of a Python tool": "Run `tools/compare_peers --device cuda --secnds 300`.",
    "an option of a profiled training": "```sh\ntools/profile.sh nsys --batch-sizes 256\n```",
    "an option of the profiling script": "```sh\ntools/profile.sh ncu --ranges adam\n```",
    "the second of two commands": "```sh\ntools/build.sh cpu && ctest --preset cpus\n```",
    "a preset of the build": "```sh\ntools/build.sh cpu-races\n```",
    "a target of the build": "```sh\ntools/build.sh cpu kernel_labs\n```",
    "a label of the tests": "Run `ctest -L doc`.",
    "a program that is not known": "```sh\ntools/frobnicate.sh\n```",
    "a command that output proposes": '```text\n  again: kernel_lab verify --op adam --variants mine --seed 1\n```',
    "an option within a sentence": "Take `--keep-checkpoint 3`.",
    "a path": "See `kernels/adam/adams.h`.",
    "a link": "See [there](docs/nowhere.md).",
    "an anchor": "# One\n\nSee [two](#two).",
    "a block that does not say what it is": "```\nmnist_gan train\n```",
}
