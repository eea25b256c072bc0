#include "tools/kernel_lab/bench.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>
#include <stdexcept>

#include "engine/measure/progress_line.h"
#include "tools/kernel_lab/number_options.h"

namespace duel::lab {
namespace {

constexpr const char* kDeviceIsLost = "The device cannot be used after this fault: what follows was not timed.\n";

// The variants of an op that support one case.
struct Job {
  const LabOp* op;
  std::size_t number;
  CaseInfo info;
  std::vector<std::string> variants;
  std::vector<std::pair<std::string, int>> sizes = {};  ///< of a shape that somebody chose
};

/// Of the shapes that somebody chose.
std::vector<Job> jobs_of_shapes(const BenchOptions& options, const Lab& lab) {
  const std::vector<ShapedCase> shaped = add_shapes(lab, options.filter, options.shapes);
  std::vector<Job> jobs;
  for (const Choice& choice : choose(lab, {options.filter.ops, options.filter.variants, ""})) {
    for (const ShapedCase& one : shaped) {
      if (one.op != choice.op) continue;
      jobs.push_back({choice.op, one.number, choice.op->cases()[one.number],
                      supporting_variants(choice, lab.kernels, one.number), one.sizes});
    }
  }
  return jobs;
}

std::vector<Job> jobs_of(const BenchOptions& options, const Lab& lab) {
  std::vector<Job> jobs;
  if (!options.shapes.empty()) jobs = jobs_of_shapes(options, lab);
  for (const Choice& choice : options.shapes.empty() ? choose(lab, options.filter) : std::vector<Choice>()) {
    const auto cases = choice.op->cases();
    for (const std::size_t number : choice.cases) {
      const bool is_named = options.all_cases || !options.filter.case_text.empty();
      if (!is_named && !cases[number].of_training) continue;
      jobs.push_back({choice.op, number, cases[number], supporting_variants(choice, lab.kernels, number)});
    }
  }
  std::erase_if(jobs, [](const Job& job) { return job.variants.empty(); });
  if (jobs.empty()) {
    throw std::invalid_argument("no variant and case that runs on this device matches; `kernel_lab list` shows all");
  }
  return jobs;
}

class Benchmark {
 public:
  Benchmark(const BenchOptions& options, const Lab& lab, std::ostream& err)
      : options_(options),
        lab_(lab),
        progress_(err),
        sweep_(options.cache_bytes ? options.cache_bytes : last_level_cache_bytes()) {}

  BenchResult run(const std::vector<Job>& jobs) {
    result_.conditions = conditions_here(lab_.device);
    result_.conditions.cold = options_.cold;
    result_.conditions.noise = options_.timing.noise;
    result_.conditions.seconds = options_.timing.seconds;
    result_.conditions.copy_bandwidth = copy_bandwidth();
    for (const Job& job : jobs) {
      if (is_lost_) break;
      run_job(job);
    }
    progress_.clear();
    return std::move(result_);
  }

 private:
  double copy_bandwidth() {
    PreparedCase* const copy = &sweep_;
    const auto times = time_launches({&copy, 1}, nullptr, options_.timing);
    return 1e6 * sweep_.copied_bytes() / summarize(times.front()).median;
  }

  void run_job(const Job& job) {
    const LabOp& op = *job.op;
    std::vector<std::size_t> timed;  // rows
    progress_.show(op.name() + ", " + job.info.name + ": verifying");
    const auto expectation = options_.verifies ? op.expect(job.number, 1) : nullptr;
    for (const std::string& variant : job.variants) {
      BenchRow row{.op = op.name(), .variant = variant, .case_name = job.info.name, .shapes = job.info.shapes};
      row.sizes = job.sizes;
      row.work = op.work(job.number);
      if (expectation) row.wrong = expectation->verify(lab_.kernels, variant, verify::HowMany::some);
      if (!row.wrong.empty()) {
        is_lost_ = is_device_lost();
        row.wrong += replay_text(verify_command(options_.lab, row.op, row.variant, row.case_name)) +
                     (is_lost_ ? kDeviceIsLost : "");
      } else {
        timed.push_back(result_.rows.size());
      }
      result_.rows.push_back(std::move(row));
      if (is_lost_) return drop(timed);
    }
    progress_.show(op.name() + ", " + job.info.name + ": timing");
    try {
      time_rows(job, timed);
    } catch (const CudaError& error) {
      throw CudaError(error.code(), op.name() + ", case " + quoted(job.info.name) + ": " + error.what());
    }
  }

