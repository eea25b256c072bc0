// One memory instruction of one warp, with the costs that textbooks give.
#include <string>

#include "kernels/simt/checked/warp_requests.h"
#include "tests/support/catch.h"

namespace {

using simt::count_sectors;
using simt::count_wavefronts;
using simt::WarpRequest;

constexpr std::uintptr_t kBase = 0x10000;

// Lane i accesses `bytes` bytes at kBase + address(i).
template <class Address>
WarpRequest request(unsigned bytes, Address address, std::uint32_t lanes = ~0u) {
  WarpRequest result;
  result.lanes = lanes;
  result.bytes = bytes;
  for (unsigned lane = 0; lane < simt::kWarpLanes; ++lane) result.address[lane] = kBase + address(lane);
  return result;
}

void require_sectors(const WarpRequest& request, unsigned touched, unsigned least) {
  const auto count = count_sectors(request);
  CHECK(count.touched == touched);
  CHECK(count.least == least);
}

void require_wavefronts(const WarpRequest& request, unsigned needed, unsigned least) {
  const auto count = count_wavefronts(request);
  CHECK(count.needed == needed);
  CHECK(count.least == least);
}

}  // namespace

TEST_CASE("a warp that reads neighbouring floats moves four sectors, and 32 with a stride of eight or more") {
  const auto strided = [](unsigned stride) { return request(4, [=](unsigned lane) { return lane * stride * 4; }); };
  require_sectors(strided(1), 4, 4);
  require_sectors(strided(2), 8, 4);
  require_sectors(strided(3), 12, 4);
  require_sectors(strided(4), 16, 4);
  require_sectors(strided(8), 32, 4);
  require_sectors(strided(9), 32, 4);
  require_sectors(strided(1024), 32, 4);
}

TEST_CASE("wider and misaligned reads touch the sectors that they lie in") {
  require_sectors(request(16, [](unsigned lane) { return lane * 16; }), 16, 16);
  require_sectors(request(8, [](unsigned lane) { return lane * 8; }), 8, 8);
  require_sectors(request(1, [](unsigned lane) { return lane; }), 1, 1);
  require_sectors(request(4, [](unsigned lane) { return lane * 4 + 4; }), 5, 4);
  require_sectors(request(16, [](unsigned lane) { return lane * 16 + 4; }), 17, 16);
  require_sectors(request(4, [](unsigned lane) { return lane * 64 + 30; }), 64, 4);  // each across a border
}

TEST_CASE("lanes that read the same bytes share a sector, whatever their order") {
  require_sectors(request(4, [](unsigned) { return 0; }), 1, 1);
  require_sectors(request(4, [](unsigned lane) { return (31 - lane) * 4; }), 4, 4);
  require_sectors(request(4, [](unsigned lane) { return lane * 7 % 32 * 4; }), 4, 4);
  require_sectors(request(16, [](unsigned lane) { return lane * 4; }), 5, 5);  // overlapping: 140 bytes
}

TEST_CASE("only lanes that take part count") {
  const auto neighbours = [](unsigned lane) { return lane * 4; };
  require_sectors(request(4, neighbours, 0x0000ffff), 2, 2);
  require_sectors(request(4, neighbours, 0x01010101), 4, 1);
  require_sectors(request(4, neighbours, 0x80000000), 1, 1);
  require_sectors(request(4, neighbours, 0), 0, 0);
  require_wavefronts(request(4, neighbours, 0x0000ffff), 1, 1);
  require_wavefronts(request(
                         16, [](unsigned lane) { return lane * 16; }, 0x000000ff),
                     1, 1);
  require_wavefronts(request(4, neighbours, 0), 0, 0);
}

TEST_CASE("a stride through shared memory costs as many wavefronts as lanes meet in a bank") {
  const auto strided = [](unsigned stride) { return request(4, [=](unsigned lane) { return lane * stride * 4; }); };
  require_wavefronts(strided(1), 1, 1);
  require_wavefronts(strided(2), 2, 1);
  require_wavefronts(strided(4), 4, 1);
  require_wavefronts(strided(16), 16, 1);
  require_wavefronts(strided(32), 32, 1);
  require_wavefronts(strided(33), 1, 1);
  require_wavefronts(strided(34), 2, 1);
  require_wavefronts(strided(3), 1, 1);  // odd strides never meet
}

TEST_CASE("lanes that want one word of a bank share it") {
  require_wavefronts(request(4, [](unsigned) { return 0; }), 1, 1);
  require_wavefronts(request(4, [](unsigned lane) { return lane / 2 * 4; }), 1, 1);
  require_wavefronts(request(4, [](unsigned lane) { return lane % 2 * 128; }), 2, 1);
  require_wavefronts(request(1, [](unsigned lane) { return lane; }), 1, 1);  // four lanes to a word
  require_wavefronts(request(2, [](unsigned lane) { return lane * 2; }), 1, 1);
}

TEST_CASE("wide accesses go by half and quarter warps") {
  require_wavefronts(request(8, [](unsigned lane) { return lane * 8; }), 2, 2);
  require_wavefronts(request(8, [](unsigned lane) { return lane * 16; }), 4, 2);
  require_wavefronts(request(16, [](unsigned lane) { return lane * 16; }), 4, 4);
  require_wavefronts(request(16, [](unsigned lane) { return lane * 32; }), 8, 4);
  require_wavefronts(request(16, [](unsigned lane) { return lane * 128; }), 32, 4);
  require_wavefronts(request(16, [](unsigned) { return 0; }), 4, 4);
}

TEST_CASE("atomics on one word take turns") {
  auto same = request(4, [](unsigned) { return 0; });
  same.is_atomic = true;
  require_wavefronts(same, 32, 1);
  auto neighbours = request(4, [](unsigned lane) { return lane * 4; });
  neighbours.is_atomic = true;
  require_wavefronts(neighbours, 1, 1);
}
