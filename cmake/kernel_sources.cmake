# For this build, and for projects that find_package(duel): .cu files of their own, and programs that load kernel files.

# duel_compile_kernels(FILES...): .cu files of the current folder's targets are compiled for the device: on the CPU device by
# the host compiler, with DUEL_CPU_KERNEL_OPTIONS; with DUEL_DEVICE=cuda by nvcc, for which the project enables CUDA.
function(duel_compile_kernels)
  if(NOT DUEL_DEVICE STREQUAL "cpu")
    return()
  endif()
  foreach(source IN LISTS ARGN)
    if(source MATCHES "\\.cu$")
      set_source_files_properties(${source} PROPERTIES LANGUAGE CXX COMPILE_OPTIONS "-xc++;${DUEL_CPU_KERNEL_OPTIONS}")
    endif()
  endforeach()
endfunction()

# duel_accept_external_kernels(TARGET): the program or module can load kernel files. It carries all of kernels/, used by it
# or not, and exports it: that is what the files' undefined symbols are bound to. In portable builds the shared
# libraries of kernels/ do. DUEL_PREFIX is what names of targets begin with, duel_ in the build, duel:: in others.
function(duel_accept_external_kernels target)
  target_link_libraries(${target} PRIVATE ${DUEL_PREFIX}external)
  set_target_properties(${target} PROPERTIES ENABLE_EXPORTS ON)
  if(DUEL_INSTALLED_HEADERS)  # in another project; kernels/external/source_folder.cpp asks
    set(file ${CMAKE_CURRENT_BINARY_DIR}/duel_installed_headers.cpp)
    file(CONFIGURE OUTPUT ${file} CONTENT
      "extern \"C\" const char* const duel_installed_headers;\nconst char* const duel_installed_headers = R\"-(${DUEL_INSTALLED_HEADERS})-\";\n")
    target_sources(${target} PRIVATE ${file})
  endif()
  if(DUEL_CPU_PORTABLE)
    return()
  endif()
  set(libraries ${DUEL_PREFIX}kernels,${DUEL_PREFIX}runtime)
  if(DUEL_DEVICE STREQUAL "cpu")
    string(APPEND libraries ,${DUEL_PREFIX}simt)
  endif()
  set_target_properties(${target} PROPERTIES LINK_LIBRARY_OVERRIDE WHOLE_ARCHIVE,${libraries})
endfunction()