  // Rows of a case that could not be timed.
  void drop(const std::vector<std::size_t>& rows) {
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
      result_.rows.erase(result_.rows.begin() + static_cast<std::ptrdiff_t>(*row));
    }
  }

  void time_rows(const Job& job, const std::vector<std::size_t>& rows) {
    std::vector<std::string> variants;
    for (const std::size_t row : rows) variants.push_back(result_.rows[row].variant);
    const auto times =
        time_variants(*job.op, lab_.kernels, job.number, variants, options_.cold ? &sweep_ : nullptr, options_.timing);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      BenchRow& row = result_.rows[rows[i]];
      row.time = summarize(times[i]);
      row.ratio_to_first = summarize(ratios_of(times[i], times.front()));
      row.is_settled = is_settled(times[i], options_.timing.noise, options_.timing.least_rounds);
    }
  }

  const BenchOptions& options_;
  const Lab& lab_;
  ProgressLine progress_;
  CacheSweep sweep_;
  BenchResult result_;
  bool is_lost_ = false;  ///< the device
};

// Two digits after the point where they fit: the clock of a GPU's events has steps of half a microsecond.
std::string microseconds_text(double value) {
  return number_text(value, value < 1e5 ? 2 : 0);
}

/// The axes of all rows that have some, in their order.
std::vector<std::string> axes_of(const BenchResult& result) {
  std::vector<std::string> axes;
  for (const BenchRow& row : result.rows) {
    for (const auto& [axis, size] : row.sizes) {
      if (std::find(axes.begin(), axes.end(), axis) == axes.end()) axes.push_back(axis);
    }
  }
  return axes;
}

