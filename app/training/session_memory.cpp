#include "app/training/session_memory.h"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <string>

#include "engine/networks/state_file.h"
#include "files/text.h"

namespace duel::app {
namespace {

constexpr const char* kCounts = "session.counts";
constexpr const char* kCollapse = "session.collapse";
constexpr const char* kGoodLook = "session.good_look";
constexpr const char* kSums = "session.epoch_sums";
constexpr const char* kLast = "session.last_iteration";
constexpr const char* kLastPenalty = "session.last_penalty";
const std::string kHealthy = "healthy.";

constexpr std::size_t kFigures = 4;

template <class Value, std::size_t size>
void append(TensorFile& file, const char* name, DType type, const std::array<Value, size>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  file.tensors.push_back({name, type, {static_cast<std::int64_t>(size)}, {bytes.begin(), bytes.end()}});
}

/// Numbers of things that a session counts.
std::vector<int> find_counts(const TensorFile& file, const char* name, std::size_t size) {
  std::vector<int> counts;
  for (const std::int64_t count : find_integers(file, name, size)) {
    if (count > std::numeric_limits<int>::max()) {
      throw DataError("tensor " + in_quotes(name) + " holds " + std::to_string(count) +
                      "; expected counts of a training session");
    }
    counts.push_back(static_cast<int>(count));
  }
  return counts;
}

template <class Value, std::size_t size>
std::array<Value, size> find(const TensorFile& file, const char* name, DType type) {
  const Tensor* tensor = file.find(name);
  std::array<Value, size> values;
  if (tensor == nullptr || tensor->type != type || tensor->bytes.size() != sizeof values) {
    throw DataError("tensor " + in_quotes(name) + ": expected " + std::to_string(size) +
                    " values of a training session, found " + (tensor == nullptr ? "none" : "something else"));
  }
  std::memcpy(values.data(), tensor->bytes.data(), sizeof values);
  for (const Value value : values) {
    if (std::isfinite(value)) continue;
    throw DataError("tensor " + in_quotes(name) + " holds " + std::to_string(value) +
                    "; expected finite numbers of a training session");
  }
  return values;
}

}  // namespace

void EpochSums::add(const IterationStats& stats) {
  ++iterations;
  discriminator_loss += stats.discriminator_loss;
  generator_loss += stats.generator_loss;
  d_real += stats.d_real;
  d_fake += stats.d_fake;
}

void append_session(TensorFile& state, const SessionMemory& memory) {
  const auto& [epoch, last, collapse] = memory;
  append_integers(state, kCounts, {epoch.iterations, last ? 1 : 0});
  append(state, kSums, DType::f64,
         std::array{epoch.discriminator_loss, epoch.generator_loss, epoch.d_real, epoch.d_fake});
  if (last) {
    append(state, kLast, DType::f32,
           std::array{last->discriminator_loss, last->generator_loss, last->d_real, last->d_fake});
    append(state, kLastPenalty, DType::f32, std::array{last->penalty});
  }
  if (!collapse) return;
  append_integers(state, kCollapse, {collapse->alarm.bad_looks, collapse->is_alarmed ? 1 : 0, collapse->rollbacks});
  if (collapse->alarm.good_at >= 0) append_integers(state, kGoodLook, {collapse->alarm.good_at});
  for (Tensor tensor : collapse->healthy.tensors) {
    tensor.name = kHealthy + tensor.name;
    state.tensors.push_back(std::move(tensor));
  }
}

SessionMemory find_session(const TensorFile& state) {
  SessionMemory memory;
  if (state.find(kCounts) == nullptr) return memory;
  const std::vector<int> counts = find_counts(state, kCounts, 2);
  const auto sums = find<double, kFigures>(state, kSums, DType::f64);
  memory.epoch = {counts[0], sums[0], sums[1], sums[2], sums[3]};
  if (counts[1] != 0) {
    const auto last = find<float, kFigures>(state, kLast, DType::f32);
    memory.last = {find_counter(state, "iteration") - 1, last[0], last[1], last[2], last[3]};
    if (state.find(kLastPenalty) != nullptr) memory.last->penalty = find<float, 1>(state, kLastPenalty, DType::f32)[0];
  }
  if (state.find(kCollapse) == nullptr) return memory;
  const std::vector<int> collapse = find_counts(state, kCollapse, 3);
  const std::int64_t good_at = state.find(kGoodLook) == nullptr ? -1 : find_counter(state, kGoodLook);
  memory.collapse = {{collapse[0], good_at}, collapse[1] != 0, collapse[2], {}};
  for (Tensor tensor : state.tensors) {
    if (!tensor.name.starts_with(kHealthy)) continue;
    tensor.name = tensor.name.substr(kHealthy.size());
    memory.collapse->healthy.tensors.push_back(std::move(tensor));
  }
  return memory;
}

}  // namespace duel::app
