// Compares every memory access of a kernel with what is remembered of its bytes: bounds, values that nobody wrote, and
// accesses that nothing orders. Blocks run one after another on the dispatcher thread, so nothing here is locked.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "kernels/simt/block_runner.h"
#include "kernels/simt/checked/arena.h"
#include "kernels/simt/checked/block_order.h"
#include "kernels/simt/checked/order.h"
#include "kernels/simt/checked/shadow.h"
#include "kernels/simt/checked/shared_layout.h"
#include "kernels/simt/checked/traffic.h"
#include "kernels/simt/fiber.h"

namespace simt {

/// One access of a thread.
struct KernelAccess {
  std::uintptr_t address;
  unsigned bytes;
  Touch touch;
  int thread;
  std::uintptr_t place;  ///< return address of the instrumentation's call
};

/// Shared memory with what is remembered of it; what earlier blocks left counts as never written.
class SharedRegion {
 public:
  void watch(std::uintptr_t begin, std::size_t bytes);
  bool contains(std::uintptr_t address) const { return address - begin_ < bytes_; }
  std::uintptr_t begin() const { return begin_; }
  std::size_t bytes() const { return bytes_; }
  Cell& cell(std::uintptr_t address, std::uint32_t block_run);

 private:
  std::uintptr_t begin_ = 0;
  std::size_t bytes_ = 0;
  std::vector<Cell> cells_;
  std::vector<std::uint32_t> block_runs_;  ///< that each cell is about
};

class Checker {
 public:
  Checker();
  void begin_work(std::uint32_t first_item);
  void begin_node(std::size_t node);
  void begin_kernel(const KernelCall& call);
  void begin_transfer(const char* name) { work_order().name(item_, {nullptr, name}); }  ///< a copy or a fill
  void begin_block(unsigned block, const SharedMemory& shared);
  BlockOrder& order() { return order_; }
  /// That thread has waited for the kernels before this one, which it may overlap.
  void await_previous(int thread) { awaited_.set(static_cast<std::size_t>(thread)); }

  /// Which memory that is, for a thread that runs on `stack`.
  Space space_of(std::uintptr_t address) const;
  /// False where it is wrong; take_fault() says how.
  bool check(const KernelAccess& access, const FiberStack& stack);
  /// The same for a range that a copy or fill touches. A copy may read what nobody wrote.
  bool check_range(std::uintptr_t begin, std::size_t bytes, Touch touch);
  Fault take_fault() { return std::exchange(fault_, {}); }
  /// After both ranges were checked: bytes nobody wrote stay so in the copy.
  void copy_written(std::uintptr_t to, std::uintptr_t from, std::size_t bytes);

 private:
  enum class Problem { none, unwritten, unordered };
  struct Finding {
    Problem problem = Problem::none;
    Record earlier{};
  };
  Finding touch_cells(const KernelAccess& access, Space space);
  Finding touch_cell(Cell& cell, const Record& record);
  void remember(Cell& cell, const Record& record) const;
  bool is_ordered(const Toucher& by, int thread);
  Cell& cell(std::uintptr_t address, Space space);
  bool check_global(const KernelAccess& access);
  bool check_shared(const KernelAccess& access);
  bool check_host(const KernelAccess& access, const FiberStack& stack);
  bool refuse(cudaError_t code, std::string report);
  bool refuse(const KernelAccess& access, const Finding& finding, Space space);
  std::string describe_other(const Record& record) const;

  CheckedArena& arena_ = checked_arena();
  Fault fault_;
  std::uint32_t first_item_ = 0, item_ = 0;
  struct Verdict {
    std::uint32_t item = 0;
    bool is_ordered = false;
  };
  std::array<Verdict, 256> verdicts_{};  ///< about other items, for the one that runs
  const KernelCall* call_ = nullptr;
  BlockOrder order_;
  std::uint32_t block_run_ = 0;
  std::bitset<kMaxThreads> awaited_;  ///< threads of the block: await_previous()
  SharedLayout layout_;
  SharedRegion static_shared_, dynamic_shared_;
  std::size_t dynamic_bytes_ = 0;
  std::vector<SharedRegion> added_shared_;  ///< of libraries
};

Checker& checker();

}  // namespace simt
