#include "kernels/ops/end_iteration/cases.h"

#include <string>

namespace duel::verify {
namespace {

// A clock at the end of an epoch where the images are as many as one iteration uses, else within it.
EndIteration make(HostTensors& host, const EndIteration& shapes) {
  EndIteration a = shapes;
  a.discriminator_statistics = host.vector<float>({0.5f, 0.75f, 0.25f, 0.0625f});
  a.generator_statistics = host.vector<float>({1.5f, 0.f, 0.125f, 0.f});
  a.records =
      host.vector(std::vector<IterationRecord>(static_cast<std::size_t>(shapes.records.rows), {99, 9, 9, 9, 9, 9}));
  a.clock = host.vector<TrainingClock>({{(std::uint64_t{1} << 32) + 3, 2, 0}});
  return a;
}

std::vector<Case<EndIteration>> cases() {
  std::vector<Case<EndIteration>> result;
  const auto add = [&](int capacity, std::int64_t images_in_epoch, bool of_training) {
    EndIteration a{};
    a.discriminator_statistics = a.generator_statistics = shape<const float>(kHeadStatistics);
    a.images_used = 64;
    a.images_in_epoch = images_in_epoch;
    a.records = shape<IterationRecord>(capacity);
    a.clock = shape<TrainingClock>(1);
    const std::string name =
        std::to_string(capacity) + " records, " + std::to_string(images_in_epoch) + " images in an epoch";
    result.push_back({name, a, 0, of_training});
  };
  add(1024, 60000, true);
  for (const int capacity : {1, 2, 7}) {
    for (const std::int64_t images : {64, 65, 128}) add(capacity, images, false);
  }
  return result;
}

}  // namespace

OpCases<EndIteration, EndIteration> end_iteration_cases() {
  return {end_iteration_op(), end_iteration_reference, make, [](const auto&, const auto&) { return Bounds(); }, cases};
}

}  // namespace duel::verify
