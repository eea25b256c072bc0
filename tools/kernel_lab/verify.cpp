#include "tools/kernel_lab/verify.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <span>

#include "engine/io/json_text.h"
#include "engine/measure/monotonic_clock.h"
#include "engine/measure/progress_line.h"
#include "tools/kernel_lab/number_options.h"
#include "tools/kernel_lab/stop_signals.h"

namespace duel::lab {
namespace {

struct Failure {
  std::string op, variant, case_name;
  std::uint64_t seed;
  std::string text;  ///< what LabOp::verify() said
};

// What happened to one variant of one op.
struct Tally {
  std::string op, variant;
  std::size_t cases = 0;  ///< cases times seeds
  std::size_t executions = 0, failed = 0;
  double seconds = 0;

  std::string verdict() const {
    if (cases == 0) return "no case here";
    return failed == 0 ? "passed" : "FAILED in " + std::to_string(failed);
  }
};

std::string command_of(const Failure& failure, const VerifyRunOptions& options) {
  return verify_command(options.lab, failure.op, failure.variant, failure.case_name,
                        " --seed " + std::to_string(failure.seed) +
                            (options.schedules == verify::HowMany::all ? " --schedules all" : ""));
}

// The first line after the heading of what is wrong.
std::string in_a_line(const std::string& text) {
  std::size_t begin = text.find('\n');
  begin = begin == std::string::npos ? 0 : text.find_first_not_of(' ', begin + 1);
  return begin == std::string::npos ? text : text.substr(begin, text.find('\n', begin) - begin);
}

// Those of a variant one after another, in the order of their first ones.
std::vector<const Failure*> by_variant(const std::vector<Failure>& failures) {
  std::vector<const Failure*> sorted;
  for (const Failure& failure : failures) {
    const auto is_of_same = [&](const Failure* other) {
      return other->op == failure.op && other->variant == failure.variant;
    };
    const auto last = std::find_if(sorted.rbegin(), sorted.rend(), is_of_same);
    sorted.insert(last == sorted.rend() ? sorted.end() : last.base(), &failure);
  }
  return sorted;
}

// Of kernel files what they add, unless somebody names ops or variants.
std::vector<Choice> choices_of(const VerifyRunOptions& options, const Lab& lab) {
  std::vector<Choice> choices = choose(lab, options.filter);
  if (!options.with_training_shapes) {
    for (Choice& choice : choices) {
      std::erase_if(choice.cases, [cases = choice.op->cases()](std::size_t at) { return cases[at].of_training; });
    }
  }
  if (options.lab.kernel_files.empty() || !options.filter.ops.empty() || !options.filter.variants.empty())
    return choices;
  for (Choice& choice : choices) {
    std::erase_if(choice.variants, [](const VariantInfo& variant) { return !variant.from_outside; });
  }
  return choices;
}

class Verification {
 public:
  Verification(const VerifyRunOptions& options, const Lab& lab, std::ostream& err)
      : options_(options), lab_(lab), progress_(err, ProgressLine::Elsewhere::later_lines) {}

  void run() {
    const std::vector<Choice> choices = choices_of(options_, lab_);
    for (const Choice& choice : choices) pairs_ += choice.cases.size() * static_cast<std::size_t>(options_.seeds);
    for (const Choice& choice : choices) run_op(choice);
  }

  Report report() const;
  bool is_wrong() const { return !failures_.empty() || executions() == 0; }
  int signal() const { return signals_.signal(); }  ///< that ended it early; 0: none did

 private:
  std::size_t executions() const {
    std::size_t sum = 0;
    for (const Tally& tally : tallies_) sum += tally.executions;
    return sum;
  }

