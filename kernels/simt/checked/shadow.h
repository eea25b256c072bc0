// What the checked device remembers of every 4 bytes of device and shared memory: the bytes that somebody wrote, and
// the last accesses that later ones have to be compared with.
#pragma once

#include <array>
#include <cstdint>

namespace simt {

inline constexpr unsigned kCellBytes = 4;

enum class Touch : std::uint8_t { read = 1, write, atomic };

struct Toucher {
  std::uint32_t item;   ///< of work, see order.h; 0: nobody
  std::uint32_t block;  ///< of the grid, x fastest
  std::uint32_t tick;   ///< of the block's clock, which barriers, __syncwarp and fences move
  std::uint16_t thread;
  std::uint8_t bytes;  ///< mask of the cell's bytes
  Touch touch;
};

struct Record {
  Toucher by;
  std::uint32_t place;  ///< of the instruction, see places.h
};

struct Cell {
  std::array<Record, 3> records;
  std::uint8_t written;  ///< mask of the bytes that hold a value
};
static_assert(sizeof(Cell) == 64, "a cell is one cache line");

}  // namespace simt
