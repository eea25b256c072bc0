# What Debian's policy wants of a package's files, beyond what cmake --install gives everywhere: a copyright file that
# refers to the system's copy of the licence, a changelog, and manual pages that are compressed. cpack runs it before it
# packs what it has installed.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()

function(compress file)
  execute_process(COMMAND gzip -9nf ${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

foreach(package IN ITEMS programs:duel development:libduel-dev)
  string(REPLACE ":" ";" package ${package})
  list(POP_FRONT package component name)
  set(share ${CPACK_TEMPORARY_DIRECTORY}/${component}/usr/share)
  file(COPY ${CMAKE_CURRENT_LIST_DIR}/copyright ${CMAKE_CURRENT_LIST_DIR}/changelog DESTINATION ${share}/doc/${name})
  compress(${share}/doc/${name}/changelog)
  file(GLOB pages ${share}/man/man*/*.1)
  foreach(page IN LISTS pages)
    compress(${page})
  endforeach()
endforeach()
