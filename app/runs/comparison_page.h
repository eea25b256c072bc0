// Runs side by side on a page.
#pragma once

#include <string>
#include <vector>

#include "app/runs/comparison.h"

namespace duel::app {

/// What every such page begins with.
extern const char* const kComparisonBeginning;

/// A page without anything elsewhere: how the runs stand, the settings that differ, their curves over each other, their
/// last samples. At most kMostCompared runs.
std::string comparison_page(const std::vector<ComparedRun>& runs);

}  // namespace duel::app
