// The work of an op call: what anybody who computes it must do at least.
#pragma once

#include "kernels/op.h"

namespace duel {

struct Work {
  Flops flops;
  Bytes bytes;  ///< every tensor once: read what the call reads, written what it writes
};

namespace detail {

/// Adds up the sizes of tensors.
struct CountBytes {
  Bytes bytes;

  void reads(const char*, const auto& view) { bytes.read += size_of(view); }
  void writes(const char*, const auto& view) { bytes.written += size_of(view); }
  void updates(const char* name, const auto& view) {
    reads(name, view);
    writes(name, view);
  }

 private:
  static double size_of(const auto& view) { return view ? static_cast<double>(view.bytes()) : 0; }
};

}  // namespace detail

template <class Arguments>
Work work_of(const Op<Arguments>& op, Arguments arguments) {
  detail::CountBytes count;
  visit(arguments, count);
  if (op.untouched) {
    const Bytes untouched = op.untouched(arguments);
    count.bytes.read -= untouched.read;
    count.bytes.written -= untouched.written;
  }
  return {op.flops(arguments), count.bytes};
}

}  // namespace duel
