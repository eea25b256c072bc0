#include "tools/kernel_lab/report.h"

namespace duel::lab {

Delivery::Delivery(const OutputOptions& options, const std::string& subcommand, const Table& table,
                   const std::vector<std::filesystem::path>& inputs)
    : output_(options, "kernel_lab " + subcommand, table.csv(), Format::table) {
  output_.keep_apart_from(inputs);
}

void Delivery::deliver(const Report& report, std::ostream& out) {
  output_.deliver({.text = report.introduction + report.table.text() + report.conclusion,
                   .csv = report.table.csv(),
                   .json = report.json + "\n"},
                  out);
}

}  // namespace duel::lab
