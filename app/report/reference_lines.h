// What the charts of a run are compared with: the equilibrium that its losses have.
#pragma once

#include <string>

#include "app/report/run_record.h"
#include "kernels/losses/losses.h"

namespace duel::app {

/// As the run's settings say. A run that does not say them, as older ones, had labels of 1 and the non-saturating
/// cross-entropy.
PlayerLosses<double> losses_of(const RunRecord& run);

/// A value of an equilibrium as the name of a line: "1/2", "ln 2", "−ln 2", "−log 4", else "0.688".
std::string level_name(double value);
/// The same within a sentence: "ln 2 ≈ 0.693".
std::string level_text(double value);

}  // namespace duel::app
