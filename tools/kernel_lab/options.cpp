#include "tools/kernel_lab/options.h"

#include <CLI/CLI.hpp>
#include <map>

#include "files/suggest.h"
#include "files/text.h"
#include "tools/kernel_lab/number_options.h"

namespace duel::lab {

void add_lab_options(CLI::App& command, LabOptions& options) {
  command.add_option("--device", options.device, "auto, cpu, cuda or cuda:N")->capture_default_str()->group("Device");
  add_whole_number(command, "--threads", options.threads, {0, 1024}, "worker threads of the CPU device, 0 = all cores")
      ->group("Device");
  command
      .add_option("--time-limit", options.time_limit,
                  "CPU device: stop a kernel none of whose blocks ends for so many seconds, 0 = never")
      ->check(number_between(0, 86400))
      ->capture_default_str()
      ->group("Device");
  command.add_option("--with", options.kernel_files, "add the variants of this kernel file, .cu (may be repeated)")
      ->type_name("FILE")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all()
      ->group("What");
}

void add_filter_options(CLI::App& command, Filter& filter) {
  const auto add = [&](const char* name, std::vector<std::string>& names, const char* help) {
    command.add_option(name, names, help)->type_name("NAME")->expected(1)->take_all()->group("What");
  };
  add("--op", filter.ops, "only this op (may be repeated)");
  add("--variant", filter.variants, "only this variant (may be repeated)");
  command.add_option("--case", filter.case_text, "only the case of this name, or those whose names contain it")
      ->type_name("TEXT")
      ->group("What");
}

void add_output_options(CLI::App& command, OutputOptions& options) {
  const std::map<std::string, Format> formats = {
      {"table", Format::table}, {"csv", Format::csv}, {"json", Format::json}};
  command
      .add_option_function<std::string>(
          "--format",
          [&options, formats](const std::string& name) {
            const auto found = formats.find(name);
            if (found == formats.end()) {
              throw CLI::ValidationError("--format", "expected table, csv or json, found " + in_quotes(name) +
                                                         did_you_mean(name, {"table", "csv", "json"}));
            }
            options.format = found->second;
          },
          "table, csv or json (default: by the ending of --out, else table)")
      ->type_name("FORMAT")
      ->group("Output");
  command.add_option("--out", options.file, "write the result to this file; the table is printed all the same")
      ->type_name("FILE")
      ->group("Output");
}

std::function<std::string(const std::string&)> number_between(double low, double high) {
  return [low, high](const std::string& text) -> std::string {
    const auto value = read_number<double>(text);
    if (value && *value >= low && *value <= high) return "";
    return "expected a number from " + number_text(low, 0) + " to " + number_text(high, 0) + ", found " +
           in_quotes(text);
  };
}

}  // namespace duel::lab