  void run_op(const Choice& choice) {
    const std::size_t first = tallies_.size();
    for (const VariantInfo& variant : choice.variants) tallies_.push_back({choice.op->name(), variant.name});
    const auto cases = choice.op->cases();
    for (const std::size_t number : choice.cases) {
      for (int round = 0; round < options_.seeds && !is_at_end(); ++round) {
        const std::uint64_t seed = options_.seed + static_cast<std::uint64_t>(round);
        progress_.show(std::to_string(100 * done_ / pairs_) + "%  " + choice.op->name() + ", " + cases[number].name +
                       ", seed " + std::to_string(seed) + so_far());
        run_case({tallies_.begin() + static_cast<std::ptrdiff_t>(first), tallies_.end()}, *choice.op, number,
                 cases[number].name, seed);
        done_ += signal() == 0 ? 1 : 0;
      }
    }
    progress_.clear();
  }

  // The reference of a case and seed is computed once for all variants.
  void run_case(std::span<Tally> tallies, const LabOp& op, std::size_t number, const std::string& name,
                std::uint64_t seed) {
    std::unique_ptr<Expectation> expectation;
    for (Tally& tally : tallies) {
      if (is_at_end()) return;
      std::string wrong;
      try {
        if (!op.supports(lab_.kernels, tally.variant, number)) continue;
      } catch (const ForeignCodeError& error) {  // of a kernel file
        verify::forget_device_fault();           // no kernel has run
        wrong = "it does not say whether it supports the case:\n  " + std::string(error.what()) + "\n";
      }
      if (!expectation) {
        const double start = monotonic_seconds();
        expectation = op.expect(number, seed);
        reference_seconds_ += monotonic_seconds() - start;
      }
      const double start = monotonic_seconds();
      if (wrong.empty()) wrong = expectation->verify(lab_.kernels, tally.variant, options_.schedules);
      if (signal() != 0) return;  // what was wrong may be that the kernel was stopped
      tally.seconds += monotonic_seconds() - start;
      tally.executions += verify::executions(options_.schedules, seed).size();
      ++tally.cases;
      if (wrong.empty()) continue;
      ++tally.failed;
      failures_.push_back({tally.op, tally.variant, name, seed, wrong});
      // It needs a new process then; every further variant would be blamed for the fault.
      device_is_lost_ = is_device_lost();
    }
  }

  bool is_at_end() const { return device_is_lost_ || signal() != 0; }
  std::string so_far() const {
    return failures_.empty() ? "" : "; " + std::to_string(failures_.size()) + " failures so far";
  }

  std::string failures_text() const;
  nlohmann::ordered_json json() const;

