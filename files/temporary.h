// Names of what exists only while a process writes, and the removal of what killed processes left.
#pragma once

#include <filesystem>
#include <string>

#include "files/descriptor.h"

namespace duel {

/// `target` with ".<process>-<number>.tmp" after its name, another one at every call. A name that would become too
/// long loses its end.
std::filesystem::path temporary_name(const std::filesystem::path& target);

/// Says that this process still needs the open temporary: remove_leftovers() of others leaves it alone until the
/// descriptor is closed.
void hold_temporary(const Descriptor& temporary);

/// Removes the temporaries in `folder` (files, and folders with all that is in them) whose process is dead: nobody
/// holds them, and no process has that number, or it was last written over ten seconds ago (so the number is another
/// process's by now). With `beginning`: only those whose names begin so. What cannot be removed stays. Never throws.
void remove_leftovers(const std::filesystem::path& folder, const std::string& beginning = "") noexcept;

}  // namespace duel
