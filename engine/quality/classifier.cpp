#include "engine/quality/classifier.h"

#include <algorithm>
#include <stdexcept>
#include <system_error>

#include "engine/networks/by_pieces.h"
#include "engine/networks/state_file.h"
#include "engine/quality/classifier_file.h"
#include "engine/quality/classifier_network.h"
#include "engine/quality/classifier_training.h"
#include "files/cache_folder.h"
#include "files/folders.h"
#include "files/temporary.h"
#include "kernels/ops/transpose/transpose.h"

namespace duel {
namespace {

namespace fs = std::filesystem;

std::string size_text(const ImageSet& set) {
  return std::to_string(set.height) + " x " + std::to_string(set.width) + " x " + std::to_string(set.channels);
}

void require_labelled(const ImageSet& set, const std::string& which, const std::string& prefix) {
  const std::size_t bytes = std::size_t{1} * set.count * set.height * set.width * set.channels;
  if (set.pixels.size() != bytes) {
    throw DataError("the " + which + " images hold " + std::to_string(set.pixels.size()) + " bytes; expected " +
                    std::to_string(bytes) + " for " + std::to_string(set.count) + " of " + size_text(set));
  }
  if (set.count > 0 && set.labels.size() == static_cast<std::size_t>(set.count)) return;
  throw DataError("the " + which + " images have no labels, which the classifier that measures quality needs: found " +
                  std::to_string(set.labels.size()) + " labels of " + std::to_string(set.count) + " images; expected " +
                  prefix + "-labels-idx1-ubyte (or .gz) beside " + prefix + "-images-idx3-ubyte");
}

/// The classes of a dataset that is fit to train on.
ClassLabels checked_classes(const ImageSet& train, const ImageSet& test) {
  require_labelled(train, "training", "train");
  require_labelled(test, "test", "t10k");
  if (size_text(train) != size_text(test)) {
    throw DataError("the test images are " + size_text(test) + " (height, width, channels); expected " +
                    size_text(train) + " as the training images; are both files of the same dataset?");
  }
  ClassLabels classes(train.labels);
  if (classes.count() < 2) {
    throw DataError("all training images have the label " + std::to_string(train.labels.front()) +
                    "; expected at least two classes to tell apart");
  }
  for (const std::uint8_t label : test.labels) {
    if (classes.class_of(label) >= 0) continue;
    throw DataError("the test images have a label " + std::to_string(label) + "; expected one of the " +
                    std::to_string(classes.count()) + " labels of the training images; are both of the same dataset?");
  }
  return classes;
}

void tell(const ClassifierProgress& progress, const std::string& line) {
  if (progress) progress(line);
}

/// The weights from the cache; no tensors where there is no usable file.
TensorFile from_cache(const fs::path& file, const ClassifierSource& source, const ClassifierProgress& progress) {
  std::error_code ignored;
  if (fs::status(file, ignored).type() == fs::file_type::not_found) return {};
  try {
    return read_classifier(file, source);
  } catch (const DataError& error) {
    tell(progress, std::string("the classifier in the cache cannot be used and is trained again: ") + error.what());
  } catch (const std::system_error& error) {
    tell(progress, std::string("the classifier in the cache cannot be read and is trained again: ") + error.what());
  }
  return {};
}

void put_into_cache(const fs::path& file, const TensorFile& content, const ClassifierProgress& progress) {
  if (file.empty()) {
    return tell(progress,
                "the classifier is not kept for the next time: set HOME or XDG_CACHE_HOME to give it a place");
  }
  try {
    make_folders(file.parent_path());
    remove_leftovers(file.parent_path());
    write_safetensors(file, content);
  } catch (const std::system_error& error) {
    tell(progress, std::string("the classifier is not kept for the next time: ") + error.what());
  }
}

/// What a piece of the images needs. Rows have an image each: how they come and leave.
struct ClassifiedPiece {
  ClassifierMemory memory;
  Matrix<float> image_rows, feature_rows, probability_rows;
};

/// What follows from recipe and data: the network, and where its weights are kept.
struct ClassifierPlace {
  ClassLabels classes;
  NetworkLayout layout;
  ClassifierSource source;
  fs::path file;  ///< empty: nowhere

  ClassifierPlace(const ClassifierRecipe& recipe, const ImageSet& train, const ImageSet& test, const fs::path& folder)
      : classes(checked_classes(train, test)),
        layout(classifier_layout(recipe, train, classes.count())),
        source{recipe.text(), dataset_hash(train, test)},
        file(folder.empty() ? folder : folder / source.file_name()) {}
};

}  // namespace

struct Classifier::Impl {
  KernelSelection kernels;
  NetworkLayout layout;
  Arena memory;
  NetworkState state;
  Stream stream;
  ClassifierInfo info;

