#include "app/evaluate/evaluate.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "app/data/dataset.h"
#include "app/data/dataset_file.h"
#include "app/data/dataset_places.h"
#include "app/data/known_dataset.h"
#include "app/device/kernel_choice.h"
#include "app/drawing/generator_file.h"
#include "app/errors/in_file.h"
#include "app/evaluate/evaluate_progress.h"
#include "app/evaluate/evaluate_report.h"
#include "app/evaluate/sample_judge.h"
#include "engine/configuration/network_layout.h"
#include "engine/data/class_labels.h"
#include "engine/data/float_images.h"
#include "engine/data/image_stack.h"
#include "engine/io/idx.h"
#include "engine/io/idx_file.h"
#include "engine/measure/monotonic_clock.h"
#include "engine/networks/generator.h"
#include "engine/quality/quality_work.h"
#include "engine/quality/self_test.h"
#include "files/program.h"

namespace duel::app {
namespace {

constexpr int kUsualSamples = 10'000, kStackSamples = 26'000;

/// The real images, and where they come from.
struct Data {
  std::filesystem::path folder;
  ImageSet train, test;
};

/// A generator to judge, and whether it was trained on the data at hand, as far as its file tells.
struct Subject {
  GeneratorFile file;
  std::optional<bool> saw_data;
};

/// The files of a dataset, whichever of them are read.
std::vector<std::filesystem::path> data_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const char* name : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "train-labels-idx2-ubyte",
                           "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "t10k-labels-idx2-ubyte"}) {
    if (const auto file = find_idx_file(folder, name)) files.push_back(*file);
  }
  return files;
}

/// Those of classes where all generators read some: figures of others would be missing.
std::set<Metric> metrics_of(const EvaluateOptions& options, const std::vector<Subject>& subjects) {
  const auto reads_no_classes = [](const Subject& subject) { return subject.file.networks.classes == 0; };
  const auto without = std::find_if(subjects.begin(), subjects.end(), reads_no_classes);
  std::set<Metric> metrics;
  for (const Metric metric : all_metrics()) {
    const auto is_named = [&](const std::string& name) { return name == name_of(metric); };
    const bool is_wanted = std::any_of(options.metrics.begin(), options.metrics.end(), is_named);
    if (is_wanted && needs_classes(metric) && without != subjects.end()) {
      throw UsageError("--metrics " + name_of(metric) + ": the generator of " + without->file.file +
                       " reads no classes; measure it by itself, by other metrics");
    }
    const bool are_all_wanted =
        std::find(options.metrics.begin(), options.metrics.end(), "all") != options.metrics.end();
    if (is_wanted || (are_all_wanted && (!needs_classes(metric) || without == subjects.end()))) metrics.insert(metric);
  }
  if (options.self_test) std::erase_if(metrics, needs_classes);
  return metrics;
}

bool needs_classifier(const EvaluateOptions& options, const std::set<Metric>& metrics) {
  return options.self_test || std::any_of(metrics.begin(), metrics.end(), duel::needs_classifier);
}

/// Runs what reads labels or learns from them; an error of theirs says how to do without.
template <class Work>
auto with_labels(const Work& work) {
  try {
    return work();
  } catch (const DataError& error) {
    throw DataError(std::string(error.what()) +
                    "\nFigures of pixels alone need no labels: --metrics ndb,parzen,duplicates,nearest,border");
  }
}

/// Where nobody says: more for the many classes of a stack, as many as published counts of its modes are from.
int usual_samples(const std::set<Metric>& metrics, const ImageSet& train) {
  const bool counts_modes = metrics.contains(Metric::histogram) && is_stack(train);
  return counts_modes ? kStackSamples : kUsualSamples;
}

/// With labels where a classifier needs them. `output` must not be one of the files.
Data read_data(const EvaluateOptions& options, const std::set<Metric>& metrics, const ResultOutput& output) {
  std::optional<std::filesystem::path> requested;
  if (!options.data.empty()) requested = options.data;
  const std::filesystem::path folder = find_dataset(*options.program, requested);
  output.keep_apart_from(data_files(folder));
  Data data{folder, read_idx_folder_images(folder, Split::train), read_idx_folder_images(folder, Split::test)};
  in_file(folder.string(), [&] { require_measurable(data.train, data.test); });
  if (!needs_classifier(options, metrics)) return data;
  with_labels([&] {
    data.train.labels = read_idx_folder_labels(folder, Split::train, data.train.count);
    data.test.labels = read_idx_folder_labels(folder, Split::test, data.test.count);
    data.train.channel_labels = read_idx_folder_channel_labels(folder, Split::train, data.train);
    data.test.channel_labels = read_idx_folder_channel_labels(folder, Split::test, data.test);
  });
  return data;
}

