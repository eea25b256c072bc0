// Known values, calculated by hand from the limits of a multiprocessor: 65536 registers in four parts; a warp takes its
// registers in units of 256 within one part; shared memory in units of 256 bytes (sm_75) or 128 bytes, and from sm_80
// on 1 KiB more per block for the system.
#include <cmath>

#include "tests/support/catch.h"
#include "tests/tools/kernel_resources/temporary_folder.h"
#include "tools/kernel_resources/occupancy.h"

namespace duel {
namespace {

void check_occupancy(int architecture, const BlockNeeds& needs, int blocks, double fraction,
                     const std::string& limited_by) {
  CAPTURE(architecture, needs.threads, needs.registers, needs.shared);
  const Occupancy found = occupancy(architecture, needs);
  CHECK(found.blocks == blocks);
  CHECK(std::fabs(found.fraction - fraction) < 1e-9);
  CHECK(found.limited_by == limited_by);
}

TEST_CASE("occupancy: limited by threads") {
  check_occupancy(75, {256, 32, 0}, 4, 1.0, "threads");             // 1024 / 256
  check_occupancy(80, {256, 24, 0}, 8, 1.0, "threads");             // 2048 / 256; registers allow 10
  check_occupancy(86, {1024, 32, 0}, 1, 1024.0 / 1536, "threads");  // 1536 / 1024
  check_occupancy(120, {512, 32, 0}, 3, 1.0, "threads");            // 1536 / 512; registers allow 4
}

TEST_CASE("occupancy: limited by registers") {
  check_occupancy(75, {256, 128, 0}, 2, 0.5, "registers");  // 16384 / (128 * 32) = 4 warps in each part, 16 warps
  // 36 * 32 = 1152, in units of 256: 1280; 16384 / 1280 = 12 warps in each part, 48 warps in all, 6 blocks of 8.
  check_occupancy(90, {256, 36, 0}, 6, 0.75, "registers");
  check_occupancy(100, {1024, 64, 0}, 1, 0.5, "registers");  // 16384 / 2048 = 8 warps in each part: one block of 32
}

TEST_CASE("occupancy: limited by shared memory") {
  check_occupancy(75, {64, 32, 16384}, 4, 8.0 / 32, "shared memory");    // 64 KiB / 16 KiB
  check_occupancy(80, {64, 32, 16384}, 9, 18.0 / 64, "shared memory");   // 164 KiB / 17 KiB
  check_occupancy(86, {64, 32, 16384}, 5, 10.0 / 48, "shared memory");   // 100 KiB / 17 KiB
  check_occupancy(90, {64, 32, 16384}, 13, 26.0 / 64, "shared memory");  // 228 KiB / 17 KiB
}

TEST_CASE("occupancy: limited by blocks") {
  check_occupancy(75, {32, 16, 0}, 16, 0.5, "blocks");
  check_occupancy(86, {32, 16, 0}, 16, 16.0 / 48, "blocks");
  check_occupancy(89, {32, 16, 0}, 24, 0.5, "blocks");
  check_occupancy(75, {1, 16, 0}, 16, 0.5, "blocks");  // a block of one thread takes a whole warp
}

TEST_CASE("occupancy: several limits at once") {
  // 86 * 32 = 2752, in units of 256: 2816; 16384 / 2816 = 5 warps in each part, 5 blocks of 4; 64 KiB / 12 KiB = 5.
  check_occupancy(75, {128, 86, 12288}, 5, 20.0 / 32, "registers + shared memory");
  // 72 * 32 = 2304; 16384 / 2304 = 7 warps in each part; 100 KiB / 13 KiB = 7.
  check_occupancy(120, {128, 72, 12288}, 7, 28.0 / 48, "registers + shared memory");
}

TEST_CASE("occupancy: every architecture that the build supports is known") {
  CHECK(occupancy_architectures() == std::vector<int>{75, 80, 86, 89, 90, 100, 120});
  for (const int architecture : occupancy_architectures()) {
    CHECK(occupancy(architecture, {128, 32, 0}).blocks * 128 == threads_per_multiprocessor(architecture));
  }
}

TEST_CASE("occupancy: what cannot run is refused by name") {
  const auto message = [](int architecture, const BlockNeeds& needs) {
    return message_of([&] { occupancy(architecture, needs); });
  };
  CHECK(contains(message(70, {256, 32, 0}), "sm_70: its limits are not in"));
  CHECK(contains(message(75, {2048, 32, 0}), "sm_75: no block can have 2048 threads, 32 registers"));
  CHECK(contains(message(75, {1024, 128, 0}), "128 registers per thread"));  // 131072 registers
  CHECK(contains(message(75, {128, 32, 70000}), "70000 bytes of shared memory"));
  CHECK(contains(message(75, {0, 32, 0}), "no block can have 0 threads"));
  CHECK(contains(message(75, {128, 32, -1}), "-1 bytes of shared memory"));
  CHECK(contains(message_of([] { threads_per_multiprocessor(1); }), "sm_1"));
}

}  // namespace
}  // namespace duel
