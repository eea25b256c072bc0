# cmake -DNAMES=... -DFILES=... -DOUTPUT=... -P embed_text_now.cmake: a header with the files' texts (embed_text.cmake).
set(header "// Generated.\n#pragma once\n\nnamespace duel {\n")
foreach(name file IN ZIP_LISTS NAMES FILES)
  file(READ "${file}" text)
  string(APPEND header "\ninline constexpr const char* ${name} = R\"text(${text})text\";\n")
endforeach()
file(WRITE "${OUTPUT}" "${header}\n}  // namespace duel\n")
