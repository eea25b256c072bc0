# Options of every target: the language, the warnings, the sanitizers.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(duel_options INTERFACE)
target_include_directories(duel_options INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include/duel>)
target_compile_features(duel_options INTERFACE cxx_std_20)
target_compile_options(duel_options INTERFACE $<BUILD_INTERFACE:
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wshadow -Wno-unknown-pragmas>
  # GCC 12 sees overlaps in std::string concatenation that are not there (GCC bug 105329).
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wno-restrict>
  # A unity build includes files, and GCC takes what they keep to themselves for a header's.
  $<$<AND:$<BOOL:${CMAKE_UNITY_BUILD}>,$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wno-subobject-linkage>
  # An argument that a designated initializer leaves out is absent on purpose.
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wno-missing-field-initializers>
  $<$<AND:$<BOOL:${DUEL_WARNINGS_AS_ERRORS}>,$<COMPILE_LANGUAGE:CXX>>:-Werror>>)
# Linking a hundred test programs takes the usual linker twice as long as gold, which is of the same package; it has
# warnings for what AddressSanitizer adds.
find_program(DUEL_GOLD ld.gold)
if(DUEL_TESTS AND DUEL_GOLD AND NOT DUEL_SANITIZE AND DUEL_DEVICE STREQUAL "cpu")
  add_link_options(-fuse-ld=gold)
endif()

if(DUEL_SANITIZE)
  target_compile_options(duel_options INTERFACE -fsanitize=${DUEL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_link_options(duel_options INTERFACE -fsanitize=${DUEL_SANITIZE})
endif()

# duel_compile_quickly(TARGET [FILES...]): code that runs once a command, or waits for files. Neither releases nor builds
# that check optimise it, which is most of its compile time (app/settings/settings.cpp: 15 s at -O3, 3 s at -O0). FILES,
# those whose loops run over pixels or bytes, are optimised all the same.
function(duel_compile_quickly target)
  target_compile_options(${target} PRIVATE $<$<AND:$<CONFIG:Release,RelWithDebInfo>,$<COMPILE_LANGUAGE:CXX>>:-O0>)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS
    $<$<CONFIG:Release>:-O3>$<$<CONFIG:RelWithDebInfo>:-O1>)
endfunction()

# With CMAKE_UNITY_BUILD=ON so many files are one to the compiler: most of its time goes to headers that they share.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 16 CACHE STRING "Files that the compiler takes at a time with CMAKE_UNITY_BUILD=ON")

# duel_precompile_header(TARGET HEADER): most of the time of a small file goes to headers that a target's files have in
# common: a unity build compiles them first. Compiler caches do not take such headers, and GCC 12 warns where they are
# used.
function(duel_precompile_header target header)
  if(CMAKE_UNITY_BUILD AND NOT CMAKE_CXX_COMPILER_LAUNCHER AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/${header})
  endif()
endfunction()
