// The charts of a run.
#pragma once

#include <string>

#include "app/report/chart.h"
#include "app/report/run_record.h"

namespace duel::app {

/// The curve of a log's column, of few points; without buckets where the log lacks it. `colour`: of CSS.
Curve curve_of(const LogTable& log, const char* column, const std::string& name, const std::string& colour);

/// All charts for which the run has numbers, one after another, as HTML.
std::string run_charts(const RunRecord& run);

/// Which charts are missing and why, in a sentence for each log; "" where none is.
std::string missing_charts(const RunRecord& run);

}  // namespace duel::app