/// [samples, pixels] in [-1, 1], of a conditional generator of each class in turn. With the batch's statistics in
/// batches as in training, and whole ones: a smaller last batch would be normalised otherwise.
std::vector<float> draw_samples(const Generator& generator, const GeneratorFile& file, const EvaluateOptions& options,
                                std::uint64_t seed) {
  const int batch = options.statistics == BatchStatistics::batch ? file.batch_size : options.samples;
  const int drawn = (options.samples + batch - 1) / batch * batch;
  const std::vector<float> latents = draw_latents(drawn, file.networks, seed);
  const auto values_of_batch =
      static_cast<std::size_t>(batch) * static_cast<std::size_t>(file.networks.generator_inputs());
  std::vector<float> images;
  for (std::size_t at = 0; at < latents.size(); at += values_of_batch) {
    const FloatImages some =
        in_range(generator.generate(std::span(latents).subspan(at, values_of_batch), options.statistics),
                 ImageRange::minus_one_to_one);
    images.insert(images.end(), some.values.begin(), some.values.end());
  }
  images.resize(static_cast<std::size_t>(options.samples) * static_cast<std::size_t>(file.networks.pixels()));
  require_finite(file.file, images);
  return images;
}

/// Multiply-adds of the samples of a seed, about.
double work_of_drawing(const GeneratorFile& file, const EvaluateOptions& options) {
  return static_cast<double>(options.samples) * static_cast<double>(generator_layout(file.networks).parameter_count());
}

EvaluatedCheckpoint evaluate_checkpoint(const Subject& subject, const EvaluateOptions& options,
                                        const QualityMeter& meter, const KernelSelection& kernels,
                                        EvaluateProgress& progress) {
  const GeneratorFile& file = subject.file;
  EvaluatedCheckpoint result;
  result.file = file.file;
  result.saw_data = subject.saw_data;
  result.is_averaged = file.has_average && options.weights == GeneratorWeights::average;
  const Generator generator(file.networks, file.tensors, options.weights, kernels);
  for (int i = 0; i < options.seeds; ++i) {
    const std::uint64_t seed = options.seed + static_cast<std::uint64_t>(i);
    progress.set_place("seed " + std::to_string(seed) + " of " + file.file);
    progress.begin("drawing samples", work_of_drawing(file, options));
    const double start = monotonic_seconds();
    const std::vector<float> images = draw_samples(generator, file, options, seed);
    result.generation_seconds.push_back(monotonic_seconds() - start);
    result.by_seed.push_back(meter.measure(images, classes_in_turn(options.samples, file.networks.classes)));
  }
  return result;
}

ExitCode self_test(const EvaluateOptions& options, const Data& data, const Classify& classify, QualitySettings settings,
                   ResultOutput& output) {
  EvaluateProgress progress(std::cerr, self_test_work(data.train, data.test, settings), monotonic_seconds);
  progress.set_place("self-test");
  settings.progress = progress.listener();
  const std::vector<SelfTestCheck> checks = quality_self_test(data.train, data.test, classify, settings);
  progress.finish();
  output.deliver(self_test_report(options, checks), std::cout);
  const bool all_noticed = std::all_of(checks.begin(), checks.end(), [](const auto& check) { return check.noticed; });
  return all_noticed ? ExitCode::ok : ExitCode::internal;
}

