// Options that several subcommands share.
#pragma once

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

}  // namespace duel::lab
