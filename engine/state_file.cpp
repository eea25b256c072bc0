#include "engine/state_file.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

#include "kernels/runtime/buffer.h"

namespace duel {
namespace {

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::int64_t extent : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  return text + "]";
}

const Tensor& find(const TensorFile& file, const std::string& name, DType type,
                   const std::vector<std::int64_t>& shape) {
  const Tensor* tensor = file.find(name);
  const std::string advice = "; is this a checkpoint of another configuration, or not of mnist_gan?";
  if (!tensor) throw DataError("tensor '" + name + "' is missing" + advice);
  if (tensor->type != type || tensor->shape != shape) {
    throw DataError("tensor '" + name + "': expected shape " + shape_text(shape) +
                    (type == DType::f32 ? " of F32" : " of I64") + ", found " + shape_text(tensor->shape) + advice);
  }
  return *tensor;
}

void append(TensorFile& file, std::string name, DType type, std::vector<std::int64_t> shape,
            std::span<const std::byte> bytes) {
  file.tensors.push_back({std::move(name), type, std::move(shape), {bytes.begin(), bytes.end()}});
}

void upload(Vector<float> array, const std::vector<float>& values, StreamView stream) {
  if (values.empty()) return;
  check(cudaMemcpyAsync(array.data, values.data(), array.bytes(), cudaMemcpyHostToDevice, stream.get()));
  stream.synchronize();
}

using Slots = std::vector<const TensorSlot*>;

void append_slots(TensorFile& file, const std::string& prefix, const Slots& slots, Vector<float> array,
                  StreamView stream) {
  const std::vector<float> values = download(array, stream);
  for (const TensorSlot* slot : slots) {
    append(file, prefix + slot->name, DType::f32, slot->shape,
           std::as_bytes(std::span(values).subspan(slot->offset, slot->size())));
  }
}

void load_slots(const TensorFile& file, const std::string& prefix, const Slots& slots, Vector<float> array,
                StreamView stream) {
  std::vector<float> values(array.size(), 0.f);
  for (const TensorSlot* slot : slots) {
    const Tensor& tensor = find(file, prefix + slot->name, DType::f32, slot->shape);
    std::memcpy(values.data() + slot->offset, tensor.bytes.data(), tensor.bytes.size());
  }
  upload(array, values, stream);
}

// An optimizer's progress is a function of the step count and the clock; the kernel recomputes the rest.
template <class Progress>
void upload_step(Vector<Progress> to, std::int64_t step, StreamView stream) {
  const Progress progress{step, 0, 0};
  check(cudaMemcpyAsync(to.data, &progress, sizeof progress, cudaMemcpyHostToDevice, stream.get()));
  stream.synchronize();
}

template <class Progress>
std::int64_t download_step(Vector<Progress> from, StreamView stream) {
  Progress progress;
  check(cudaMemcpyAsync(&progress, from.data, sizeof progress, cudaMemcpyDeviceToHost, stream.get()));
  stream.synchronize();
  return progress.step;
}

void append_optimizer(TensorFile& file, const std::string& prefix, const Slots& slots, const NetworkState& state,
                      StreamView stream) {
  if (state.sgd_progress) {
    append_slots(file, prefix + "sgd.velocity.", slots, state.velocity, stream);
    append_integers(file, prefix + "sgd.step", {download_step(state.sgd_progress, stream)});
    return;
  }
  append_slots(file, prefix + "adam.exp_avg.", slots, state.first_moment, stream);
  append_slots(file, prefix + "adam.exp_avg_sq.", slots, state.second_moment, stream);
  append_integers(file, prefix + "adam.step", {download_step(state.progress, stream)});
}

void load_optimizer(const TensorFile& file, const std::string& prefix, const Slots& slots, const NetworkState& state,
                    StreamView stream) {
  if (state.sgd_progress) {
    load_slots(file, prefix + "sgd.velocity.", slots, state.velocity, stream);
    upload_step(state.sgd_progress, find_integers(file, prefix + "sgd.step", 1)[0], stream);
    return;
  }
  load_slots(file, prefix + "adam.exp_avg.", slots, state.first_moment, stream);
  load_slots(file, prefix + "adam.exp_avg_sq.", slots, state.second_moment, stream);
  upload_step(state.progress, find_integers(file, prefix + "adam.step", 1)[0], stream);
}

}  // namespace

bool has_average(const TensorFile& file) {
  return std::any_of(file.tensors.begin(), file.tensors.end(),
                     [](const Tensor& tensor) { return tensor.name.starts_with(kAveragePrefix); });
}

void append_network(TensorFile& file, const std::string& prefix, const NetworkLayout& layout, const NetworkState& state,
                    NetworkPart part, std::int64_t batches_tracked, StreamView stream) {
  const Slots slots = layout.parameter_slots();
  if (part == NetworkPart::gradients) return append_slots(file, prefix, slots, state.gradients, stream);
  append_slots(file, prefix, slots, state.parameters, stream);
  append_slots(file, prefix, layout.statistic_slots(), state.statistics, stream);
  for (const LayerSlots& layer : layout.layers) {
    if (!layer.batch_norm) continue;
    append(file, prefix + layer.batches_tracked, DType::i64, {}, std::as_bytes(std::span(&batches_tracked, 1)));
  }
  if (part != NetworkPart::everything) return;
  append_optimizer(file, prefix, slots, state, stream);
}

std::int64_t load_network(const TensorFile& file, const std::string& prefix, const NetworkLayout& layout,
                          const NetworkState& state, NetworkPart part, StreamView stream) {
  const Slots slots = layout.parameter_slots();
  load_slots(file, prefix, slots, state.parameters, stream);
  load_slots(file, prefix, layout.statistic_slots(), state.statistics, stream);
  std::int64_t batches_tracked = 0;
  for (const LayerSlots& layer : layout.layers) {
    if (!layer.batch_norm) continue;
    std::memcpy(&batches_tracked, find(file, prefix + layer.batches_tracked, DType::i64, {}).bytes.data(),
                sizeof batches_tracked);
  }
  if (part != NetworkPart::everything) return batches_tracked;
  load_optimizer(file, prefix, slots, state, stream);
  return batches_tracked;
}

void append_integers(TensorFile& file, const std::string& name, const std::vector<std::int64_t>& values) {
  append(file, name, DType::i64, {static_cast<std::int64_t>(values.size())}, std::as_bytes(std::span(values)));
}

std::vector<std::int64_t> find_integers(const TensorFile& file, const std::string& name, std::size_t count) {
  const Tensor& tensor = find(file, name, DType::i64, {static_cast<std::int64_t>(count)});
  std::vector<std::int64_t> values(count);
  std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  for (const std::int64_t value : values) {
    if (value < 0)
      throw DataError("tensor '" + name + "' holds " + std::to_string(value) + "; expected numbers of at least 0");
  }
  return values;
}

}  // namespace duel