/// Real images, then every checkpoint.
void measure_subjects(const std::vector<Subject>& subjects, const Data& data, const Classify& classify,
                      QualitySettings settings, EvaluateResult& result) {
  const EvaluateOptions& options = result.options;
  const QualityWork work(settings, data.train, data.test);
  double total = work.preparation() + work.real();
  for (const Subject& subject : subjects) {
    total += options.seeds * (work_of_drawing(subject.file, options) + work.samples());
  }
  EvaluateProgress progress(std::cerr, total, monotonic_seconds);
  progress.set_place("real images");
  settings.progress = progress.listener();

  const QualityMeter meter(data.train, data.test, classify, settings);
  result.duplicate_threshold = meter.duplicate_threshold();
  result.real = meter.measure_real();
  for (const Subject& subject : subjects) {
    result.checkpoints.push_back(in_file(
        subject.file.file, [&] { return evaluate_checkpoint(subject, options, meter, settings.kernels, progress); }));
  }
}

/// Those that a generator reads and those that the classifier tells apart must be the same, and each be drawn.
void require_classes(const std::vector<Subject>& subjects, const EvaluateOptions& options, int classes) {
  for (const auto& [file, saw_data] : subjects) {
    if (file.networks.classes == classes) continue;
    throw UsageError(file.file + ": expected a generator of the " + std::to_string(classes) +
                     " classes of the data, found one of " + std::to_string(file.networks.classes) +
                     "; name its dataset (--data DIR), or other metrics");
  }
  if (options.samples >= 2 * classes) return;
  throw SettingError("samples", ": expected at least two of each class, " + std::to_string(2 * classes) + ", found " +
                                    std::to_string(options.samples));
}

/// `result` says with which options, and where.
ExitCode evaluate_all(const std::vector<Subject>& subjects, const std::set<Metric>& metrics, const Data& data,
                      const KernelSelection& kernels, EvaluateResult& result, ResultOutput& output) {
  const EvaluateOptions& options = result.options;
  if (metrics.contains(Metric::classes)) require_classes(subjects, options, ClassLabels(data.train.labels).count());
  QualitySettings settings{.samples = options.samples, .metrics = metrics, .kernels = kernels, .progress = {}};
  std::optional<SampleJudge> judge;
  if (needs_classifier(options, metrics)) {
    with_labels([&] { judge.emplace(options, data.train, data.test, kernels); });
    result.classifier = judge->info();
    result.classes = judge->class_names(class_names_if_any(*options.program, data.folder, data.train));
    settings.class_shares = judge->class_shares();
  }
  output.begin(evaluate_introduction(result), std::cout);
  flush_standard_output();
  const Classify classify = [&](std::span<const float> images) { return judge->judge(images); };
  if (options.self_test) return self_test(options, data, classify, settings, output);

  measure_subjects(subjects, data, classify, settings, result);
  output.deliver({.text = evaluate_report(result), .csv = evaluate_csv(result), .json = evaluate_json(result)},
                 std::cout);
  return ExitCode::ok;
}

}  // namespace

ExitCode evaluate(const EvaluateOptions& options) {
  ResultOutput output(options.result, options.program->name + " evaluate",
                      options.self_test ? self_test_report(options, {}).csv : evaluate_csv({}), ResultFormat::json);
  output.keep_apart_from({options.kernels.files.begin(), options.kernels.files.end()});
  KernelSelection kernels;
  choose_kernels(kernels, options.kernels);
  std::vector<Subject> subjects;
  for (const std::filesystem::path& named : options.checkpoints) {
    subjects.push_back({read_generator_file(*options.program, named.string(), options.preset, options.runs), {}});
    output.keep_apart_from({subjects.back().file.file});
  }
  const std::set<Metric> metrics = metrics_of(options, subjects);
  const Data data = read_data(options, metrics, output);
  for (auto& [file, saw_data] : subjects) {
    require_size(data.train, data.folder, file.networks, file.file + " draws");
    saw_data = compare_data(*options.program, file.file, file.trained_on, data.train, data.folder, options.data);
  }
  EvaluateResult result;
  result.options = options;
  if (options.samples == 0) result.options.samples = usual_samples(metrics, data.train);
  result.data = std::filesystem::absolute(data.folder).string();
  result.dataset = known_dataset(*options.program, data.train);
  result.device = select_device(options.device, options.threads);
  for (const std::string& warning : use_tuned_kernels(kernels, options.kernels)) warn(*options.program, warning);
  return with_chosen_kernels(options.kernels,
                             [&] { return evaluate_all(subjects, metrics, data, kernels, result, output); });
}

}  // namespace duel::app
