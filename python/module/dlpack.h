// The structs by which libraries hand arrays to each other. Source: the DLPack specification, version 1.0.
#pragma once

#include <cstdint>

namespace duel::python::dlpack {

enum DeviceType : std::int32_t { kCpu = 1, kCuda = 2 };
enum TypeCode : std::uint8_t { kInt = 0, kUInt = 1, kFloat = 2 };

struct Device {
  DeviceType type;
  std::int32_t id;
};

struct DataType {
  TypeCode code;
  std::uint8_t bits;
  std::uint16_t lanes;
};

struct Tensor {
  void* data;
  Device device;
  std::int32_t dimensions;
  DataType type;
  std::int64_t* shape;
  std::int64_t* strides;  ///< in values
  std::uint64_t byte_offset;
};

/// What readers before version 1 take; it cannot say that the values are to be read only.
struct Managed {
  static constexpr const char* kName = "dltensor";  ///< of the capsule, until somebody has taken it

  Tensor tensor;
  void* context;
  void (*release)(Managed*);
};

struct Version {
  std::uint32_t major, minor;
};

struct VersionedManaged {
  static constexpr const char* kName = "dltensor_versioned";
  static constexpr std::uint64_t kReadOnly = 1;

  Version version = {1, 0};
  void* context;
  void (*release)(VersionedManaged*);
  std::uint64_t flags = kReadOnly;
  Tensor tensor;
};

}  // namespace duel::python::dlpack
