// `kernel_lab counters`: what kernels move, counted without a GPU, and a gate that compares it with recorded counts.
#pragma once

#include <filesystem>
#include <iosfwd>

#include "tools/kernel_lab/command_line.h"
#include "tools/kernel_lab/options.h"
#include "tools/kernel_lab/traffic_counts.h"

namespace duel::lab {

struct CountersOptions {
  LabOptions lab;
  Filter filter;
  OutputOptions output;
  std::filesystem::path recorded = "kernels/traffic.csv";
  bool check = false;     ///< compare with `recorded` instead of printing
  bool smallest = false;  ///< with `check`: of each variant the recorded case alone that moves least
  bool record = false;    ///< write `recorded` instead of printing; nothing may be filtered out
};

Report traffic_report(const std::vector<CountedCase>& cases);

/// Returns kFoundWrong where --check finds a difference. Throws as count_traffic(), read_recorded() and Delivery do,
/// and std::invalid_argument for options that exclude each other.
int run_counters(const CountersOptions& options, const Lab& lab, std::ostream& out);

void add_counters(CLI::App& app, Command& command);

}  // namespace duel::lab
