// Paths in files of text, which hold UTF-8 only, while the name of a file may be any bytes.
#pragma once

#include <filesystem>
#include <string>

namespace duel {

/// `path` as UTF-8 that path_of_text() gives back: itself; or, where it is not UTF-8, the file URL of its absolute path
/// with every such byte as %XX (RFC 8089). "" stays "".
std::string path_text(const std::filesystem::path& path);

/// The path that `text` is: a URL file:///... of this machine, else the text itself. Throws std::invalid_argument for a
/// URL that names no path.
std::filesystem::path path_of_text(const std::string& text);

/// `path` as one word of a shell's command line that no command takes for an option.
std::string shell_path(const std::filesystem::path& path);

}  // namespace duel
