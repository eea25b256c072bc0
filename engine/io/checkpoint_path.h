// Which file somebody means who names a checkpoint of a run, RUNS/00007-name/checkpoints/000938.safetensors.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace duel {

constexpr std::size_t kMostRunDigits = 7;  ///< longer numbers, such as dates, are no run's

/// The file `named`; where that is a run folder, or its folder of checkpoints, its latest checkpoint; where it is
/// "latest", that of the newest run below `runs` that has one ("./latest" is a file or folder of this name); where it
/// is a number and no file is called so, that of the run with this number. Throws DataError that says where nothing was
/// found.
std::filesystem::path find_checkpoint(const std::string& named, const std::filesystem::path& runs);

/// The folder of the newest run below `runs`, with a checkpoint or without one. Throws DataError where there is none.
std::filesystem::path newest_run(const std::filesystem::path& runs);

/// The run folder `named`; where it is "latest", newest_run(); where it is a number and no folder is called so, the run
/// with this number below `runs`. Throws DataError where there is none.
std::filesystem::path find_run(const std::string& named, const std::filesystem::path& runs);

}  // namespace duel
