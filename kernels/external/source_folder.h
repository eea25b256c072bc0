// Where the headers lie that kernel files include.
#pragma once

#include <filesystem>
#include <string>

namespace duel {

/// Of a program or module that was installed the folder include/duel beside its own, or in it; of a program of another
/// project that of the Duel which it found; else the sources of the build.
std::filesystem::path source_folder();

/// An option of the build's compiler, with that folder in the place of the build's.
std::string with_source_folder(const std::string& option);

}  // namespace duel
