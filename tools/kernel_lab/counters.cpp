#include "tools/kernel_lab/counters.h"

#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "engine/io/json_text.h"
#include "files/output_file.h"
#include "tools/kernel_lab/traffic_record.h"

namespace duel::lab {
namespace {

using simt::KernelTraffic;

bool is_empty(const Filter& filter) {
  return filter.ops.empty() && filter.variants.empty() && filter.case_text.empty();
}

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

double sectors_per_request(const simt::GlobalTraffic& traffic) {
  return ratio(static_cast<double>(traffic.sectors), static_cast<double>(traffic.requests));
}
double least_sectors_per_request(const simt::GlobalTraffic& traffic) {
  return ratio(static_cast<double>(traffic.least_sectors), static_cast<double>(traffic.requests));
}
double conflicts_per_request(const simt::SharedTraffic& traffic) {
  return ratio(static_cast<double>(traffic.excess_wavefronts()), static_cast<double>(traffic.requests));
}
double barriers_per_block(const KernelTraffic& traffic) {
  return ratio(static_cast<double>(traffic.barriers), static_cast<double>(traffic.blocks));
}
double active_lanes(const KernelTraffic& traffic) {
  return ratio(static_cast<double>(traffic.active_lanes), static_cast<double>(traffic.lane_slots));
}

// What all kernels of a case asked for and moved in global memory, atomics counted as both.
struct Moved {
  double asked_read = 0, read = 0, asked_write = 0, written = 0;
};
Moved moved_by(const CountedCase& counted) {
  Moved sum;
  for (const CountedKernel& kernel : counted.kernels) {
    const KernelTraffic& t = kernel.traffic;
    sum.asked_read += static_cast<double>(t.global_reads.bytes + t.global_atomics.bytes);
    sum.read += static_cast<double>(t.global_reads.bytes_moved() + t.global_atomics.bytes_moved());
    sum.asked_write += static_cast<double>(t.global_writes.bytes + t.global_atomics.bytes);
    sum.written += static_cast<double>(t.global_writes.bytes_moved() + t.global_atomics.bytes_moved());
  }
  return sum;
}

// ---- table ----

const std::vector<Column>& columns() {
  using enum Column::Kind;
  static const std::vector<Column> columns = {{"op", heading},
                                              {"variant", heading},
                                              {"case", heading},
                                              {"kernel", heading},
                                              {"access"},
                                              {"asked KiB", number},
                                              {"moved KiB", number},
                                              {"least KiB", number},
                                              {"sectors/request", number},
                                              {"least sectors/request", number},
                                              {"conflicts/request", number},
                                              {"barriers/block", number},
                                              {"active lanes %", number}};
  return columns;
}

std::vector<std::string> row(const CountedKernel& kernel, const std::string& name, const std::string& access,
                             const std::vector<std::string>& numbers) {
  std::vector<std::string> cells = {kernel.op, kernel.variant, kernel.case_name, name, access};
  cells.insert(cells.end(), numbers.begin(), numbers.end());
  return cells;
}

std::string kibibytes(double bytes) {
  return number_text(bytes / 1024, 1);
}

void add_kernel(Table& table, const CountedKernel& kernel) {
  const std::string name = kernel.kernel + " <" + kernel.launch + ">";
  const KernelTraffic& t = kernel.traffic;
  const auto add = [&](const std::string& access, const simt::GlobalTraffic& global, const simt::SharedTraffic& shared,
                       const std::string& barriers, const std::string& lanes) {
    table.add(row(kernel, name, access,
                  {kibibytes(static_cast<double>(global.bytes)), kibibytes(static_cast<double>(global.bytes_moved())),
                   "", number_text(sectors_per_request(global), 2), number_text(least_sectors_per_request(global), 2),
                   number_text(conflicts_per_request(shared), 2), barriers, lanes}));
  };
  add("reads", t.global_reads, t.shared_reads, number_text(barriers_per_block(t), 1),
      number_text(100 * active_lanes(t), 1));
  add("writes", t.global_writes, t.shared_writes, "", "");
  if (t.global_atomics.requests + t.shared_atomics.requests > 0) {
    add("atomics", t.global_atomics, t.shared_atomics, "", "");
  }
}

void add_sum(Table& table, const CountedCase& counted) {
  const Moved moved = moved_by(counted);
  const auto add = [&](const std::string& access, double asked, double sum, double least) {
    table.add(row(counted.kernels.front(), "all kernels", access,
                  {kibibytes(asked), kibibytes(sum), kibibytes(least), "", "", "", "", ""}));
  };
  add("reads", moved.asked_read, moved.read, counted.work.bytes.read);
  add("writes", moved.asked_write, moved.written, counted.work.bytes.written);
}

// ---- JSON ----

nlohmann::ordered_json json_of(const CountedKernel& counted) {
  CountedKernel kernel = counted;
  nlohmann::ordered_json counts;
  for (const Counter& counter : kCounters) counts[std::string(counter.name)] = counter.of(kernel.traffic);
  const KernelTraffic& t = kernel.traffic;
  return {{"kernel", kernel.kernel},
          {"launch", kernel.launch},
          {"counts", counts},
          {"sectors_per_read_request", sectors_per_request(t.global_reads)},
          {"sectors_per_write_request", sectors_per_request(t.global_writes)},
          {"bank_conflicts_per_read_request", conflicts_per_request(t.shared_reads)},
          {"bank_conflicts_per_write_request", conflicts_per_request(t.shared_writes)},
          {"barriers_per_block", barriers_per_block(t)},
          {"active_lanes", active_lanes(t)}};
}

nlohmann::ordered_json json_of(const CountedCase& counted) {
  const CountedKernel& first = counted.kernels.front();
  const Moved moved = moved_by(counted);
  nlohmann::ordered_json kernels = nlohmann::ordered_json::array();
  for (const CountedKernel& kernel : counted.kernels) kernels.push_back(json_of(kernel));
  return {{"op", first.op},
          {"variant", first.variant},
          {"case", first.case_name},
          {"least_bytes_read", counted.work.bytes.read},
          {"bytes_asked_to_read", moved.asked_read},
          {"bytes_read", moved.read},
          {"least_bytes_written", counted.work.bytes.written},
          {"bytes_asked_to_write", moved.asked_write},
          {"bytes_written", moved.written},
          {"kernels", kernels}};
}

// ---- the recorded counts ----

bool is_of_whole_ops(const Filter& filter) {
  return filter.variants.empty() && filter.case_text.empty();
}

std::vector<std::string> ops_of(const Lab& lab) {
  std::vector<std::string> ops;
  for (const auto& op : lab.ops) ops.push_back(op->name());
  return ops;
}

/// Whether a variant is counted on a case: of those that the record knows, if it is there.
IsCounted as_recorded(const RecordedTraffic& recorded) {
  std::set<std::array<std::string, 2>> variants;
  std::set<std::array<std::string, 3>> cases;
  for (const CountedKernel& kernel : recorded.kernels) {
    variants.insert({kernel.op, kernel.variant});
    cases.insert({kernel.op, kernel.variant, kernel.case_name});
  }
  return [=](const std::string& op, const std::string& variant, const std::string& case_name) {
    return cases.contains({op, variant, case_name}) || !variants.contains({op, variant});
  };
}

int check(const CountersOptions& options, const Lab& lab, std::ostream& out) {
  const Filter& filter = options.filter;
  RecordedTraffic recorded = read_recorded(options.recorded);
  if (!filter.ops.empty()) recorded = of_ops(std::move(recorded), filter.ops, ops_of(lab));
  if (options.smallest) recorded = smallest_cases(std::move(recorded));
  const auto counted = kernels_of(count_traffic(lab, filter, options.smallest ? as_recorded(recorded) : IsCounted()));
  const auto differences = compare_with_recorded(counted, recorded, is_of_whole_ops(filter));
  for (const std::string& difference : differences) out << difference << "\n";
  if (differences.empty()) {
    out << counted.size() << " kernels move what " << options.recorded.string() << " says\n";
    return kAllWell;
  }
  out << differences.size() << " differences from " << options.recorded.string();
  if (recorded.compiler != compiler_name()) {  // whose code may access memory otherwise
    out << ", which count for nothing: it was recorded with " << recorded.compiler << ", this is " << compiler_name()
        << "\n";
    return kAllWell;
  }
  out << ". Where they are meant: kernel_lab counters --record\n";
  return kFoundWrong;
}

/// All that the lab has, some of it as it is recorded already where the filter names ops.
RecordedTraffic to_record(const std::vector<CountedKernel>& counted, const CountersOptions& options, const Lab& lab) {
  if (is_empty(options.filter)) return {compiler_name(), counted};
  const RecordedTraffic before = read_recorded(options.recorded);
  if (before.compiler != compiler_name()) {
    throw std::invalid_argument("counters: " + options.recorded.string() + " was recorded with " + before.compiler +
                                ", this is " + compiler_name() + "; record all ops, without --op");
  }
  return with_counted(before, counted, ops_of(lab));
}

void record(const std::vector<CountedKernel>& counted, const CountersOptions& options, const Lab& lab, OutputFile& file,
            std::ostream& out) {
  std::ostringstream text;
  write_recorded(text, to_record(counted, options, lab));
  file.write(text.str());
  out << counted.size() << " kernels recorded in " << file.name().string() << "\n";
}

}  // namespace

Report traffic_report(const std::vector<CountedCase>& cases) {
  Table table(columns());
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const CountedCase& counted : cases) {
    for (const CountedKernel& kernel : counted.kernels) add_kernel(table, kernel);
    add_sum(table, counted);
    all.push_back(json_of(counted));
  }
  return {.introduction =
              "Sectors of 32 bytes, wavefronts of 32 banks; per request of a warp. Least: every tensor once.\n\n",
          .table = std::move(table),
          .conclusion = "",
          .json = json_text(nlohmann::ordered_json{{"format", "kernel_lab counters 1"}, {"cases", all}}, 2)};
}

