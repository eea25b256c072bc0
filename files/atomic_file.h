// Files that a reader sees whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace duel {

/// Writes the chunks, one after another, to a temporary name in the same folder (temporary.h), flushes it to disk,
/// renames it to `file` and flushes the folder: whatever happens, the name holds the whole old file or the whole new
/// one. The new file has the permissions of the old one, else those of any new file (umask). A symbolic link at `file`
/// is replaced, not followed: for files of our own. Files that a user names are output_file.h's.
///
/// Throws std::system_error that names the file. The temporary is removed then and the old file is untouched, unless
/// only the last step failed: then the new file is in place and what() says that a power cut may undo it.
void write_file_atomically(const std::filesystem::path& file, std::span<const std::span<const std::byte>> chunks);

/// The same for text.
void write_file_atomically(const std::filesystem::path& file, std::string_view text);

/// Throws what write_file_atomically() would throw where the folder takes no new file. Leaves nothing behind.
void try_to_write_beside(const std::filesystem::path& file);

/// Flushes the names in a folder to disk, so that a power cut does not undo a rename in it or a folder made in it.
/// Throws std::system_error.
void flush_folder(const std::filesystem::path& folder);

}  // namespace duel
