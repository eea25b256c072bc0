// Options that several subcommands share.
#pragma once

#include <functional>
#include <string>

#include "tools/kernel_lab/lab.h"
#include "tools/kernel_lab/report.h"

namespace CLI {
class App;
}

namespace duel::lab {

/// --device, --threads, --with
void add_lab_options(CLI::App& command, LabOptions& options);
/// --op, --variant, --case
void add_filter_options(CLI::App& command, Filter& filter);
/// --format, --out
void add_output_options(CLI::App& command, OutputOptions& options);

/// For CLI::Option::check(): a number from low to high; CLI::Range lets NaN through.
std::function<std::string(const std::string&)> number_between(double low, double high);

}  // namespace duel::lab
