# `cmake --install`, in three parts that --component names: programs, with the libraries that they load and the headers that
# kernel files need; development, what find_package(duel) needs; python, the module (python/CMakeLists.txt).
include(CMakePackageConfigHelpers)
set(duel_package_folder lib/cmake/duel)

# Libraries by their names in other projects: duel_engine is duel::engine. Those behind the public ones come with them.
set(duel_exported options files thread_model_static thread_model_shared simt runtime openblas_by_name kernels verify sha256 external io measure configuration engine quality app)
set(duel_optional_exported ${duel_optional_built_in})
list(REMOVE_ITEM duel_optional_exported PYTHON)
set(duel_exported_optional ${duel_optional_names})  # those that are left out are linked, too, as nothing
list(REMOVE_ITEM duel_exported_optional python)
list(TRANSFORM duel_exported_optional PREPEND optional_)
# Shared libraries are no business of other programs: not where the loader looks by itself, nor just below, where cpack would
# call ldconfig for them. Portable programs say where theirs are (portable_device.cmake).
set(duel_shared_folder $<IF:$<BOOL:${DUEL_CPU_PORTABLE}>,lib,lib/duel/shared>)
foreach(name IN LISTS duel_exported duel_exported_optional)
  if(TARGET duel_${name})
    add_library(duel::${name} ALIAS duel_${name})
    set_target_properties(duel_${name} PROPERTIES EXPORT_NAME ${name})
    install(TARGETS duel_${name} EXPORT duel_targets ARCHIVE DESTINATION lib COMPONENT development
      LIBRARY DESTINATION ${duel_shared_folder} COMPONENT programs)
  endif()
endforeach()
install(EXPORT duel_targets NAMESPACE duel:: DESTINATION ${duel_package_folder} COMPONENT development)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/duel-config.cmake.in ${PROJECT_BINARY_DIR}/generated/duel-config.cmake
  INSTALL_DESTINATION ${duel_package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/generated/duel-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/generated/duel-config.cmake ${PROJECT_BINARY_DIR}/generated/duel-config-version.cmake
  ${CMAKE_CURRENT_LIST_DIR}/kernel_sources.cmake ${CMAKE_CURRENT_LIST_DIR}/find_optional_packages.cmake
  DESTINATION ${duel_package_folder} COMPONENT development)

# Headers lie below include/duel as in the sources: <duel/engine.h> is public, and finds what it includes there.
install(DIRECTORY duel files engine app DESTINATION include/duel COMPONENT development
  FILES_MATCHING PATTERN "*.h" PATTERN explorer EXCLUDE)
duel_install_kernel_headers(include/duel programs)
install(FILES README.md DESTINATION share/doc/duel COMPONENT programs)
install(FILES LICENSE DESTINATION share/doc/duel RENAME copyright COMPONENT programs)
install(FILES LICENSE DESTINATION share/doc/libduel-dev RENAME copyright COMPONENT development)
