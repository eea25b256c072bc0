#include "kernels/ops/end_iteration/end_iteration.h"

#include <cstring>

#include "kernels/verify/check_op.h"
#include "kernels/verify/host_tensors.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

struct Images {
  std::int64_t used = 64, in_epoch = 60000;
};

EndIteration end_iteration_case(HostTensors& host, int capacity, const TrainingClock& clock, const Images& images) {
  EndIteration a{};
  a.discriminator_statistics = host.vector<float>({0.5f, 0.75f, 0.25f, 0.0625f});
  a.generator_statistics = host.vector<float>({1.5f, 0.f, 0.125f, 0.f});
  a.images_used = images.used;
  a.images_in_epoch = images.in_epoch;
  a.records = host.vector(std::vector<IterationRecord>(static_cast<std::size_t>(capacity), {99, 9, 9, 9, 9, 9}));
  a.clock = host.vector<TrainingClock>({clock});
  return a;
}

std::string check_end_iteration(int capacity, const TrainingClock& clock, const Images& images = {},
                                const CheckOptions& options = {}) {
  HostTensors host(1);
  const EndIteration a = end_iteration_case(host, capacity, clock, images);
  EndIteration scalars{};
  scalars.images_used = images.used;
  scalars.images_in_epoch = images.in_epoch;
  return check_op<EndIteration>(
      end_iteration_op(), end_iteration_reference, a, scalars, [](const auto&) { return Bounds(); }, options);
}

bool same_clock(const TrainingClock& a, const TrainingClock& b) {
  return a.iteration == b.iteration && a.epoch == b.epoch && a.first_image == b.first_image;
}

TEST_CASE("end of iteration: rings of any size, any iteration") {
  for (const int capacity : {1, 2, 7, 1000}) {
    for (const std::uint64_t iteration : {0ull, 1ull, 6ull, 7ull, 1000ull, (1ull << 32) + 3, 1ull << 63}) {
      INFO("capacity " << capacity << ", iteration " << iteration);
      CHECK(check_end_iteration(capacity, {iteration, 2, 128}) == "");
    }
  }
  CHECK(check_end_iteration(7, {3, 2, 128}, {}, {.executions = HowMany::all}) == "");
}

TEST_CASE("end of iteration: the epoch ends where its images are used up") {
  for (const std::uint64_t first_image : {0, 59872, 59935, 59936, 59937, 59968, 59999}) {
    INFO("first image " << first_image);
    CHECK(check_end_iteration(4, {10, 2, first_image}) == "");
  }
  CHECK(check_end_iteration(4, {10, 2, 59968}, {32, 60000}) == "");
  CHECK(check_end_iteration(4, {10, 2, 0}, {1, 1}) == "");
}

TEST_CASE("end of iteration: the record says what happened") {
  HostTensors host(2);
  const EndIteration a = end_iteration_case(host, 3, {7, 0, 0}, {});
  end_iteration_reference(a);
  const IterationRecord& record = a.records.data[7 % 3];
  CHECK(record.iteration == 7);
  CHECK(record.discriminator_loss == 0.5f);
  CHECK(record.generator_loss == 1.5f);
  CHECK(record.mean_real == 0.75f);
  CHECK(record.mean_generated == 0.25f);
  CHECK(record.penalty == 0.0625f);
  CHECK(a.records.data[0].iteration == 99);
  CHECK(a.records.data[2].iteration == 99);
}

TEST_CASE("end of iteration: two epochs of MNIST, 938 iterations each, the last with 32 images") {
  HostTensors host(3);
  EndIteration a = end_iteration_case(host, 5, {0, 0, 0}, {});
  for (int iteration = 0; iteration < 2 * 938; ++iteration) {
    a.images_used = iteration % 938 == 937 ? 32 : 64;
    end_iteration_reference(a);
    if (iteration == 936) CHECK(same_clock(a.clock.data[0], {937, 0, 59968}));
    if (iteration == 937) CHECK(same_clock(a.clock.data[0], {938, 1, 0}));
  }
  CHECK(same_clock(a.clock.data[0], {1876, 2, 0}));
  for (std::uint64_t i = 0; i < 5; ++i) CHECK(a.records.data[(1871 + i) % 5].iteration == 1871 + i);
}

TEST_CASE("end of iteration: wrong arguments are refused by name") {
  EndIteration valid{};
  valid.discriminator_statistics = valid.generator_statistics = shape<const float>(kHeadStatistics);
  valid.images_used = 64;
  valid.images_in_epoch = 60000;
  valid.records = shape<IterationRecord>(8);
  valid.clock = shape<TrainingClock>(1);
  CHECK(check_shapes(end_iteration_op(), valid, {.defining = {"records"}, .free = {"records"}}) == "");
  auto wrong = valid;
  wrong.records.rows = 0;
  CHECK(check_refusal(end_iteration_op(), wrong, "record") == "");
  for (const std::int64_t count : {std::int64_t{0}, std::int64_t{-1}}) {
    wrong = valid;
    wrong.images_used = count;
    CHECK(check_refusal(end_iteration_op(), wrong, "images_used") == "");
    wrong = valid;
    wrong.images_in_epoch = count;
    CHECK(check_refusal(end_iteration_op(), wrong, "images_in_epoch") == "");
  }
}

}  // namespace
}  // namespace duel::test
