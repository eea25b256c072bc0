# The CPU device that watches every memory access of kernels (docs/cpu-device.md, "The checked device").
option(DUEL_CHECKED "Watch every memory access of kernels on the CPU device; needs clang" OFF)
if(DUEL_CHECKED)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "DUEL_CHECKED needs clang, found ${CMAKE_CXX_COMPILER_ID}: set CXX=clang++ and configure in an empty folder")
  endif()
  if(DUEL_SANITIZE)
    message(FATAL_ERROR "DUEL_CHECKED and DUEL_SANITIZE=${DUEL_SANITIZE} exclude each other: choose one of them")
  endif()
  if(NOT DUEL_CPU_ARCH STREQUAL "x86-64-v2")
    message(FATAL_ERROR "DUEL_CHECKED needs vectors of at most 16 bytes, found DUEL_CPU_ARCH=${DUEL_CPU_ARCH}: set it to x86-64-v2")
  endif()
  # The instrumentation of ThreadSanitizer and of array bounds, without their runtimes: nothing is linked.
  # Loops that copy stay loops, so that every lane accesses what it does on a GPU.
  # Reads before writes are told too, and atomics are not: kernels/simt/atomics.h tells those itself.
  # Of the checks of bounds only that of arrays: the one of pointers (local-bounds) ends in an instruction trap, not in
  # a call that could report.
  set(DUEL_CHECKED_OPTIONS -O1 -g -fno-vectorize -fno-slp-vectorize -fsanitize=thread -fsanitize=array-bounds
    "SHELL:-mllvm -tsan-instrument-read-before-write=1" "SHELL:-mllvm -tsan-instrument-atomics=0"
    "SHELL:-mllvm -disable-loop-idiom-all"
    "SHELL:-mllvm -tsan-instrument-func-entry-exit=0" "SHELL:-mllvm -tsan-handle-cxx-exceptions=0")
endif()
