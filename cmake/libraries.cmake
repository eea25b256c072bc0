# Library variants: rows of the ops' tables that compute the same with a vendor's library, to compare with.
# AUTO takes what is found, ON demands it, OFF leaves them out. Sets duel_library_sources and duel_library_targets for
# kernels/CMakeLists.txt, and writes the definitions into kernel_libraries.h, which kernels/libraries/library.h includes: only
# files that ask for a library are compiled again when one is installed.
set(DUEL_LIBRARY_VARIANTS "AUTO" CACHE STRING "Variants by OpenBLAS, or cuBLASLt, cuDNN and CUB: AUTO, ON or OFF")
set_property(CACHE DUEL_LIBRARY_VARIANTS PROPERTY STRINGS AUTO ON OFF)
if(NOT DUEL_LIBRARY_VARIANTS MATCHES "^(AUTO|ON|OFF)$")
  message(FATAL_ERROR "DUEL_LIBRARY_VARIANTS is '${DUEL_LIBRARY_VARIANTS}'; expected AUTO, ON or OFF")
endif()

set(duel_library_sources "")
set(duel_library_targets "")
set(duel_library_definitions "")

# An imported target for a library of one header folder and one file; none where a file is missing.
function(duel_find_library target header library)
  find_path(${target}_INCLUDE_DIR ${header} PATH_SUFFIXES openblas openblas-pthread openblas-openmp openblas-serial
    HINTS ${CUDAToolkit_INCLUDE_DIRS})
  find_library(${target}_LIBRARY ${library} HINTS ${CUDAToolkit_LIBRARY_DIR})
  mark_as_advanced(${target}_INCLUDE_DIR ${target}_LIBRARY)
  if(${target}_INCLUDE_DIR AND ${target}_LIBRARY)
    add_library(${target} UNKNOWN IMPORTED GLOBAL)
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${${target}_LIBRARY}
      INTERFACE_INCLUDE_DIRECTORIES ${${target}_INCLUDE_DIR})
  endif()
endfunction()

# Takes a library's variants if TARGET is there.
function(duel_use_library target name)
  if(TARGET ${target})
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "SOURCES;DEFINITIONS")
    set(duel_library_sources ${duel_library_sources} ${arg_SOURCES} PARENT_SCOPE)
    set(duel_library_targets ${duel_library_targets} ${target} PARENT_SCOPE)
    set(duel_library_definitions ${duel_library_definitions} ${arg_DEFINITIONS} PARENT_SCOPE)
    message(STATUS "Variants by ${name}: yes")
  elseif(DUEL_LIBRARY_VARIANTS STREQUAL "ON")
    message(FATAL_ERROR "DUEL_LIBRARY_VARIANTS is ON, but ${name} was not found: install its header and library, or "
      "set the option to AUTO or OFF")
  else()
    message(STATUS "Variants by ${name}: no, it was not found")
  endif()
endfunction()

set(duel_product_sources ops/linear_forward/library.cu ops/input_gradient/library.cu ops/discriminator_head/library.cu
  ops/weight_gradient/library.cu)
if(NOT DUEL_LIBRARY_VARIANTS STREQUAL "OFF" AND DUEL_DEVICE STREQUAL "cpu")
  duel_find_library(duel_openblas openblas_config.h openblas)  # its cblas.h lies beside that header
  if(TARGET duel_openblas AND NOT duel_openblas_LIBRARY MATCHES "\\.a$")  # its headers, and the name to load it by
    add_library(duel_openblas_by_name INTERFACE)
    set_source_files_properties(libraries/openblas.cu PROPERTIES COMPILE_DEFINITIONS DUEL_OPENBLAS="${duel_openblas_LIBRARY}"
      INCLUDE_DIRECTORIES ${duel_openblas_INCLUDE_DIR})
  endif()
  duel_use_library(duel_openblas_by_name OpenBLAS SOURCES libraries/openblas.cu ${duel_product_sources}
    ops/convolution/library.cu ops/convolution_input_gradient/library.cu ops/convolution_weight_gradient/library.cu
    DEFINITIONS DUEL_PRODUCT_LIBRARY="openblas" DUEL_PRODUCTS_IN_BLOCKS)
elseif(NOT DUEL_LIBRARY_VARIANTS STREQUAL "OFF")
  duel_use_library(CUDA::cublasLt cuBLASLt SOURCES libraries/cublaslt.cpp ${duel_product_sources}
    DEFINITIONS DUEL_PRODUCT_LIBRARY="cublaslt")
  duel_use_library(CUDA::cudart CUB SOURCES ops/mean_losses/cub.cu DEFINITIONS DUEL_CUB)  # in the toolkit
  if(TARGET CUDA::cublasLt)
    duel_find_library(duel_cudnn cudnn.h cudnn)
    duel_use_library(duel_cudnn cuDNN SOURCES libraries/cudnn.cu libraries/cudnn_convolution.cpp convolution/images.cu
      ops/convolution/cudnn.cu ops/convolution_input_gradient/cudnn.cu ops/convolution_weight_gradient/cudnn.cu
      ops/linear_forward/cudnn.cu
      DEFINITIONS DUEL_CUDNN)
  endif()
endif()

list(TRANSFORM duel_library_definitions REPLACE "^([^=]+)=?(.*)$" "#define \\1 \\2\n")
string(CONCAT duel_library_definitions "// Generated.\n#pragma once\n\n" ${duel_library_definitions})
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/kernel_libraries.h CONTENT "${duel_library_definitions}" @ONLY)