int run_counters(const CountersOptions& options, const Lab& lab, std::ostream& out) {
  if (options.check && options.record) throw std::invalid_argument("counters: expected --check or --record, not both");
  if (options.record && !is_of_whole_ops(options.filter)) {
    throw std::invalid_argument("counters: --record is of whole ops; expected no --variant or --case");
  }
  if (options.smallest && !(options.check && is_of_whole_ops(options.filter))) {
    throw std::invalid_argument("counters: --smallest is of --check; expected it, and no --variant or --case");
  }
  const std::vector<std::filesystem::path> kernel_files = {options.lab.kernel_files.begin(),
                                                           options.lab.kernel_files.end()};
  Delivery delivery(options.output, "counters", Table(columns()), kernel_files);
  OutputFile recorded("--recorded", options.record ? options.recorded : "", kRecordedBeginning);
  recorded.keep_apart_from(kernel_files);
  if (options.check) return check(options, lab, out);
  const auto cases = count_traffic(lab, options.filter);
  if (options.record) {
    record(kernels_of(cases), options, lab, recorded, out);
  } else {
    delivery.deliver(traffic_report(cases), out);
  }
  return kAllWell;
}

void add_counters(CLI::App& app, Command& command) {
  const auto options = std::make_shared<CountersOptions>();
  CLI::App* subcommand =
      app.add_subcommand("counters", "Count what kernels move, without a GPU (needs the preset cpu-race).");
  add_filter_options(*subcommand, options->filter);
  const auto add = [&](const char* name, bool& flag, const char* help) {
    subcommand->add_flag(name, flag, help)->group("Recorded counts");
  };
  add("--check", options->check, "compare with the recorded counts; exit code 1 where one differs");
  add("--smallest", options->smallest, "with --check: of each variant the recorded case alone that moves least");
  add("--record", options->record, "record the counts anew, of --op alone or of all ops");
  subcommand->add_option("--recorded", options->recorded, "the file of recorded counts")
      ->type_name("FILE")
      ->capture_default_str()
      ->group("Recorded counts");
  add_lab_options(*subcommand, options->lab);
  add_output_options(*subcommand, options->output);
  subcommand->callback([options, &command] {
    command = [options](std::ostream& out, std::ostream&) {
      return run_counters(*options, open_lab(options->lab), out);
    };
  });
}

}  // namespace duel::lab
