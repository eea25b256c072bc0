#include "apps/mnist_gan/train.h"

#include <algorithm>
#include <cstring>
#include <iostream>

#include "apps/mnist_gan/class_counter.h"
#include "apps/mnist_gan/dataset.h"
#include "apps/mnist_gan/host_memory.h"
#include "apps/mnist_gan/in_file.h"
#include "apps/mnist_gan/initial_weights.h"
#include "apps/mnist_gan/kernel_choice.h"
#include "apps/mnist_gan/monotonic_clock.h"
#include "apps/mnist_gan/pictures.h"
#include "apps/mnist_gan/plan.h"
#include "apps/mnist_gan/presets.h"
#include "apps/mnist_gan/progress.h"
#include "apps/mnist_gan/report/report.h"
#include "apps/mnist_gan/resume_point.h"
#include "apps/mnist_gan/resumed_run.h"
#include "apps/mnist_gan/rewind.h"
#include "apps/mnist_gan/run_folder.h"
#include "apps/mnist_gan/training_session.h"
#include "apps/mnist_gan/training_signals.h"
#include "engine/float_images.h"
#include "engine/io/idx.h"
#include "engine/kernel_record.h"
#include "engine/trainer.h"
#include "files/folders.h"
#include "files/program.h"
#include "kernels/runtime/allocation.h"
#include "kernels/runtime/device.h"

