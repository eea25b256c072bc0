// Public. Which device the program computes on.
#pragma once

#include <string>

namespace duel {

/// What variants ask before they say that they support a case.
struct Device {
  bool is_cpu = false;         ///< the CPU device
  int compute_capability = 0;  ///< 10 * major + minor of a GPU; 0 on the CPU device
  /// The same of the GPU that the kernels of the tree were compiled for, of which the code on this one comes. It is
  /// less where a build knows only older GPUs: then the driver compiles their code for this one, and newer instructions
  /// are not in it. On the CPU device the newest one.
  int compiled_architecture = 0;
  int multiprocessors = 0;  ///< or worker threads

  /// The device in use.
  static const Device& current();
};

/// What the code of a kernel was compiled for, as Device::compiled_architecture. Throws CudaError.
int architecture_of(const void* kernel);

struct DeviceChoice {
  std::string name;  ///< "cpu" or "cuda:N"
  bool is_cpu = false;
  std::string description;  ///< model, multiprocessors or threads, memory
};

/// Chooses the device by `spec`: auto, cpu, cuda or cuda:N. `threads`: worker threads of the CPU device, 0 = all cores.
/// A build serves one kind of device: auto takes it; asking for the other kind, or for a GPU that is not there,
/// throws CudaError that says what is missing and how to mend it. Throws std::invalid_argument for another spec.
DeviceChoice select_device(const std::string& spec, int threads);

}  // namespace duel
