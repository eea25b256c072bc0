// What the lab must know of an op to verify and time any of its variants: cases, values, bounds.
#pragma once

#include <string>
#include <vector>

#include "kernels/op.h"
#include "kernels/verify/bounds.h"
#include "kernels/verify/host_tensors.h"

namespace duel::verify {

/// A case of an op: shapes and scalars. The views' addresses mean nothing, but that absent tensors have none.
template <class Device>
struct Case {
  std::string name;
  Device arguments;
  int misalignment = 0;      ///< elements between an aligned address and the begin of each tensor
  bool of_training = false;  ///< a shape of the published networks: worth timing
};

/// An extent that somebody may choose, as the contract names it, and its size where nobody does.
struct Axis {
  const char* name;
  int usual;
};

/// Cases of any shape.
template <class Device>
struct Shapes {
  std::vector<Axis> axes;                                        ///< none: the op has one shape only
  Device (*arguments)(const std::vector<int>& sizes) = nullptr;  ///< in the order of the axes
};

template <class Host, class Device>
struct OpCases {
  using HostArguments = Host;
  using DeviceArguments = Device;

  const Op<Device>& op;
  void (*reference)(const Host&);
  /// Inputs with values as training has them, and room for the outputs, for the shapes and scalars of `arguments`. The
  /// same seed of `host` gives the same values.
  Host (*make)(HostTensors& host, const Device& arguments);
  /// How far results may be from the reference. `before`: as make() gave them; `after`: the reference ran.
  Bounds (*bounds)(const Host& before, const Host& after);
  std::vector<Case<Device>> (*cases)();
  /// The same as `bounds` for variants of any precision; nullptr: the op has none that rounds.
  Bounds (*bounds_in)(const Host& before, const Host& after, Precision precision) = nullptr;
  Shapes<Device> shapes = {};

  Bounds bounds_for(Precision precision, const Host& before, const Host& after) const {
    return bounds_in ? bounds_in(before, after, precision) : bounds(before, after);
  }
};

/// A view of that shape with an address that nobody may follow.
template <class T>
View<T, 2> shape(int rows, int columns) {
  alignas(256) static std::byte place[256];
  return {reinterpret_cast<T*>(place), rows, columns};
}
template <class T>
View<T, 1> shape(int rows) {
  return {shape<T>(rows, 1).data, rows, 1};
}

}  // namespace duel::verify
