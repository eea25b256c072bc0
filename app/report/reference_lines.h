// What the charts of a run are compared with: the equilibrium that its settings have.
#pragma once

#include <string>

#include "app/report/run_record.h"
#include "engine/quality/equilibrium.h"

namespace duel::app {

/// By the run's label of real images and the generator's loss. A run that does not say them, as older ones, had labels
/// of 1 and the non-saturating loss.
Equilibrium equilibrium_of(const RunRecord& run);

/// A value of an equilibrium as the name of a line: "1/2", "ln 2", "−ln 2", "−log 4", else "0.688".
std::string level_name(double value);
/// The same within a sentence: "ln 2 ≈ 0.693".
std::string level_text(double value);

}  // namespace duel::app
