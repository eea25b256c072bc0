// What --device says.
#pragma once

#include <string>

namespace duel {

struct DeviceSpec {
  enum class Kind { any, cpu, cuda } kind;
  int ordinal = 0;  ///< of a GPU
};

/// Throws std::invalid_argument unless `spec` is auto, cpu, cuda or cuda:N.
DeviceSpec parse_device_spec(const std::string& spec);

}  // namespace duel
