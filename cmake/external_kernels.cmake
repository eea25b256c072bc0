# Kernels from outside the tree (kernels/external): programs compile kernel files as this build compiles its own.

# duel_install_kernel_headers(FOLDER COMPONENT): what kernel files are compiled with, and kernels/external/source_folder.cpp
# looks for.
function(duel_install_kernel_headers folder component)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/kernels DESTINATION ${folder} COMPONENT ${component}
    FILES_MATCHING PATTERN "*.h" PATTERN "*.cuh")
  install(FILES ${PROJECT_SOURCE_DIR}/kernels/external/library.cpp DESTINATION ${folder}/kernels/external COMPONENT ${component})
  install(FILES ${PROJECT_BINARY_DIR}/generated/kernel_libraries.h ${PROJECT_BINARY_DIR}/generated/duel_has.h
    DESTINATION ${folder} COMPONENT ${component})
endfunction()

# duel_generate_kernel_build(FOLDER): writes kernel_build.h, compiler and options of a kernel of this build, and while
# building kernel_headers.h, the hash of the headers that kernels include.
function(duel_generate_kernel_build folder)
  set(language CXX)
  set(object_options -xnone)  # after the -xc++ of kernels
  set(library_options -shared -Wl,-Bsymbolic-functions)
  set(wrapped exit _exit _Exit quick_exit pthread_exit)  # kernels/external/library.cpp has what comes in their place
  get_source_file_property(kernel_options ${PROJECT_SOURCE_DIR}/kernels/ops/flat_update/flat.cu DIRECTORY ${PROJECT_SOURCE_DIR}/kernels COMPILE_OPTIONS)
  list(APPEND kernel_options -fPIC)
  set(first_options -g1)  # lines for the reports of faults; where the build has -g, that comes later and counts
  if(DUEL_DEVICE STREQUAL "cuda")
    set(language CUDA)
    set(object_options "")
    set(library_options -shared --cudart=shared -Xlinker=-Bsymbolic-functions)
    set(kernel_options -arch=native -Xcompiler=-fPIC)
    set(first_options "")
    if(CMAKE_CUDA_HOST_COMPILER)
      list(APPEND kernel_options -ccbin=${CMAKE_CUDA_HOST_COMPILER})
    endif()
  endif()
  list(APPEND kernel_options -UNDEBUG)  # who tries a kernel wants to see its assertions fail
  foreach(function IN LISTS wrapped)
    if(DUEL_DEVICE STREQUAL "cuda")
      list(APPEND library_options -Xlinker=--wrap=${function})
    else()
      list(APPEND library_options -Wl,--wrap=${function})
    endif()
  endforeach()
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  separate_arguments(flags UNIX_COMMAND "${CMAKE_${language}_FLAGS} ${CMAKE_${language}_FLAGS_${type}}")
  # Warnings stay, but do not stop anybody who tries something. The library is loaded after the program's start.
  set(options $<FILTER:$<TARGET_PROPERTY:duel_runtime,COMPILE_OPTIONS>,EXCLUDE,^-Werror|^-ftls-model>)
  set(definitions $<TARGET_PROPERTY:duel_runtime,COMPILE_DEFINITIONS>)
  set(folders $<TARGET_PROPERTY:duel_runtime,INCLUDE_DIRECTORIES>)
  set(link_options $<FILTER:$<TARGET_PROPERTY:duel_runtime,LINK_OPTIONS>,EXCLUDE,^-rdynamic>)
  list(JOIN flags "\n" flags)
  list(JOIN kernel_options "\n" kernel_options)
  list(JOIN library_options "\n" library_options)
  list(JOIN object_options "\n" object_options)
  file(GENERATE OUTPUT ${folder}/kernel_build.h CONTENT
"// Generated. How this build compiles kernels; of options, each line is one.
#pragma once

namespace duel {

inline constexpr char kSourceFolder[] = R\"-(${PROJECT_SOURCE_DIR})-\";
inline constexpr char kBuildFolder[] = R\"-(${PROJECT_BINARY_DIR})-\";
inline constexpr char kCompiler[] = R\"-(${CMAKE_${language}_COMPILER})-\";
inline constexpr char kCompilerVersion[] = R\"-(${CMAKE_${language}_COMPILER_ID} ${CMAKE_${language}_COMPILER_VERSION})-\";
inline constexpr char kCompilerOptions[] = R\"-(${first_options}
${flags}
${CMAKE_${language}20_STANDARD_COMPILE_OPTION}
$<JOIN:${options},\n>
$<$<BOOL:${definitions}>:-D$<JOIN:${definitions},\n-D>>
-I$<JOIN:${folders},\n-I>
${kernel_options})-\";
inline constexpr char kLibraryOptions[] = R\"-(${library_options}
$<JOIN:${link_options},\n>)-\";
inline constexpr char kObjectOptions[] = R\"-(${object_options})-\";

}  // namespace duel
" CONDITION $<COMPILE_LANGUAGE:${language}>)
  file(GLOB_RECURSE headers RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/kernels/*.h ${PROJECT_SOURCE_DIR}/kernels/*.cuh)
  list(TRANSFORM headers PREPEND ${PROJECT_SOURCE_DIR}/ OUTPUT_VARIABLE files)
  set(script ${PROJECT_SOURCE_DIR}/cmake/hash_headers.cmake)
  add_custom_command(OUTPUT ${folder}/kernel_headers.h
    COMMAND ${CMAKE_COMMAND} "-DHEADERS=${headers}" -DOUTPUT=${folder}/kernel_headers.h -P ${script}
    DEPENDS ${files} ${script} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} VERBATIM)
endfunction()