Table table_of(const BenchResult& result) {
  using enum Column::Kind;
  const std::vector<std::string> axes = axes_of(result);
  std::vector<Column> columns = {{"op", heading}, {"case", heading}, {"variant"}};
  for (const std::string& axis : axes) columns.push_back({axis, number});
  columns.insert(columns.end(), {{"median us", number},
                                 {"q1 us", number},
                                 {"q3 us", number},
                                 {"min us", number},
                                 {"runs", number},
                                 {"GB/s", number},
                                 {"copy %", number},
                                 {"GFLOP/s", number},
                                 {"ratio", number},
                                 {"q1", number},
                                 {"q3", number}});
  Table table(std::move(columns));
  for (const BenchRow& row : result.rows) {
    std::vector<std::string> cells = {row.op, row.case_name, row.variant};
    for (const std::string& axis : axes) {
      const auto has_name = [&axis](const auto& size) { return size.first == axis; };
      const auto found = std::find_if(row.sizes.begin(), row.sizes.end(), has_name);
      cells.push_back(found == row.sizes.end() ? "-" : std::to_string(found->second));
    }
    if (!row.wrong.empty()) {
      cells.insert(cells.end(), {"wrong", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"});
      table.add(std::move(cells));
      continue;
    }
    const Summary &time = row.time, &ratio = row.ratio_to_first;
    cells.insert(cells.end(),
                 {(row.is_settled ? "" : "~") + microseconds_text(time.median), microseconds_text(time.first_quartile),
                  microseconds_text(time.third_quartile), microseconds_text(time.minimum), std::to_string(time.count),
                  number_text(row.bytes_per_second() / 1e9, 2),
                  number_text(100 * row.bytes_per_second() / result.conditions.copy_bandwidth, 0),
                  number_text(row.operations_per_second() / 1e9, 2), number_text(ratio.median, 3),
                  number_text(ratio.first_quartile, 3), number_text(ratio.third_quartile, 3)});
    table.add(std::move(cells));
  }
  return table;
}

std::string introduction_of(const BenchResult& result, const Lab& lab) {
  const BenchConditions& conditions = result.conditions;
  std::string text = device_text(lab) + "\n";
  if (conditions.is_cpu) {
    text += "CPU device, " + std::to_string(Device::current().multiprocessors) +
            " threads: times say nothing about a GPU\n";
  }
  if (conditions.checked) text += "A checked build: times say nothing about kernels at all\n";
  return text + (conditions.cold ? "cold" : "hot") +
         " cache; a copy of large arrays: " + number_text(conditions.copy_bandwidth / 1e9, 2) +
         " GB/s, read and written\n\n";
}

std::string conclusion_of(const BenchResult& result) {
  std::string text =
      "\nratio: to the first row of the case, round by round; q1, q3: quartiles; ~: still noisy at the time limit\n";
  for (const BenchRow& row : result.rows) {
    if (row.wrong.empty()) continue;
    text +=
        "\nWRONG, not timed: " + row.op + ", variant " + row.variant + ", case \"" + row.case_name + "\"\n" + row.wrong;
  }
  return text;
}

}  // namespace

BenchResult measure_variants(const BenchOptions& options, const Lab& lab, std::ostream& err) {
  const std::vector<Job> jobs = jobs_of(options, lab);
  return Benchmark(options, lab, err).run(jobs);
}

int run_bench(const BenchOptions& options, const Lab& lab, std::ostream& out, std::ostream& err) {
  Delivery delivery(options.output, "bench", table_of(BenchResult()),
                    {options.lab.kernel_files.begin(), options.lab.kernel_files.end()});
  const BenchResult result = measure_variants(options, lab, err);
  delivery.deliver({.introduction = introduction_of(result, lab),
                    .table = table_of(result),
                    .conclusion = conclusion_of(result),
                    .json = to_json(result)},
                   out);
  for (const BenchRow& row : result.rows) {
    if (!row.wrong.empty()) return kFoundWrong;
  }
  return kAllWell;
}

void add_bench(CLI::App& app, Command& command) {
  const auto options = std::make_shared<BenchOptions>();
  CLI::App* bench = app.add_subcommand("bench", "Time variants side by side, after verifying them.");
  add_filter_options(*bench, options->filter);
  bench
      ->add_option_function<std::vector<std::string>>(
          "--shape",
          [options](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) options->shapes.push_back(parse_axis_sizes(text));
          },
          "sizes along an axis of the op, instead of its cases: batch=64,100 or batch=32..1024, which doubles; may be "
          "repeated, and every combination is timed; a wrong name lists the axes")
      ->type_name("AXIS=SIZES")
      ->expected(1)
      ->take_all()
      ->group("What");
  bench
      ->add_flag("!--no-verify", options->verifies,
                 "time without verifying: large shapes take long in double precision")
      ->group("How");
  bench->add_flag("--all-cases", options->all_cases, "not only the shapes of training")->group("What");
  bench->add_flag("--cold", options->cold, "empty the cache before each launch")->group("How");
  bench->add_option("--noise", options->timing.noise, "stop where the medians' relative standard error is this small")
      ->check(number_between(0, 1))
      ->capture_default_str()
      ->group("How");
  bench->add_option("--seconds", options->timing.seconds, "or after this time for each variant")
      ->check(number_between(0, 3600))
      ->capture_default_str()
      ->group("How");
  add_whole_number(*bench, "--cache-bytes", options->cache_bytes, {1, std::size_t{1} << 36},
                   "size of the last-level cache (default: what the device says)")
      ->group("How");
  add_lab_options(*bench, options->lab);
  add_output_options(*bench, options->output);
  bench->callback([options, &command] {
    command = [options](std::ostream& out, std::ostream& err) {
      return run_bench(*options, open_lab(options->lab), out, err);
    };
  });
}

}  // namespace duel::lab
