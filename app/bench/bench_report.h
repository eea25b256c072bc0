#pragma once

#include <string>
#include <vector>

#include "app/bench/bench_result.h"

namespace duel::app {

/// Tables for people: the time of an iteration, its distance from the floor; where one or two shapes were measured,
/// what takes how much of it; `with_scaling`, how the time grows with batch and width; what was left out.
std::string bench_report(const BenchResult& result, bool with_scaling);

/// A line for each shape that was measured: its speed, its memory and its distance from the floor.
std::string bench_csv(const std::vector<Measurement>& measurements);

/// Everything for programs, the raw times included.
std::string bench_json(const BenchResult& result);

}  // namespace duel::app
