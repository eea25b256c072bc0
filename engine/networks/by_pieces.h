// Passes over more samples than go through the layers at a time.
#pragma once

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>

#include "engine/tasks/levels.h"

namespace duel {

/// How many samples of `width` values each. Throws std::invalid_argument, in which `what` names them ("the images").
inline int samples_in(std::span<const float> values, int width, const std::string& what) {
  const auto each = static_cast<std::size_t>(width);
  if (values.empty() || values.size() % each != 0) {
    throw std::invalid_argument(what + " hold " + std::to_string(values.size()) + " values; expected rows of " +
                                std::to_string(width));
  }
  return static_cast<int>(values.size() / each);
}

/// For at most `most` samples at a time: record(first, count, list), enqueues the list, then done(first, count).
template <class Record, class Done>
void enqueue_by_pieces(int samples, int most, const KernelSelection& kernels, StreamView stream, const Record& record,
                       const Done& done) {
  for (int first = 0; first < samples; first += most) {
    const int count = std::min(most, samples - first);
    TaskList list;
    record(first, count, list);
    enqueue(one_by_one(list, kernels), stream);
    done(first, count);
  }
}
template <class Record>
void enqueue_by_pieces(int samples, int most, const KernelSelection& kernels, StreamView stream, const Record& record) {
  enqueue_by_pieces(samples, most, kernels, stream, record, [](int, int) {});
}

}  // namespace duel
