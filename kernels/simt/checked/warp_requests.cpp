#include "kernels/simt/checked/warp_requests.h"

#include <algorithm>
#include <bit>

namespace simt {
namespace {

// Calls f(address) for every lane that takes part.
template <class Function>
void for_each_lane(const WarpRequest& request, std::uint32_t lanes, Function f) {
  for (std::uint32_t rest = request.lanes & lanes; rest; rest &= rest - 1) f(request.address[std::countr_zero(rest)]);
}

// The words that the lanes of one wavefront ask each bank for.
class Banks {
 public:
  explicit Banks(bool words_are_shared) : words_are_shared_(words_are_shared) {}

  void ask(std::uintptr_t word) {
    const std::uintptr_t bank = word % kBanks;
    const auto begin = words_[bank].begin(), end = begin + count_[bank];
    if (words_are_shared_ && std::find(begin, end, word) != end) return;
    words_[bank][count_[bank]++] = word;
    most_ = std::max(most_, count_[bank]);
  }
  unsigned most() const { return most_; }

 private:
  bool words_are_shared_;
  unsigned most_ = 0;
  std::array<unsigned, kBanks> count_{};
  // A lane's bytes touch a bank once, so 32 words are the most.
  std::array<std::array<std::uintptr_t, kWarpLanes>, kBanks> words_;
};

}  // namespace

SectorCount count_sectors(const WarpRequest& request) {
  std::array<std::uintptr_t, kWarpLanes> sorted;
  std::size_t lanes = 0;
  for_each_lane(request, ~0u, [&](std::uintptr_t address) { sorted[lanes++] = address; });
  std::sort(sorted.begin(), sorted.begin() + lanes);
  SectorCount count{0, 0};
  std::uintptr_t next_byte = 0, next_sector = 0, distinct_bytes = 0;
  for (std::size_t i = 0; i < lanes; ++i) {
    const std::uintptr_t end = sorted[i] + request.bytes, last_sector = (end - 1) / kSectorBytes;
    distinct_bytes += end - std::clamp(next_byte, sorted[i], end);
    next_byte = std::max(next_byte, end);
    const std::uintptr_t first_sector = std::max(next_sector, sorted[i] / kSectorBytes);
    if (first_sector > last_sector) continue;
    count.touched += static_cast<unsigned>(last_sector - first_sector + 1);
    next_sector = last_sector + 1;
  }
  count.least = static_cast<unsigned>((distinct_bytes + kSectorBytes - 1) / kSectorBytes);
  return count;
}

WavefrontCount count_wavefronts(const WarpRequest& request) {
  const unsigned lanes_together = kWarpLanes / std::max(1u, request.bytes / kBankBytes);
  const std::uint32_t group = lanes_together == 32 ? ~0u : (1u << lanes_together) - 1;
  WavefrontCount count{0, 0};
  for (unsigned first = 0; first < kWarpLanes; first += lanes_together) {
    if (!(request.lanes & group << first)) continue;
    Banks banks(!request.is_atomic);
    for_each_lane(request, group << first, [&](std::uintptr_t address) {
      const std::uintptr_t end = address + request.bytes;
      for (std::uintptr_t word = address / kBankBytes; word * kBankBytes < end; ++word) banks.ask(word);
    });
    count.needed += banks.most();
    ++count.least;
  }
  return count;
}

}  // namespace simt
