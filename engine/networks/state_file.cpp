#include "engine/networks/state_file.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <span>
#include <vector>

#include "files/text.h"
#include "kernels/runtime/buffer.h"

namespace duel {
namespace {

/// "shape [8, 4] of F32"
std::string form_text(DType type, const std::vector<std::int64_t>& shape) {
  return "shape " + shape_text(shape) + " of " + std::string(name_of(type));
}

const Tensor& find(const TensorFile& file, const std::string& name, DType type,
                   const std::vector<std::int64_t>& shape) {
  const Tensor* tensor = file.find(name);
  const std::string advice = "; is this a checkpoint of another configuration, or of another program?";
  if (!tensor) throw DataError("tensor " + in_quotes(name) + " is missing; found " + file.names_text() + advice);
  if (tensor->type != type || tensor->shape != shape) {
    throw DataError("tensor " + in_quotes(name) + ": expected " + form_text(type, shape) + ", found " +
                    form_text(tensor->type, tensor->shape) + advice);
  }
  return *tensor;
}

void append(TensorFile& file, std::string name, DType type, std::vector<std::int64_t> shape,
            std::span<const std::byte> bytes) {
  file.tensors.push_back({std::move(name), type, std::move(shape), {bytes.begin(), bytes.end()}});
}

void upload_and_wait(Vector<float> array, const std::vector<float>& values, StreamView stream) {
  if (values.empty()) return;
  check(cudaMemcpyAsync(array.data, values.data(), array.bytes(), cudaMemcpyHostToDevice, stream.get()));
  stream.synchronize();
}

bool has_tensors(const TensorFile& file, const std::string& prefix) {
  return std::any_of(file.tensors.begin(), file.tensors.end(),
                     [&prefix](const Tensor& tensor) { return tensor.name.starts_with(prefix); });
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

std::string text_of(float value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", static_cast<double>(value));
  return text;
}

enum class Sign { any, not_negative };

std::vector<float> read_slots(const TensorFile& file, const std::string& prefix, const Slots& slots, std::int64_t size,
                              Sign sign = Sign::any) {
  std::vector<float> values(static_cast<std::size_t>(size), 0.f);
  for (const TensorSlot* slot : slots) {
    const std::string name = prefix + slot->name;
    const Tensor& tensor = find(file, name, DType::f32, slot->shape);
    float* const first = values.data() + slot->offset;
    std::memcpy(first, tensor.bytes.data(), tensor.bytes.size());
    const bool accepts_negative = sign == Sign::any && slot->name.find("running_var") == std::string::npos;
    const float* const bad = std::find_if(first, first + slot->size(), [accepts_negative](float value) {
      return !std::isfinite(value) || (value < 0 && !accepts_negative);
    });
    if (bad == first + slot->size()) continue;
    throw DataError("tensor " + in_quotes(name) + ": value " + std::to_string(bad - first) + " is " + text_of(*bad) +
                    "; expected finite numbers" + (accepts_negative ? "" : " of at least 0") +
                    "; the file is damaged, or of a training that failed");
  }
  return values;
}

std::int64_t checked_counter(const std::string& name, std::int64_t value) {
  constexpr std::int64_t kMost = std::int64_t{1} << 62;
  if (value >= 0 && value <= kMost) return value;
  throw DataError("tensor " + in_quotes(name) + " holds " + std::to_string(value) + "; expected a count from 0 to " +
                  std::to_string(kMost));
}

// The rest of the optimizer's progress is computed anew with every update.
void upload_step(Vector<OptimizerProgress> to, std::int64_t step, StreamView stream) {
  const OptimizerProgress progress{step, {0, 0}};
  check(cudaMemcpyAsync(to.data, &progress, sizeof progress, cudaMemcpyHostToDevice, stream.get()));
  stream.synchronize();
}

std::string state_prefix(const std::string& prefix, const OptimizerTraits& optimizer, const OptimizerState& state) {
  return prefix + optimizer.prefix + "." + state.name + ".";
}
std::string step_name(const std::string& prefix, const OptimizerTraits& optimizer) {
  return prefix + optimizer.prefix + ".step";
}

void append_optimizer(TensorFile& file, const std::string& prefix, const Slots& slots, const NetworkState& state,
                      StreamView stream) {
  const OptimizerTraits optimizer = traits_of(state.optimizer);
  for (std::size_t i = 0; i < optimizer.states.size(); ++i) {
    append_slots(file, state_prefix(prefix, optimizer, optimizer.states[i]), slots, state.optimizer_state[i], stream);
  }
  append_integers(file, step_name(prefix, optimizer), {download(state.progress, stream)[0].step});
}

void read_optimizer(NetworkValues& values, const TensorFile& file, const std::string& prefix,
                    const NetworkLayout& layout, OptimizerKind kind) {
  const OptimizerTraits optimizer = traits_of(kind);
  for (std::size_t i = 0; i < optimizer.states.size(); ++i) {
    const OptimizerState& state = optimizer.states[i];
    values.optimizer_state[i] = read_slots(file, state_prefix(prefix, optimizer, state), layout.parameter_slots(),
                                           layout.parameters, state.may_be_negative ? Sign::any : Sign::not_negative);
  }
  values.step = find_counter(file, step_name(prefix, optimizer));
}

}  // namespace

bool has_average(const TensorFile& file) {
  return has_tensors(file, kAveragePrefix);
}

bool has_discriminator(const TensorFile& file) {
  return has_tensors(file, kDiscriminatorPrefix);
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

void append_weights_on_device(std::vector<DeviceTensor>& tensors, const std::string& prefix,
                              const NetworkLayout& layout, const NetworkState& state) {
  const auto append_array = [&](const Slots& slots, Vector<float> array) {
    for (const TensorSlot* slot : slots) {
      tensors.push_back(
          {prefix + slot->name, DType::f32, slot->shape, row_major_strides(slot->shape), array.data + slot->offset});
    }
  };
  append_array(layout.parameter_slots(), state.parameters);
  append_array(layout.statistic_slots(), state.statistics);
}

NetworkValues read_network(const TensorFile& file, const std::string& prefix, const NetworkLayout& layout,
                           NetworkPart part, OptimizerKind optimizer) {
  NetworkValues values;
  values.parameters = read_slots(file, prefix, layout.parameter_slots(), layout.parameters);
  values.statistics = read_slots(file, prefix, layout.statistic_slots(), layout.statistics);
  for (const LayerSlots& layer : layout.layers) {
    if (!layer.batch_norm) continue;
    const std::string name = prefix + layer.batches_tracked;
    std::memcpy(&values.batches_tracked, find(file, name, DType::i64, {}).bytes.data(), sizeof values.batches_tracked);
    checked_counter(name, values.batches_tracked);
  }
  if (part == NetworkPart::everything) read_optimizer(values, file, prefix, layout, optimizer);
  return values;
}

void upload_network(const NetworkValues& values, const NetworkState& state, StreamView stream) {
  upload_and_wait(state.parameters, values.parameters, stream);
  upload_and_wait(state.statistics, values.statistics, stream);
  for (int i = 0; i < kMostOptimizerStates; ++i) {
    upload_and_wait(state.optimizer_state[i], values.optimizer_state[i], stream);
  }
  if (!values.optimizer_state[0].empty()) upload_step(state.progress, values.step, stream);
}

std::int64_t load_network(const TensorFile& file, const std::string& prefix, const NetworkLayout& layout,
                          const NetworkState& state, NetworkPart part, StreamView stream) {
  const NetworkValues values = read_network(file, prefix, layout, part, state.optimizer);
  upload_network(values, state, stream);
  return values.batches_tracked;
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
      throw DataError("tensor " + in_quotes(name) + " holds " + std::to_string(value) +
                      "; expected numbers of at least 0");
  }
  return values;
}

std::int64_t find_counter(const TensorFile& file, const std::string& name) {
  return checked_counter(name, find_integers(file, name, 1)[0]);
}

}  // namespace duel
