#include <iomanip>

#include "tools/kernel_resources/csv_line.h"
#include "tools/kernel_resources/record.h"

namespace duel {
namespace {

constexpr const char* kColumns =
    "source,kernel,architecture,threads,registers,spill_stores,spill_loads,stack,shared,constant,blocks_per_sm,"
    "occupancy,limited_by";

KernelRow read_row(const CsvLine& line) {
  KernelRow row;
  KernelResources& k = row.resources;
  k.source = line.text(0);
  k.kernel = line.text(1);
  k.architecture = line.architecture(2);
  k.threads = line.number(3);
  k.registers = line.number(4);
  k.spill_stores = line.number(5);
  k.spill_loads = line.number(6);
  k.stack = line.number(7);
  k.shared = line.number(8);
  k.constant = line.number(9);
  if (k.threads > 0) row.occupancy = Occupancy{line.number(10), line.fraction(11), line.text(12)};
  return row;
}

}  // namespace

void write_csv(const ResourceTable& table, std::ostream& csv) {
  csv << "# nvcc " << table.toolkit << "\n" << kColumns << "\n";
  for (const auto& [k, occupancy] : table.rows) {
    csv << quoted(k.source) << ',' << quoted(k.kernel) << ",sm_" << k.architecture << ',' << k.threads << ','
        << k.registers << ',' << k.spill_stores << ',' << k.spill_loads << ',' << k.stack << ',' << k.shared << ','
        << k.constant << ',';
    if (occupancy) {
      csv << occupancy->blocks << ',' << std::setprecision(6) << occupancy->fraction << ',' << occupancy->limited_by;
    } else {
      csv << ",,";
    }
    csv << "\n";
  }
}

ResourceTable read_csv(std::istream& csv, const std::string& file) {
  const RecordLines record = read_record_lines(csv, file, kColumns);
  ResourceTable table{record.toolkit, {}};
  for (const CsvLine& line : record.lines) table.rows.push_back(read_row(line));
  return table;
}

}  // namespace duel
