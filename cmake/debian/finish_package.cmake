# What Debian's policy wants of a package's files, beyond what cmake --install gives everywhere: a copyright file that
# refers to the system's copy of the licence, a changelog, manual pages that are compressed, libraries without what only
# debuggers read; and the reasons why what lintian says all the same stays. cpack runs it before it packs what it has installed.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

foreach(package IN ITEMS programs:duel development:libduel-dev)
  string(REPLACE ":" ";" package ${package})
  list(POP_FRONT package component name)
  set(share ${CPACK_TEMPORARY_DIRECTORY}/${component}/usr/share)
  # file(COPY) would leave a file of another content in its place where both have the same time, as after a clone.
  foreach(file IN ITEMS copyright changelog)
    file(COPY_FILE ${CMAKE_CURRENT_LIST_DIR}/${file} ${share}/doc/${name}/${file})
  endforeach()
  file(MAKE_DIRECTORY ${share}/lintian/overrides)
  file(COPY_FILE ${CMAKE_CURRENT_LIST_DIR}/${name}.lintian-overrides ${share}/lintian/overrides/${name})
  file(GLOB pages ${share}/man/man*/*.1)
  foreach(file IN LISTS pages ITEMS ${share}/doc/${name}/changelog)
    run(gzip -9nf ${file})
  endforeach()
  file(GLOB archives ${CPACK_TEMPORARY_DIRECTORY}/${component}/usr/lib/*.a)
  foreach(archive IN LISTS archives)
    run(strip --strip-debug --remove-section=.comment --remove-section=.note --enable-deterministic-archives ${archive})
  endforeach()
endforeach()
