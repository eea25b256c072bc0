# duel_add_device_library(NAME sources...): a library whose .cu files are compiled for the chosen device,
# by nvcc (DUEL_DEVICE=cuda) or by the host compiler with kernels/simt first on the include path (cpu).
if(DUEL_DEVICE STREQUAL "cuda")
  include(cmake/cuda_architectures.cmake)
  enable_language(CUDA)
  if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)  # CMake 3.25 does not know how CUDA 13 spells C++20
    set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20)
    set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION -std=c++20)
  endif()
  set(CMAKE_CUDA_STANDARD 20)
  find_package(CUDAToolkit REQUIRED)
  # One runtime for the program and the libraries of external kernels: a second one, linked statically, would have
  # another current device and other errors, and the static one hides its symbols, so that nobody can share it.
  set(CMAKE_CUDA_RUNTIME_LIBRARY Shared)
  set(DUEL_NVCC_LAUNCHER
    ${PROJECT_SOURCE_DIR}/cmake/ptxas_report.sh ${CMAKE_CUDA_COMPILER_VERSION} ${CMAKE_CUDA_COMPILER_LAUNCHER})
else()
  include(cmake/checked_device.cmake)
  include(cmake/portable_device.cmake)
  # A frame that is larger than the guard below a fiber's stack must touch it.
  set(DUEL_CPU_KERNEL_OPTIONS -ffp-contract=fast -fno-math-errno -Wno-pass-failed -fstack-clash-protection)
  # Kernels are compiled for one processor; results of a seed are the same on every machine of that kind.
  if(NOT DUEL_CPU_PORTABLE)
    list(PREPEND DUEL_CPU_KERNEL_OPTIONS -march=${DUEL_CPU_ARCH})
  endif()
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    list(APPEND DUEL_CPU_KERNEL_OPTIONS -mprefer-vector-width=512)
  endif()
endif()

function(duel_add_device_library name)
  add_library(${name} ${ARGN})
  target_link_libraries(${name} PUBLIC duel_options)
  if(DUEL_DEVICE STREQUAL "cuda")
    target_link_libraries(${name} PUBLIC CUDA::cudart)
    target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CUDA>:${DUEL_NVCC_OPTIONS}>)
    # OBJECT.ptxas beside each object, for tools/kernel_resources.
    set_target_properties(${name} PROPERTIES CUDA_COMPILER_LAUNCHER "${DUEL_NVCC_LAUNCHER}")
  else()
    target_link_libraries(${name} PUBLIC duel_simt)
    duel_compile_kernels(${ARGN})
  endif()
endfunction()

# duel_add_kernels(NAME sources...): a library of kernels and of host code beside them, for the CPU device. A unity build
# compiles their common header first, for kernels by themselves, whose options differ.
function(duel_add_kernels name)
  if(NOT CMAKE_UNITY_BUILD OR CMAKE_CXX_COMPILER_LAUNCHER OR NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    duel_add_device_library(${name} ${ARGN})
    return()
  endif()
  set(kernels ${ARGN})
  set(host_code ${ARGN})
  list(FILTER kernels INCLUDE REGEX "\\.cu$")
  list(FILTER host_code EXCLUDE REGEX "\\.cu$")
  # Objects come first that are libraries of their own: of an inline function in both, kernels' code counts.
  duel_add_device_library(${name}_device OBJECT ${kernels})
  target_link_libraries(${name}_device PRIVATE duel_runtime)
  add_library(${name} ${host_code} $<TARGET_OBJECTS:${name}_device>)
  target_compile_options(${name}_device PRIVATE ${DUEL_CPU_KERNEL_OPTIONS})
  duel_precompile_header(${name}_device kernels/op.h)
  duel_precompile_header(${name} kernels/op.h)
endfunction()
