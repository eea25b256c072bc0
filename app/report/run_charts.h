// The charts of a run.
#pragma once

#include <string>

#include "app/report/run_record.h"

namespace duel::app {

/// All charts for which the run has numbers, one after another, as HTML.
std::string run_charts(const RunRecord& run);

/// Which charts are missing and why, in a sentence for each log; "" where none is.
std::string missing_charts(const RunRecord& run);

}  // namespace duel::app
