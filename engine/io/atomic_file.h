// Files that a reader sees whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace duel {

/// Writes the chunks, one after another, to a temporary name in the same folder (the file's name, then
/// ".<process>-<number>.tmp"), flushes it to disk, renames it to `file` and flushes the folder: whatever happens, the
/// name holds the whole old file or the whole new one. The new file has the permissions of any new file (umask). A
/// symbolic link at `file` is replaced, not followed.
///
/// Throws std::system_error that names the file. The temporary is removed then and the old file is untouched, unless
/// only the last step failed: then the new file is in place and what() says that a power cut may undo it.
void write_file_atomically(const std::filesystem::path& file, std::span<const std::span<const std::byte>> chunks);

}  // namespace duel