  Impl(const KernelSelection& kernels_, const ClassifierPlace& place, const TensorFile& weights, bool was_cached)
      : kernels(kernels_),
        layout(place.layout),
        memory(weight_bytes(layout)),
        state(NetworkState::take_weights(memory, layout)),
        info{.hash = weights_hash(weights),
             .test_accuracy = was_cached ? test_accuracy_of(weights) : 0,
             .was_cached = was_cached,
             .labels = place.classes.labels(),
             .shares = place.classes.shares(),
             .file = place.file} {
    load_network(weights, "", layout, state, NetworkPart::weights, stream);
  }
};

Classifier::Classifier(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Classifier::~Classifier() = default;
Classifier::Classifier(Classifier&&) noexcept = default;
Classifier& Classifier::operator=(Classifier&&) noexcept = default;

const ClassifierInfo& Classifier::info() const {
  return impl_->info;
}

Classifier Classifier::obtain(const ImageSet& train, const ImageSet& test, const fs::path& cache_folder,
                              const KernelSelection& kernels, const ClassifierProgress& progress) {
  return obtain_by({}, train, test, cache_folder, kernels, progress);
}

std::optional<Classifier> Classifier::find(const ImageSet& train, const ImageSet& test, const fs::path& cache_folder,
                                           const KernelSelection& kernels) {
  return find_by({}, train, test, cache_folder, kernels);
}

std::optional<Classifier> Classifier::find_by(const ClassifierRecipe& recipe, const ImageSet& train,
                                              const ImageSet& test, const fs::path& cache_folder,
                                              const KernelSelection& kernels) {
  const ClassifierPlace place(recipe, train, test, cache_folder);
  const TensorFile weights = from_cache(place.file, place.source, {});
  if (weights.tensors.empty()) return std::nullopt;
  return Classifier(std::make_unique<Impl>(kernels, place, weights, true));
}

Classifier Classifier::obtain_by(const ClassifierRecipe& recipe, const ImageSet& train, const ImageSet& test,
                                 const fs::path& cache_folder, const KernelSelection& kernels,
                                 const ClassifierProgress& progress) {
  const ClassifierPlace place(recipe, train, test, cache_folder);
  TensorFile weights = from_cache(place.file, place.source, progress);
  const bool was_cached = !weights.tensors.empty();
  if (!was_cached) weights = train_classifier(recipe, place.layout, train, place.classes, kernels, progress);

  auto impl = std::make_unique<Impl>(kernels, place, weights, was_cached);
  if (!was_cached) {
    const double accuracy =
        classifier_accuracy(place.layout, impl->state, test, place.classes, impl->kernels, impl->stream);
    describe_classifier(weights, place.source, accuracy);
    put_into_cache(place.file, weights, progress);
    impl->info.test_accuracy = test_accuracy_of(weights);
  }
  return Classifier(std::move(impl));
}

ClassifierOutput Classifier::classify(std::span<const float> images) const {
  const Impl& self = *impl_;
  const int pixels = self.layout.layers.front().in;
  const int count = samples_in(images, pixels, "the images"), batch = std::min(count, kClassifiedAtATime);
  const LayerSlots& head = self.layout.layers.back();
  const auto take = [&](auto& source) {
    return ClassifiedPiece{ClassifierMemory::take(source, self.layout, batch, Leaves::nothing),
                           source.template take<float>(batch, pixels), source.template take<float>(batch, head.in),
                           source.template take<float>(batch, head.out)};
  };
  Arena arena = arena_for(take);
  const ClassifiedPiece piece = take(arena);

  ClassifierOutput output{
      .count = count, .feature_dim = head.in, .classes = head.out, .features = {}, .probabilities = {}};
  output.features.resize(static_cast<std::size_t>(count) * head.in);
  output.probabilities.resize(static_cast<std::size_t>(count) * head.out);
  const cudaStream_t stream = self.stream.view().get();
  const auto record = [&](int first, int here, TaskList& list) {
    const ClassifierMemory activations = piece.memory.for_batch(here);
    const float* from = images.data() + static_cast<std::size_t>(first) * static_cast<std::size_t>(pixels);
    check(cudaMemcpyAsync(piece.image_rows.data, from, piece.image_rows.row_range(0, here).bytes(),
                          cudaMemcpyHostToDevice, stream));
    list.add(transpose_op(), {.input = piece.image_rows.row_range(0, here), .output = activations.images}, "images");
    ClassifierPass{self.layout, self.state, activations}.record_forward(list);
    list.add(transpose_op(),
             {.input = activations.layers[activations.layers.size() - 2].output,
              .output = piece.feature_rows.row_range(0, here)},
             "features");
    list.add(transpose_op(), {.input = activations.probabilities, .output = piece.probability_rows.row_range(0, here)},
             "probabilities");
  };
  const auto download = [&](int first, int here) {
    for (const auto& [to, from] :
         {std::pair{&output.features, piece.feature_rows}, {&output.probabilities, piece.probability_rows}}) {
      check(cudaMemcpyAsync(to->data() + static_cast<std::size_t>(first) * from.columns, from.data,
                            from.row_range(0, here).bytes(), cudaMemcpyDeviceToHost, stream));
    }
  };
  enqueue_by_pieces(count, batch, self.kernels, self.stream, record, download);
  self.stream.synchronize();
  return output;
}

fs::path default_classifier_cache() {
  const auto folder = cache_folder();
  return folder ? *folder / "classifiers" : fs::path();
}

}  // namespace duel