  const StopSignals signals_;
  const VerifyRunOptions& options_;
  const Lab& lab_;
  ProgressLine progress_;
  std::vector<Tally> tallies_;
  std::vector<Failure> failures_;
  std::size_t pairs_ = 0, done_ = 0;  ///< of a case and a seed
  double reference_seconds_ = 0;
  bool device_is_lost_ = false;
};

std::string Verification::failures_text() const {
  std::string text;
  const Failure* told = nullptr;  // the last one whose story is told: the first one of its variant
  for (const Failure* failure : by_variant(failures_)) {
    const std::string where = "case " + quoted(failure->case_name) + ", seed " + std::to_string(failure->seed);
    if (told && told->op == failure->op && told->variant == failure->variant) {
      text += "  also in " + where + ": " + in_a_line(failure->text) + "\n";
      continue;
    }
    told = failure;
    text += "\nFAILED: " + failure->op + ", variant " + failure->variant + ", " + where + "\n" + failure->text +
            replay_text(command_of(*failure, options_));
  }
  if (device_is_lost_) text += "\nThe device cannot be used after this fault: what follows was not verified.\n";
  if (signal() != 0) {
    return text + "\nStopped by SIG" + sigabbrev_np(signal()) + " after " + std::to_string(done_) + " of " +
           std::to_string(pairs_) + " cases and seeds: the rest was not verified.\n";
  }
  if (executions() == 0) text += "\nNothing was verified: no variant and case that runs on this device matches.\n";
  return text;
}

nlohmann::ordered_json Verification::json() const {
  auto rows = nlohmann::ordered_json::array(), failures = nlohmann::ordered_json::array();
  for (const Tally& tally : tallies_) {
    rows.push_back({{"op", tally.op},
                    {"variant", tally.variant},
                    {"cases", tally.cases},
                    {"executions", tally.executions},
                    {"seconds", tally.seconds},
                    {"failed", tally.failed}});
  }
  for (const Failure& failure : failures_) {
    failures.push_back({{"op", failure.op},
                        {"variant", failure.variant},
                        {"case", failure.case_name},
                        {"seed", failure.seed},
                        {"text", failure.text},
                        {"command", command_of(failure, options_)}});
  }
  return {{"format", "kernel_lab verify 1"},
          {"device", lab_.device.name},
          {"checked", is_checked_build()},
          {"first_seed", options_.seed},
          {"seeds", options_.seeds},
          {"is_complete", !is_at_end()},
          {"variants", rows},
          {"failures", failures}};
}

Report Verification::report() const {
  using enum Column::Kind;
  Table table({{"op"}, {"variant"}, {"cases", number}, {"executions", number}, {"seconds", number}, {"verdict"}});
  std::size_t failed = 0;
  for (const Tally& tally : tallies_) {
    table.add({tally.op, tally.variant, std::to_string(tally.cases), std::to_string(tally.executions),
               number_text(tally.seconds, 2), tally.verdict()});
    if (tally.failed > 0) ++failed;
  }
  const std::string conclusion = "\n" + std::to_string(tallies_.size()) + " variants, " + std::to_string(failed) +
                                 " failed; " + std::to_string(executions()) + " executions; " +
                                 number_text(reference_seconds_, 1) + " s for the reference\n" + failures_text();
  return {.introduction = device_text(lab_) + "\n\n",
          .table = std::move(table),
          .conclusion = conclusion,
          .json = json_text(json(), 2)};
}

}  // namespace

int run_verify(const VerifyRunOptions& options, const Lab& lab, std::ostream& out, std::ostream& err) {
  Verification verification(options, lab, err);
  Delivery delivery(options.output, "verify", verification.report().table,
                    {options.lab.kernel_files.begin(), options.lab.kernel_files.end()});
  verification.run();
  delivery.deliver(verification.report(), out);
  out.flush();
  if (verification.signal() != 0) return 128 + verification.signal();
  return verification.is_wrong() ? kFoundWrong : kAllWell;
}

void add_verify(CLI::App& app, Command& command) {
  const auto options = std::make_shared<VerifyRunOptions>();
  CLI::App* subcommand = app.add_subcommand("verify", "Compare variants with the double-precision reference.");
  add_filter_options(*subcommand, options->filter);
  add_whole_number(*subcommand, "--seed", options->seed, {}, "first seed of the values and random schedules")
      ->group("How");
  add_whole_number(*subcommand, "--seeds", options->seeds, {1, 1'000'000}, "how many seeds")->group("How");
  const std::map<std::string, verify::HowMany> how_many = {{"some", verify::HowMany::some},
                                                           {"all", verify::HowMany::all}};
  subcommand
      ->add_option("--schedules", options->schedules,
                   "CPU device: some (each order and number of threads once) or all (every pair of them)")
      ->transform(CLI::CheckedTransformer(how_many))
      ->type_name("some|all")
      ->default_str("some")
      ->group("How");
  subcommand
      ->add_flag("!--no-training-shapes", options->with_training_shapes,
                 "leave out the large cases, the shapes of training: those around tiles and warps are quick")
      ->group("How");
  add_lab_options(*subcommand, options->lab);
  subcommand->add_option("--seconds", options->lab.time_limit, "the same as --time-limit")
      ->check(number_between(0, 86400))
      ->group("Device");
  add_output_options(*subcommand, options->output);
  subcommand->callback([options, &command] {
    command = [options](std::ostream& out, std::ostream& err) {
      return run_verify(*options, open_lab(options->lab), out, err);
    };
  });
}

}  // namespace duel::lab
