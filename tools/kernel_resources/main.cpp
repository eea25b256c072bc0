// kernel_resources BUILD_FOLDER: registers, memory and occupancy of every GPU kernel of a build, from what the compiler
// said; with --check the gate against kernels/resources.csv. Needs no GPU. Exit codes: 0 well, 1 something is worse, 2
// usage or an unusable build, 6 a file or standard output cannot be written.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "files/output_file.h"
#include "files/program.h"
#include "files/regular_file.h"
#include "tools/kernel_resources/build_folder.h"
#include "tools/kernel_resources/record.h"
#include "tools/kernel_resources/report.h"
#include "tools/kernel_resources/sass_budget.h"
#include "tools/parse_arguments.h"

namespace duel {
namespace {

struct Options {
  std::string folder, check, record, cuobjdump = "cuobjdump";
  std::vector<int> architectures;
  std::string format = "table";
  bool sass = false;
};

std::set<int> architectures_of(const ResourceTable& table) {
  std::set<int> architectures;
  for (const KernelRow& row : table.rows) architectures.insert(row.resources.architecture);
  return architectures;
}

/// A record's table, by its reader.
template <class Read>
auto read_record(const std::string& file, const Read& read) {
  const std::optional<std::string> text = read_regular_file(file);
  if (!text) throw std::runtime_error(file + ": cannot be read; make it with --record " + file);
  std::istringstream csv(*text);
  return read(csv, file);
}

int tell(const Comparison& found, std::size_t architectures, const std::string& record_command) {
  for (const std::string& note : found.notes) std::cout << "note: " << note << '\n';
  for (const std::string& failure : found.failures) std::cout << "FAILED: " << failure << '\n';
  if (!found.failures.empty() || !found.notes.empty()) {
    std::cout << "To record what is built: tools/build.sh cuda-compile && "
              << "build/cuda-compile/tools/kernel_resources/kernel_resources build/cuda-compile " << record_command
              << '\n';
  }
  std::cout << "kernel_resources: compared " << found.compared << " lines of " << architectures
            << " architectures, failures: " << found.failures.size() << '\n';
  return found.failures.empty() ? 0 : 1;
}

// A record of fewer architectures than before would lose the others.
void require_all(const std::set<int>& architectures) {
  for (const int architecture : occupancy_architectures()) {
    if (!architectures.contains(architecture)) {
      throw std::runtime_error("--record: sm_" + std::to_string(architecture) +
                               " is not built; build every architecture (tools/build.sh cuda-compile)");
    }
  }
}

void write_record(const std::string& csv, std::size_t rows, OutputFile& file) {
  file.write(csv);
  std::cout << "recorded " << rows << " lines in " << file.name().string() << '\n';
}

int run_sass(const BuildFolder& build, const Options& options, OutputFile& record_file) {
  const std::string program = find_program(options.cuobjdump);
  if (program.empty()) {
    std::cout << "skipped: " << options.cuobjdump
              << " is neither in PATH nor in /usr/local/cuda/bin; it is part of the "
              << "CUDA toolkit and of NVIDIA's Python package nvidia-cuda-cuobjdump\n";
    return 0;
  }
  const std::vector<DisassembledKernel> kernels = disassemble(build, options.architectures, program);
  BudgetTable built{build.toolkit, {}};
  std::set<int> architectures;
  for (const auto& [source, code] : kernels) {
    built.rows.push_back(budget_of(source, code));
    architectures.insert(code.architecture);
  }
  if (!options.check.empty()) {
    return tell(compare_budgets(read_record(options.check, read_budgets), built), architectures.size(),
                "--sass --record " + options.check);
  }
  if (options.record.empty()) {
    write_sass_counts(kernels, std::cout);
    return 0;
  }
  require_all(architectures);
  std::ostringstream csv;
  write_budgets(built, csv);
  write_record(csv.str(), built.rows.size(), record_file);
  return 0;
}

int run(const Options& options) {
  OutputFile record_file("--record", options.record, "# nvcc ");
  BuildFolder build = read_build_folder(options.folder);
  if (options.sass) return run_sass(build, options, record_file);
  if (!options.architectures.empty()) {
    const auto& wanted = options.architectures;
    std::erase_if(build.kernels, [&](const KernelResources& k) {
      return std::find(wanted.begin(), wanted.end(), k.architecture) == wanted.end();
    });
  }
  const ResourceTable table = with_occupancy(build.toolkit, build.kernels);
  const std::set<int> architectures = architectures_of(table);
  if (!options.check.empty()) {
    return tell(compare_with_record(read_record(options.check, read_csv), table), architectures.size(),
                "--record " + options.check);
  }
  if (!options.record.empty()) {
    require_all(architectures);
    std::ostringstream csv;
    write_csv(table, csv);
    write_record(csv.str(), table.rows.size(), record_file);
  } else if (options.format == "csv") {
    write_csv(table, std::cout);
  } else if (options.format == "json") {
    write_json(table, std::cout);
  } else {
    write_table(table, std::cout);
  }
  return 0;
}

int run_command_line(int argc, char** argv) {
  Options options;
  CLI::App app("Registers, memory and occupancy of the GPU kernels of a build folder, from what nvcc said",
               "kernel_resources");
  app.add_option("build", options.folder, "a build folder of the preset cuda or cuda-compile")->required();
  app.add_option("--architecture", options.architectures, "only these, such as 75,90")->delimiter(',');
  auto* format = app.add_option("--format", options.format, "how to print it: table, json or csv")
                     ->check(CLI::IsMember({"table", "json", "csv"}))
                     ->capture_default_str();
  const auto set_format = [&options](const char* name) { return [&options, name] { options.format = name; }; };
  auto* csv = app.add_flag_callback("--csv", set_format("csv"), "the same as --format csv");
  auto* json = app.add_flag_callback("--json", set_format("json"), "the same as --format json");
  auto* check = app.add_option("--check", options.check, "compare with this record; exit code 1 if something is worse");
  auto* record = app.add_option("--record", options.record, "write the record; every architecture must be built");
  auto* sass =
      app.add_flag("--sass", options.sass,
                   "count the instructions of each kernel's hottest loop; with --check and --record what each kernel's "
                   "code may cost");
  app.add_option("--cuobjdump", options.cuobjdump, "the disassembler for --sass")->capture_default_str();
  format->excludes(csv, json, check, record, sass);
  csv->excludes(json, check, record, sass);
  json->excludes(check, record, sass);
  check->excludes(record);
  if (const auto code = parse_arguments(app, argc, argv)) return *code;
  try {
    return run(options);
  } catch (const std::system_error& error) {
    std::cerr << "kernel_resources: " << error.what() << '\n';
    return 6;
  } catch (const std::exception& error) {
    std::cerr << "kernel_resources: " << error.what() << '\n';
    return 2;
  }
}

}  // namespace
}  // namespace duel

int main(int argc, char** argv) {
  return duel::run_program("kernel_resources", [&] { return duel::run_command_line(argc, argv); });
}
