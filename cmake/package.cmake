# cpack: Debian packages of what cmake --install installs, duel (programs) and libduel-dev (development). Dependencies on
# libraries come from the programs themselves. For machines of any kind: of the preset cpu-portable.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME duel)
set(CPACK_PACKAGE_CONTACT "The Duel developers <duel@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "trains generative adversarial networks on hand-written kernels")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL programs development)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debian/finish_package.cmake)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/lib ${PROJECT_BINARY_DIR}/kernels/simt)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_NAME duel)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_RECOMMENDS "clang | g++, librandom123-dev")  # for kernel files
# Lines of at most 80 characters, as Debian's policy has them.
set(CPACK_COMPONENT_PROGRAMS_DESCRIPTION
  "The program mnist_gan trains, draws and measures; kernel_lab verifies and\ntimes kernels.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libduel-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
  "Libraries, headers and find_package(duel) for programs of one's own: networks\nthat train on the device, kernels and their variants, images and checkpoints,\nand whole training programs with commands, reports and live pages.")
# What find_package(duel) looks for: required, then optional as this build has it.
set(duel_development_packages "duel (= ${PROJECT_VERSION})" libfmt-dev zlib1g-dev libpng-dev libssl-dev libtomlplusplus-dev librandom123-dev)
foreach(name IN LISTS duel_optional_exported)
  list(APPEND duel_development_packages ${duel_optional_packages_${name}})
endforeach()
list(REMOVE_DUPLICATES duel_development_packages)
list(JOIN duel_development_packages ", " CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # of what was built: tests need not be
include(CPack)
