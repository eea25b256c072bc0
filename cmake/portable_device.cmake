# DUEL_CPU_ARCH=portable: a CPU device for every processor of a kind (docs/cpu-device.md, "Portable builds"). All code is
# compiled for DUEL_CPU_BASELINE; the kernels once more for each of DUEL_CPU_LEVELS, as a library that the dynamic loader
# finds in glibc-hwcaps/LEVEL and takes where the processor has that level.
string(COMPARE EQUAL "${DUEL_CPU_ARCH}" portable DUEL_CPU_PORTABLE)
if(NOT DUEL_CPU_PORTABLE)
  return()
endif()
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(DUEL_CPU_BASELINE x86-64)
  set(DUEL_CPU_LEVELS x86-64-v3 x86-64-v4)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  set(DUEL_CPU_BASELINE armv8-a)
  set(DUEL_CPU_LEVELS "")
else()
  message(FATAL_ERROR "DUEL_CPU_ARCH is portable, which is known for x86-64 and aarch64 only, not for "
    "'${CMAKE_SYSTEM_PROCESSOR}': set it to a value of the compiler's -march")
endif()

if(DUEL_LIBRARY_VARIANTS STREQUAL "ON")
  message(FATAL_ERROR "DUEL_LIBRARY_VARIANTS is ON, but portable builds have none: they would need OpenBLAS wherever they "
    "run. Set it to OFF, or DUEL_CPU_ARCH to native")
endif()
set(DUEL_LIBRARY_VARIANTS OFF)

# First of all options, those of a level come later.
string(APPEND CMAKE_CXX_FLAGS " -march=${DUEL_CPU_BASELINE}")
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)  # the build folder can be moved
set(CMAKE_INSTALL_RPATH "\$ORIGIN/../lib")
add_link_options(-Wl,--enable-new-dtags)  # LD_LIBRARY_PATH comes first: it can force a level

# The first source of every module with kernels: tells the device of them.
set(DUEL_CPU_ANNOUNCEMENT ${PROJECT_SOURCE_DIR}/kernels/simt/announcement.cpp)

# duel_place_library(TARGET FOLDER): a shared library in lib/FOLDER of the build, and of what is installed.
function(duel_place_library target folder)
  file(RELATIVE_PATH up /${folder} /)
  set_target_properties(${target} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib/${folder}
    INSTALL_RPATH "\$ORIGIN/${up}")
  target_compile_options(${target} PRIVATE -ftls-model=initial-exec)  # it is loaded before the program starts
  if(folder)  # cmake/install.cmake has the others
    install(TARGETS ${target} LIBRARY DESTINATION lib/${folder} COMPONENT programs)
  endif()
endfunction()

# duel_add_kernel_level(NAME LEVEL FOLDER sources...): a library of kernels. It keeps to itself what differs from level to
# level: inline functions, and the variables in them.
function(duel_add_kernel_level name level folder)
  duel_add_device_library(${name} ${DUEL_CPU_ANNOUNCEMENT} ${ARGN})
  target_link_libraries(${name} PUBLIC duel_runtime)
  set(map ${PROJECT_SOURCE_DIR}/cmake/kernel_library.map)
  set_target_properties(${name} PROPERTIES LINK_DEPENDS ${map})
  target_compile_options(${name} PRIVATE -march=${level} ${DUEL_CPU_KERNEL_OPTIONS})
  duel_precompile_header(${name} kernels/op.h)
  target_compile_definitions(${name} PRIVATE DUEL_CPU_LEVEL="${level}")
  target_link_options(${name} PRIVATE -Wl,-Bsymbolic-functions,--version-script=${map})
  duel_place_library(${name} "${folder}")
endfunction()

# duel_add_kernel_levels(NAME sources...): the library NAME for the baseline and, below it, for each level. Host code is
# the same in all of them.
function(duel_add_kernel_levels name)
  set(kernels ${ARGN})
  set(host_code ${ARGN})
  list(FILTER kernels INCLUDE REGEX "\\.cu$")
  list(FILTER host_code EXCLUDE REGEX "\\.cu$")
  add_library(${name}_host OBJECT ${host_code})
  target_link_libraries(${name}_host PRIVATE duel_runtime)
  duel_precompile_header(${name}_host kernels/op.h)
  set(sources ${kernels} $<TARGET_OBJECTS:${name}_host>)
  duel_add_kernel_level(${name} ${DUEL_CPU_BASELINE} "" ${sources})
  foreach(level IN LISTS DUEL_CPU_LEVELS)
    duel_add_kernel_level(${name}_${level} ${level} glibc-hwcaps/${level} ${sources})
    set_target_properties(${name}_${level} PROPERTIES OUTPUT_NAME ${name})
    add_dependencies(${name} ${name}_${level})
  endforeach()
endfunction()
