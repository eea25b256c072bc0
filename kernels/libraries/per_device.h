// What a library keeps for each device.
#pragma once

#include <map>
#include <mutex>

#include "kernels/runtime/error.h"

namespace duel {

/// The T of the current device, made at its first use. It lives as long as the process: at its end the driver may be
/// gone before static objects are.
template <class T>
T& of_current_device() {
  static std::mutex mutex;
  static auto& devices = *new std::map<int, T>;
  int device = 0;
  check(cudaGetDevice(&device));
  const std::lock_guard lock(mutex);
  return devices.try_emplace(device).first->second;
}

}  // namespace duel
