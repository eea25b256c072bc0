# Writes a header with the SHA-256 of the list of HEADERS (sorted, relative to the current folder) and their hashes, as
# hash_headers() in kernels/external/library_build.cpp computes it again.
set(list "")
list(SORT HEADERS)
foreach(header IN LISTS HEADERS)
  file(SHA256 ${header} hash)
  string(APPEND list "${hash}  ${header}\n")
endforeach()
string(SHA256 hash "${list}")
file(WRITE ${OUTPUT} "// Generated.\n#pragma once\n\nnamespace duel {\n
inline constexpr char kHeadersHash[] = \"${hash}\";\n\n}  // namespace duel\n")
