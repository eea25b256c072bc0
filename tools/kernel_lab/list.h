// `kernel_lab list`: ops, their variants, and which of them runs where.
#pragma once

#include <iosfwd>

#include "tools/kernel_lab/command_line.h"
#include "tools/kernel_lab/options.h"

namespace duel::lab {

struct ListOptions {
  LabOptions lab;
  Filter filter;
  OutputOptions output;
};

/// Throws as choose() and Delivery do; std::invalid_argument where nothing matches.
int run_list(const ListOptions& options, const Lab& lab, std::ostream& out);

void add_list(CLI::App& app, Command& command);

}  // namespace duel::lab
