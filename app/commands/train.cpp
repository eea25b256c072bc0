#include "app/commands/train.h"

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/data/dataset.h"
#include "app/data/dataset_file.h"
#include "app/device/kernel_choice.h"
#include "app/drawing/pictures.h"
#include "app/live/live_server.h"
#include "app/report/iteration_drawing.h"
#include "app/report/progress.h"
#include "app/run/announcement.h"
#include "app/run/plan.h"
#include "app/run/plan_report.h"
#include "app/run/training_end.h"
#include "app/run/training_signals.h"
#include "app/run/training_start.h"
#include "app/run_folder/run_folder.h"
#include "app/tensorboard/event_file.h"
#include "app/training/class_counter.h"
#include "app/training/schedule.h"
#include "app/training/training_session.h"
#include "engine/data/float_images.h"
#include "engine/measure/monotonic_clock.h"
#include "engine/training/trainer.h"
#include "engine/tuning/kernel_record.h"
#include "files/folders.h"
#include "files/output_file.h"
#include "kernels/runtime/device.h"

namespace duel::app {
namespace {

constexpr int kRealImages = 64, kRealColumns = 8;  // as many as the samples beside which one looks at them

/// All that the training of a run needs, ready to begin.
struct Run {
  const TrainOptions& options;
  const Plan& plan;
  const DeviceChoice& device;
  const Dataset& dataset;
  Trainer& trainer;
  RunFolder& folder;
  TrainingSignals& signals;
  const std::optional<ResumedRun>& resumed;
  LiveServer* server;  ///< nullptr: nobody watches
};

ExitCode train_in_folder(const Run& run, Told told, ClassCounter classes) {
  const auto& [options, plan, device, dataset, trainer, folder, signals, resumed, server] = run;
  const ImageSet& images = dataset.images;
  std::optional<SessionStart> start;
  if (resumed) start = rewind_session(*resumed, options, plan.iterations_per_epoch, folder, classes.count, told);
  warn(*options.program, told.warnings, folder);
  const RunSize size = {.epochs = options.epochs,
                        .iterations = plan.iterations,
                        .iterations_per_epoch = plan.iterations_per_epoch,
                        .images_per_epoch = images.count,
                        .seconds_limit = 60 * options.minutes,
                        .iterations_before = trainer.iteration(),
                        .seconds_before = start ? start->seconds : 0,
                        .device_bytes = device.is_cpu ? 0 : static_cast<double>(trainer.device_bytes())};
  Progress progress(std::cerr, ProgressStyle::of_standard_error(options.quiet), size, monotonic_seconds);
  announce(options, device, images.count, folder, trainer.kernels(), told.notes, progress);
  folder.write_outcome({.iterations = trainer.iteration(), .goal = plan.iterations});
  folder.write_config(to_config_file(options));
  folder.write_kernels(kernel_record(trainer.kernels().uses(), RecordForm::line_for_each_use));
  const ClassNames names = classes.count ? classes.names : names_of_labels(dataset.classes, images.labels);
  if (classes.count || options.conditional) write_dataset_file(folder.path(), images.name, names, {});
  write_grid(folder.reals_file(), float_images(images, 0, kRealImages), kRealColumns, PixelRange::fixed, options.scale);

  if (server) {
    server->show(*options.program, folder.path());
    progress.message("live page " + server->address());
    if (options.quiet) std::cout << "live page    " << server->address() << std::endl;  // where the results are
  }
  TrainingSignals& requests = signals;
  TrainingSession session(
      options, images, trainer, folder, progress,
      {[&requests] { return requests.stop(); }, [&requests] { return requests.take_save_request(); }},
      std::move(classes.count), start);
  const ExitCode code = end_training(session.run(), options, plan.iterations, trainer, folder);
  if (server) server->let_see_the_end();
  return code;
}

OutputFile open_levels_file(const TrainOptions& options) {
  OutputFile file("--levels", options.levels, options.levels.empty() ? "" : beginning_of(form_of(options.levels)));
  file.keep_apart_from({options.kernels.files.begin(), options.kernels.files.end()});
  return file;
}

}  // namespace

ExitCode train(const TrainOptions& requested) {
  TrainingSignals signals(*requested.program);
  TrainOptions options = requested;
  for (auto& file : options.kernels.files) file = std::filesystem::absolute(file);
  KernelSelection kernels;
  Told told;
  told.notes = choose_kernels(kernels, options.kernels);
  if (options.print_config) {
    std::cout << to_config_file(options);
    return ExitCode::ok;
  }
  if (options.resume.empty()) check_folder_name("--outdir", options.outdir);
  OutputFile levels = open_levels_file(options);

  Dataset dataset = load_training_data(options);
  keep_first(dataset.images, options);
  take_classes(dataset, options);
  const ImageSet& images = dataset.images;
  options.data = std::filesystem::absolute(dataset.folder);
  const Plan plan = make_plan(options, images.count);
  require_window(plan, options.profile_iterations);
  TrainingStart start = read_start(options, images, plan);
  if (start.initial) options.init_from = std::filesystem::absolute(start.initial->file);

  const DeviceChoice device = select_device(options.device, options.threads);
  told.add({{}, warnings_of(plan)});
  told.add({{}, use_tuned_kernels(kernels, options.kernels)});
  require_memory(plan);
  Trainer trainer = with_chosen_kernels(options.kernels, [&] { return Trainer(options.training, images, kernels); });
  require_used(options.kernels, trainer.kernels().uses(), options.training.step);
  told.add({{}, trainer.kernels().notes()});
  told.add(apply_start(start, options, plan, trainer));
  if (options.dry_run) {
    const PlannedIteration iteration = plan_iteration(options.training, trainer.kernels(), images.count);
    if (!start.resumed) RunFolder::require_parent(options.outdir);
    std::cout << plan_report(options, plan, start, iteration).in(options.format);
    if (levels.is_named()) levels.write(draw(iteration, form_of(levels.name())));
    return ExitCode::ok;
  }

  const IterationWindow& window = options.profile_iterations;
  if (!window.is_empty()) trainer.profile(window.begin, window.end);
  ClassCounter classes = make_class_counter(options, dataset);
  if (!classes.note.empty()) told.notes.push_back(classes.note);
  signals.remember_stops();
  if (options.tensorboard) require_event_files();
  std::optional<LiveServer> server;
  if (options.serve) server.emplace(*options.serve);
  RunFolder folder = start.folder
                         ? std::move(*start.folder)
                         : RunFolder::create(options.outdir, options.name.empty() ? options.preset : options.name);
  if (options.has_script_pictures) make_folder(folder.images_folder());
  ExitCode code = ExitCode::ok;
  try {
    code = with_chosen_kernels(options.kernels, [&] {
      return train_in_folder(
          {options, plan, device, dataset, trainer, folder, signals, start.resumed, server ? &*server : nullptr}, told,
          std::move(classes));
    });
  } catch (const std::exception& error) {
    fail_training(error, options, plan.iterations, trainer.iteration(), folder);
  }
  // The training is done, and its outcome stands, whether or not somebody can read what is printed (files/program.h).
  return code;
}

}  // namespace duel::app
