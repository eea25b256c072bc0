#include "kernels/ops/latent_normal/cases.h"

#include "kernels/device/random.cuh"
#include "kernels/kernel_selection.h"
#include "kernels/verify/check_op.h"
#include "kernels/verify/host_tensors.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

template <class T>
LatentNormal<T> latent_scalars(std::uint64_t seed, std::uint32_t draw) {
  LatentNormal<T> a{};
  a.seed = seed;
  a.draw = draw;
  return a;
}

struct Draw {
  std::uint64_t seed = 1, iteration = 0;
  std::uint32_t draw = 0;
};

std::string check_latents(int rows, int columns, const Draw& draw, const CheckOptions& options = {}) {
  HostTensors host(1);
  auto a = latent_scalars<double>(draw.seed, draw.draw);
  a.output = host.matrix(rows, columns);
  a.clock = host.vector<TrainingClock>({{draw.iteration, 7, 8}});
  return check_op<LatentNormal<double>>(latent_normal_op(), latent_normal_reference, a,
                                        latent_scalars<float>(draw.seed, draw.draw), latent_normal_bounds, options);
}

// What the first variant writes.
std::vector<float> latents(int rows, int columns, const Draw& draw) {
  const Stream stream;
  const std::vector<TrainingClock> clock{{draw.iteration, 0, 0}};
  const DeviceBuffer<TrainingClock> device_clock(clock, stream);
  const DeviceBuffer<float> output(static_cast<std::size_t>(rows) * columns);
  auto a = latent_scalars<float>(draw.seed, draw.draw);
  a.output = output.matrix(rows, columns);
  a.clock = device_clock.vector();
  KernelSelection().run(latent_normal_op(), a, stream);
  return output.download(stream);
}

TEST_CASE("philox: the known answers of Random123") {
  const auto words = [](std::uint64_t seed, std::uint32_t c0, std::uint32_t c1, std::uint32_t c2, std::uint32_t c3) {
    const RandomWords result = random_words(seed, c0, c1, c2, c3);
    return std::vector<std::uint32_t>(result.word, result.word + 4);
  };
  using Words = std::vector<std::uint32_t>;
  CHECK(words(0, 0, 0, 0, 0) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(words(~0ull, ~0u, ~0u, ~0u, ~0u) == Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  // Digits of pi; the key's first word is the low half of the seed.
  CHECK(words(0x299f31d0a4093822, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("uniform_open: strictly between 0 and 1, with mean 1/2") {
  CHECK(uniform_open(0) == 0x1p-24f);
  CHECK(uniform_open(~0u) == 1.f - 0x1p-24f);
  CHECK(uniform_open(0x80000000u) == 0.5f + 0x1p-24f);
}

TEST_CASE("latents: any shape") {
  for (const int rows : {1, 2, 33, 64}) {
    for (const int columns : {1, 2, 3, 4, 5, 31, 32, 33, 100, 129}) {
      INFO(rows << " x " << columns);
      CHECK(check_latents(rows, columns, {}) == "");
    }
  }
  CHECK(check_latents(1025, 100, {}) == "");
}

TEST_CASE("latents: every schedule on every number of threads, and outputs that begin anywhere") {
  CHECK(check_latents(65, 101, {}, {.executions = HowMany::all}) == "");
  for (const int misalignment : {1, 2, 3}) CHECK(check_latents(33, 100, {}, {.misalignment = misalignment}) == "");
}

TEST_CASE("latents: any seed, iteration and draw") {
  for (const std::uint64_t large : {1ull << 31, 1ull << 32, (1ull << 32) + 5, ~0ull}) {
    CHECK(check_latents(5, 9, {.seed = large}) == "");
    CHECK(check_latents(5, 9, {.iteration = large}) == "");
  }
  CHECK(check_latents(5, 9, {.draw = ~0u}) == "");
}

TEST_CASE("latents: a row does not depend on how many rows there are") {
  const auto many = latents(129, 100, {}), few = latents(3, 100, {});
  CHECK(std::equal(few.begin(), few.end(), many.begin()));
}

TEST_CASE("latents: a column does not depend on how many columns there are") {
  const auto wide = latents(1, 101, {}), narrow = latents(1, 7, {});
  CHECK(std::equal(narrow.begin(), narrow.end(), wide.begin()));
}

// Of 400 values no two of the same place agree, so nothing of one draw comes again in another.
TEST_CASE("latents: seeds, iterations, draws and rows all give other values") {
  const Draw base{.seed = 1, .iteration = 1, .draw = 1};
  const Draw others[] = {{2, 1, 1}, {1, 2, 1}, {1, 1, 2}, {1ull << 32 | 1, 1, 1}, {1, 1ull << 32 | 1, 1}, {1, 0, 0}};
  const auto values = latents(4, 100, base);
  for (const Draw& other : others) {
    INFO("seed " << other.seed << ", iteration " << other.iteration << ", draw " << other.draw);
    const auto other_values = latents(4, 100, other);
    for (std::size_t i = 0; i < values.size(); ++i) CHECK(values[i] != other_values[i]);
  }
  for (std::size_t i = 0; i < 100; ++i) CHECK(values[i] != values[100 + i]);
}

TEST_CASE("latents: wrong arguments are refused by name") {
  auto valid = latent_scalars<float>(1, 0);
  valid.output = shape<float>(4, 3);
  valid.clock = shape<const TrainingClock>(1);
  CHECK_NOTHROW(latent_normal_op().validate(valid));
  auto wrong = valid;
  wrong.output = {};
  CHECK(check_refusal(latent_normal_op(), wrong, "") == "");
  wrong = valid;
  wrong.output.data = nullptr;
  CHECK(check_refusal(latent_normal_op(), wrong, "output") == "");
  for (const int rows : {0, 2}) {
    wrong = valid;
    wrong.clock.rows = rows;
    CHECK(check_refusal(latent_normal_op(), wrong, "clock") == "");
  }
  wrong = valid;
  wrong.clock = {};
  CHECK(check_refusal(latent_normal_op(), wrong, "clock") == "");
}

}  // namespace
}  // namespace duel::test
