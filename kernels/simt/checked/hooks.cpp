// The functions that instrumented code calls at each memory access (clang's -fsanitize=thread) and for each array index
// that is out of bounds (-fsanitize=bounds), under the names that the compiler gives them; the sanitizers' own runtimes
// are not linked. What kernels access goes to the counter, if somebody counts, and to the checker.
#include <cstddef>
#include <cstdint>
#include <utility>

#include "kernels/simt/block_runner.h"
#include "kernels/simt/checked/checker.h"
#include "kernels/simt/checked/watch.h"
#include "kernels/simt/device.h"
#include "kernels/simt/external_access.h"

namespace simt {
namespace {

std::uintptr_t number(const volatile void* pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer);
}

inline void on_access(const volatile void* pointer, std::size_t bytes, Touch touch, void* place) {
  BlockRunner* runner = BlockRunner::in_kernel;
  const int thread = runner ? runner->thread() : 0;
  const KernelAccess access{number(pointer), static_cast<unsigned>(bytes), touch, thread, number(place)};
  if (runner) {
    runner->check_access(access);
  } else if (CheckedArena::is_device(access.address)) {
    watch::refuse_host_access(access);
  }
}

// Functions of the library on memory. In kernels only what they do to device and shared memory: parameters of a kernel
// are copied with them too.
inline void on_range(const void* pointer, std::size_t bytes, Touch touch, void* place) {
  BlockRunner* runner = std::exchange(BlockRunner::in_kernel, nullptr);
  const bool is_local = runner && checker().space_of(number(pointer)) == Space::local;
  BlockRunner::in_kernel = runner;
  if (bytes > 0 && !is_local) on_access(pointer, bytes, touch, place);
}

}  // namespace

void external_access(const void* pointer, std::size_t bytes, bool is_write) {
  on_range(pointer, bytes, is_write ? Touch::write : Touch::read, __builtin_return_address(0));
}
void begin_change(const void* pointer, std::size_t bytes) {
  BlockRunner* runner = BlockRunner::in_kernel;
  if (!runner) return;
  runner->check_access({number(pointer), static_cast<unsigned>(bytes), Touch::write, runner->thread(),
                        number(__builtin_return_address(0))},
                       false);
}
void atomic_access(const void* pointer, std::size_t bytes) {
  on_access(pointer, bytes, Touch::atomic, __builtin_return_address(0));
}
void fence_access() {
  if (BlockRunner* runner = BlockRunner::in_kernel) watch::fence(runner->thread());
}
void await_previous_kernel() {
  BlockRunner* runner = BlockRunner::in_kernel;
  if (runner && Device::instance().can_await_previous()) checker().await_previous(runner->thread());
}

}  // namespace simt

using simt::Touch;

extern "C" {

void __tsan_init() {}

// A macro, because the compiler calls a function of another name for each size.
#define SIMT_HOOKS(bytes)                                                 \
  void __tsan_read##bytes(void* p) {                                      \
    simt::on_access(p, bytes, Touch::read, __builtin_return_address(0));  \
  }                                                                       \
  void __tsan_write##bytes(void* p) {                                     \
    simt::on_access(p, bytes, Touch::write, __builtin_return_address(0)); \
  }                                                                       \
  void __tsan_unaligned_read##bytes(void* p) {                            \
    simt::on_access(p, bytes, Touch::read, __builtin_return_address(0));  \
  }                                                                       \
  void __tsan_unaligned_write##bytes(void* p) {                           \
    simt::on_access(p, bytes, Touch::write, __builtin_return_address(0)); \
  }
SIMT_HOOKS(1)
SIMT_HOOKS(2)
SIMT_HOOKS(4)
SIMT_HOOKS(8)
SIMT_HOOKS(16)
#undef SIMT_HOOKS

void __tsan_vptr_read(void** p) {
  simt::on_access(p, sizeof(void*), Touch::read, __builtin_return_address(0));
}
void __tsan_vptr_update(void** p, void*) {
  simt::on_access(p, sizeof(void*), Touch::write, __builtin_return_address(0));
}

// Newer compilers call these instead of the library's functions; older ones call those, and the linker's --wrap
// brings the calls here.
void* __real_memcpy(void* to, const void* from, std::size_t bytes);
void* __real_memmove(void* to, const void* from, std::size_t bytes);
void* __real_memset(void* to, int value, std::size_t bytes);

void* __wrap_memcpy(void* to, const void* from, std::size_t bytes) {
  simt::on_range(from, bytes, Touch::read, __builtin_return_address(0));
  simt::on_range(to, bytes, Touch::write, __builtin_return_address(0));
  return __real_memcpy(to, from, bytes);
}
void* __wrap_memmove(void* to, const void* from, std::size_t bytes) {
  simt::on_range(from, bytes, Touch::read, __builtin_return_address(0));
  simt::on_range(to, bytes, Touch::write, __builtin_return_address(0));
  return __real_memmove(to, from, bytes);
}
void* __wrap_memset(void* to, int value, std::size_t bytes) {
  simt::on_range(to, bytes, Touch::write, __builtin_return_address(0));
  return __real_memset(to, value, bytes);
}
[[gnu::alias("__wrap_memcpy")]] void* __tsan_memcpy(void* to, const void* from, std::size_t bytes);
[[gnu::alias("__wrap_memmove")]] void* __tsan_memmove(void* to, const void* from, std::size_t bytes);
[[gnu::alias("__wrap_memset")]] void* __tsan_memset(void* to, int value, std::size_t bytes);

// Layout: LLVM, compiler-rt/lib/ubsan/ubsan_handlers.h, ubsan_value.h.
struct UbsanType {
  std::uint16_t kind, info;
  char name[1];
};
struct UbsanOutOfBounds {
  const char* file;
  std::uint32_t line, column;
  const UbsanType* array;
  const UbsanType* index;
};

void __ubsan_handle_out_of_bounds(UbsanOutOfBounds* data, std::uintptr_t index) {
  simt::watch::refuse_index({data->file, static_cast<int>(data->line)}, static_cast<long long>(index),
                            data->array->name);
}
void __ubsan_handle_out_of_bounds_abort(UbsanOutOfBounds* data, std::uintptr_t index) {
  __ubsan_handle_out_of_bounds(data, index);
}

}  // extern "C"
