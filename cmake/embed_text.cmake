# Text files within a program.

# duel_embed_texts(TARGET HEADER NAME FILE [NAME FILE...]): sources of TARGET may include HEADER, a path below the project's
# folder, which has each file as `inline constexpr const char* NAME` in the namespace duel.
function(duel_embed_texts target header)
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed_text_now.cmake)
  set(output ${PROJECT_BINARY_DIR}/generated/texts/${header})
  set(names "")
  set(files "")
  while(ARGN)
    list(POP_FRONT ARGN name file)
    list(APPEND names ${name})
    list(APPEND files ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endwhile()
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} "-DNAMES=${names}" "-DFILES=${files}" -DOUTPUT=${output} -P ${script}
    DEPENDS ${files} ${script} VERBATIM)
  target_sources(${target} PRIVATE ${output})
  target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR}/generated/texts)
endfunction()