namespace duel::app {
namespace {

constexpr int kRealImages = 25, kRealColumns = 5;

/// Leaves the first `count` images of the set; 0: all.
void keep_first(ImageSet& images, int count) {
  if (count == 0) return;
  if (count > images.count) {
    throw SettingError("train-images",
                       ": expected at most the " + std::to_string(images.count) + " images of the dataset, found " +
                           std::to_string(count) +
                           "; 0 trains on all (preset paper keeps the last 10,000 of MNIST's 60,000 for validation)");
  }
  images.pixels.resize(images.pixels.size() / static_cast<std::size_t>(images.count) * static_cast<std::size_t>(count));
  if (!images.labels.empty()) images.labels.resize(static_cast<std::size_t>(count));
  images.count = count;
}

std::string profile_line(const IterationWindow& window) {
  return "iterations " + std::to_string(window.begin) + " to " + std::to_string(window.end - 1) +
         ", kernel by kernel, between cudaProfilerStart and cudaProfilerStop";
}

/// A window that training never reaches would leave the profiler waiting.
void check_window(const IterationWindow& window, std::int64_t iterations) {
  if (window.is_empty() || window.begin < iterations) return;
  throw SettingError("profile-iterations", ": the window begins at iteration " + std::to_string(window.begin) +
                                               ", expected less than the run's " + std::to_string(iterations) +
                                               " (--epochs, --max-iterations)");
}

std::string summary(const SessionResult& result, const TrainOptions& options, const RunFolder& folder,
                    const Trainer& trainer) {
  std::string text = "iterations   " + std::to_string(result.iterations) + " in " + format_duration(result.seconds);
  if (result.last_epoch_seconds >= 0) text += "; last epoch " + format_duration(result.last_epoch_seconds);
  text += "\npictures     " + folder.sample_file(result.iterations).string();
  if (writes_script_pictures(options)) text += "\n             " + folder.images_folder().string() + "/";
  text += "\nreport       " + report_file(folder.path()).string();
  text += "\ncheckpoint   " + folder.checkpoints().latest().string();
  text += "\npeak memory  host " + format_bytes(peak_host_bytes()) + ", device " +
          format_bytes(static_cast<double>(trainer.device_bytes())) + "\n";
  return text;
}

/// How many kernels of an iteration run for which reason.
std::string kernels_line(const KernelSelection& kernels) {
  std::string text = "kernels";
  for (const auto because : {SelectedBecause::chosen, SelectedBecause::tuned, SelectedBecause::preferred}) {
    const auto count = std::count_if(kernels.uses().begin(), kernels.uses().end(),
                                     [because](const KernelUse& use) { return use.because == because; });
    text +=
        (because == SelectedBecause::chosen ? " " : ", ") + std::string(name_of(because)) + " " + std::to_string(count);
  }
  return text + "; see kernels.json";
}

/// Says on the terminal and in log.txt what is about to happen; `notes` are what else there is to know.
void announce(const TrainOptions& options, const DeviceChoice& device, std::int64_t images, RunFolder& folder,
              const KernelSelection& kernels, const std::vector<std::string>& notes, Progress& progress) {
  std::vector<std::string> lines = {
      "mnist_gan " DUEL_VERSION ", preset " + options.preset,
      "device " + device.name + ": " + device.description,
      "data " + options.data.string() + ": " + std::to_string(images) + " images",
      kernels_line(kernels),
      "run folder " + folder.path().string(),
  };
  if (!options.profile_iterations.is_empty()) lines.push_back("profile " + profile_line(options.profile_iterations));
  lines.insert(lines.end(), notes.begin(), notes.end());
  for (const std::string& line : lines) {
    progress.message(line);
    folder.log(line);
  }
}

/// Shows warnings, also where progress is not wanted, and keeps them in log.txt.
void warn(const std::vector<std::string>& warnings, RunFolder& folder) {
  for (const std::string& warning : warnings) {
    std::cerr << "mnist_gan: warning: " << warning << "\n";
    folder.log("warning: " + warning);
  }
}

std::string chosen_text(const KernelOptions& kernels) {
  std::string text;
  for (const std::string& choice : kernels.chosen) text += (text.empty() ? "" : ", ") + choice;
  return text;
}

/// What training begins with has been done, and has refused nothing.
ExitCode show_plan(const TrainOptions& options, const Plan& plan, const std::optional<ResumedRun>& resumed) {
  if (!resumed) RunFolder::require_parent(options.outdir);
  std::cout << "data              " << options.data.string() << "\n" << describe(plan);
  if (resumed) {
    std::cout << "resumed           after " << resumed->iterations << " iterations, from "
              << resumed->checkpoint.string() << "\n";
  }
  if (!options.kernels.chosen.empty()) std::cout << "kernels           " << chosen_text(options.kernels) << "\n";
  if (!options.profile_iterations.is_empty()) {
    std::cout << "profile           " << profile_line(options.profile_iterations) << "\n";
  }
  return ExitCode::ok;
}

ExitCode exit_code_of(const SessionResult& result) {
  if (result.has_collapsed) return ExitCode::collapsed;
  return result.signal == 0 ? ExitCode::ok : static_cast<ExitCode>(128 + result.signal);
}

RunOutcome outcome_of(const SessionResult& result, ExitCode code, std::int64_t goal) {
  RunOutcome outcome{.exit_code = static_cast<int>(code), .iterations = result.iterations, .goal = goal, .reason = ""};
  if (result.has_collapsed) {
    outcome.end = RunEnd::collapsed;
    outcome.reason = result.alarm;
  } else if (result.signal == 0 && result.iterations == goal) {
    outcome.end = RunEnd::finished;
  } else {
    outcome.end = RunEnd::stopped;
    outcome.reason =
        result.signal == 0 ? "the time limit (--minutes)" : std::string("SIG") + sigabbrev_np(result.signal);
  }
  return outcome;
}

SessionStart start_from(const ResumedRun& resumed, const Rewound& rewound) {
  SessionMemory memory = resumed.memory;
  if (!memory.collapse) memory.collapse = {rewound.alarm, rewound.is_alarmed, 0, {}};
  // Checkpoints of earlier versions do not know of good looks.
  std::int64_t& good_at = memory.collapse->alarm.good_at;
  good_at = std::max(good_at, rewound.alarm.good_at);
  return {std::move(memory), rewound.seconds, rewound.epoch_start};
}

/// The looks of a run all see the same, whatever classifiers have come or gone since it began.
void match_earlier_looks(const Rewound& rewound, TrainingWatch::CountClasses& count_classes, RunFolder& folder) {
  if (!rewound.has_looked || rewound.counts_classes == static_cast<bool>(count_classes)) return;
  if (count_classes) {
    folder.log("the classes of the samples are not counted, as they were not when the run began");
    count_classes = {};
  } else {
    warn({"the classes of the samples are no longer counted: the classifier is gone that the run began with"}, folder);
  }
}

ExitCode train_in_folder(const TrainOptions& options, const DeviceChoice& device, const ImageSet& images,
                         Trainer& trainer, RunFolder& folder, const std::vector<std::string>& notes,
                         TrainingWatch::CountClasses count_classes, TrainingSignals& signals,
                         const std::optional<ResumedRun>& resumed) {
  const std::int64_t per_epoch = trainer.iterations_per_epoch();
  std::optional<SessionStart> start;
  if (resumed) {
    const Rewound rewound = rewind(folder, options, schedule_of(options, per_epoch), resumed->iterations);
    warn(rewound.warnings, folder);
    match_earlier_looks(rewound, count_classes, folder);
    start = start_from(*resumed, rewound);
  }
  const RunSize size = {.epochs = options.epochs,
                        .iterations = iterations_of(options.epochs, per_epoch, options.max_iterations),
                        .iterations_per_epoch = per_epoch,
                        .images_per_epoch = images.count,
                        .seconds_limit = 60 * options.minutes,
                        .iterations_before = trainer.iteration(),
                        .seconds_before = start ? start->seconds : 0};
  Progress progress(std::cerr, ProgressStyle::of_standard_error(options.quiet), size, monotonic_seconds);
  announce(options, device, images.count, folder, trainer.kernels(), notes, progress);
  folder.write_outcome({.iterations = trainer.iteration(), .goal = size.iterations});
  folder.write_config(to_config_file(options));
  folder.write_kernels(kernel_record(trainer.kernels().uses(), RecordForm::line_for_each_use));
  write_grid(folder.reals_file(), float_images(images, 0, kRealImages), kRealColumns, PixelRange::fixed);

  TrainingSession session(options, images, trainer, folder, progress,
                          {[&signals] { return signals.stop(); }, [&signals] { return signals.take_save_request(); }},
                          std::move(count_classes), start);
  const SessionResult result = session.run();
  const ExitCode code = exit_code_of(result);
  folder.write_outcome(outcome_of(result, code, size.iterations));
  const std::string text = summary(result, options, folder, trainer);
  folder.log(text);
  write_report(folder.path());
  std::cout << text;
  return code;
}

/// The error that ends the program matters more than one that keeps it from being told.
template <class Action>
void attempt(const Action& action) {
  try {
    action();
  } catch (const std::exception&) {  // a full disk, perhaps
  }
}

}  // namespace

ExitCode train(const TrainOptions& requested) {
  TrainingSignals signals;
  TrainOptions options = requested;
  for (auto& file : options.kernels.files) file = std::filesystem::absolute(file);
  KernelSelection kernels;
  std::vector<std::string> notes = choose_kernels(kernels, options.kernels);
  if (options.print_config) {
    std::cout << to_config_file(options);
    return ExitCode::ok;
  }
  if (options.resume.empty()) check_folder_name("--outdir", options.outdir);
  Dataset dataset = load_dataset(options.data, options.training.networks, "--image-size and --channels ask for");
  keep_first(dataset.images, options.train_images);
  const ImageSet& images = dataset.images;
  options.data = std::filesystem::absolute(dataset.folder);
  const Plan plan = make_plan(options, images.count);
  check_window(options.profile_iterations, plan.iterations);
  std::optional<RunFolder> folder;
  std::optional<ResumedRun> resumed;
  if (!options.resume.empty()) {
    if (!options.dry_run) folder = RunFolder::open(find_resume_point(options.resume, options.outdir).run);
    // Nobody else writes another one from here on.
    resumed = read_resumed_run(find_resume_point(options.resume, options.outdir).checkpoint, options, images);
    if (resumed->iterations > plan.iterations) {
      throw DataError(resumed->checkpoint.string() + ": expected at most the run's " + std::to_string(plan.iterations) +
                      " iterations, found " + std::to_string(resumed->iterations) +
                      "; config.toml says less than the checkpoint: raise --epochs or --max-iterations");
    }
  }
  std::optional<GeneratorFile> initial;
  if (!resumed && !options.init_from.empty()) {
    initial = read_initial_weights(options);
    options.init_from = std::filesystem::absolute(initial->file);
  }
  const DeviceChoice device = select_device(options.device, options.threads);
  std::vector<std::string> warnings = warnings_of(plan);
  const std::vector<std::string> of_tuning = use_tuned_kernels(kernels, options.kernels);
  warnings.insert(warnings.end(), of_tuning.begin(), of_tuning.end());
  require_memory(plan);
  Trainer trainer = with_chosen_kernels(options.kernels, [&] { return Trainer(options.training, images, kernels); });
  require_used(options.kernels, trainer.kernels().uses(), options.training.step);
  warnings.insert(warnings.end(), trainer.kernels().notes().begin(), trainer.kernels().notes().end());
  if (resumed) {
    in_file(resumed->checkpoint.string(), [&] { trainer.load_state(resumed->state); });
    const std::vector<std::string> reasons = explain_other_origin(resumed->state, trainer);
    warnings.insert(warnings.end(), reasons.begin(), reasons.end());
    notes.push_back("resumed after " + std::to_string(resumed->iterations) + " iterations, from " +
                    resumed->checkpoint.string());
    if (resumed->iterations == plan.iterations) {
      notes.push_back("the run is complete: --epochs or --max-iterations ends it here; raise the one that does");
    }
  }
  if (initial) {
    const TakenWeights taken = take_initial_weights(*initial, options, trainer);
    notes.push_back(taken.what);
    warnings.insert(warnings.end(), taken.warnings.begin(), taken.warnings.end());
  }
  if (options.dry_run) return show_plan(options, plan, resumed);
  const IterationWindow& window = options.profile_iterations;
  if (!window.is_empty()) trainer.profile(window.begin, window.end);
  ClassCounter classes = make_class_counter(options, dataset);
  if (!classes.note.empty()) notes.push_back(classes.note);
  signals.remember_stops();
  if (!folder) folder = RunFolder::create(options.outdir, options.name.empty() ? options.preset : options.name);
  if (writes_script_pictures(options)) std::filesystem::create_directory(folder->images_folder());
  warn(warnings, *folder);
  ExitCode code = ExitCode::ok;
  try {
    code = with_chosen_kernels(options.kernels, [&] {
      return train_in_folder(options, device, images, trainer, *folder, notes, std::move(classes.count), signals,
                             resumed);
    });
  } catch (const std::exception& error) {
    attempt([&] { folder->log(std::string("error: ") + error.what()); });
    attempt([&] {
      folder->write_outcome({.end = RunEnd::failed,
                             .exit_code = static_cast<int>(exit_code_of(error)),
                             .iterations = trainer.iteration(),
                             .goal = plan.iterations,
                             .reason = error.what()});
    });
    attempt([&] { write_report(folder->path()); });
    throw;
  }
  // The training is done, and its outcome stands, whether or not somebody can read the results; while signals are
  // handled, so that a reader that has gone does not end the process.
  if (code == ExitCode::ok) flush_standard_output();
  std::cout.flush();
  return code;
}

}  // namespace duel::app
