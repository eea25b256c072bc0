// CUDA's atomic functions: relaxed, device-wide, returning the old value.
#pragma once

#include <algorithm>
#include <atomic>
#include <concepts>

#include "kernels/simt/external_access.h"

namespace simt {

template <class T>
concept AtomicNumber = std::same_as<T, int> || std::same_as<T, unsigned> || std::same_as<T, unsigned long long> ||
    std::same_as<T, float> || std::same_as<T, double>;
template <class T>
concept AtomicInteger = AtomicNumber<T> && std::integral<T>;

template <class T, class F>
[[gnu::always_inline]] inline T atomic_update(T* address, F new_value) {
  atomic_access(address, sizeof(T));
  std::atomic_ref<T> cell(*address);
  T old = cell.load(std::memory_order_relaxed);
  while (!cell.compare_exchange_weak(old, new_value(old), std::memory_order_relaxed)) {
  }
  return old;
}

}  // namespace simt

template <simt::AtomicNumber T>
[[gnu::always_inline]] inline T atomicAdd(T* address, std::type_identity_t<T> value) {
  simt::atomic_access(address, sizeof(T));
  return std::atomic_ref<T>(*address).fetch_add(value, std::memory_order_relaxed);
}
template <simt::AtomicInteger T>
[[gnu::always_inline]] inline T atomicSub(T* address, std::type_identity_t<T> value) {
  simt::atomic_access(address, sizeof(T));
  return std::atomic_ref<T>(*address).fetch_sub(value, std::memory_order_relaxed);
}
template <simt::AtomicNumber T>
[[gnu::always_inline]] inline T atomicExch(T* address, std::type_identity_t<T> value) {
  simt::atomic_access(address, sizeof(T));
  return std::atomic_ref<T>(*address).exchange(value, std::memory_order_relaxed);
}
template <simt::AtomicInteger T>
[[gnu::always_inline]] inline T atomicCAS(T* address, std::type_identity_t<T> expected,
                                          std::type_identity_t<T> desired) {
  simt::atomic_access(address, sizeof(T));
  std::atomic_ref<T>(*address).compare_exchange_strong(expected, desired, std::memory_order_relaxed);
  return expected;
}
template <simt::AtomicInteger T>
[[gnu::always_inline]] inline T atomicMin(T* address, std::type_identity_t<T> value) {
  return simt::atomic_update(address, [=](T old) { return std::min(old, value); });
}
template <simt::AtomicInteger T>
[[gnu::always_inline]] inline T atomicMax(T* address, std::type_identity_t<T> value) {
  return simt::atomic_update(address, [=](T old) { return std::max(old, value); });
}
template <simt::AtomicInteger T>
[[gnu::always_inline]] inline T atomicAnd(T* address, std::type_identity_t<T> value) {
  simt::atomic_access(address, sizeof(T));
  return std::atomic_ref<T>(*address).fetch_and(value, std::memory_order_relaxed);
}
template <simt::AtomicInteger T>
[[gnu::always_inline]] inline T atomicOr(T* address, std::type_identity_t<T> value) {
  simt::atomic_access(address, sizeof(T));
  return std::atomic_ref<T>(*address).fetch_or(value, std::memory_order_relaxed);
}
