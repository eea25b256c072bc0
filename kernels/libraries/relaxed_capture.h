// Libraries prepare themselves at their first use, which may be while a stream is being captured.
#pragma once

#include "kernels/runtime/error.h"

namespace duel {

/// While it lives, the calling thread may allocate and load code although a stream is being captured; such calls are no
/// part of what is recorded. Work given to the captured stream is recorded as ever.
class RelaxedCapture {
 public:
  RelaxedCapture() { check(cudaThreadExchangeStreamCaptureMode(&mode_)); }
  ~RelaxedCapture() { static_cast<void>(cudaThreadExchangeStreamCaptureMode(&mode_)); }
  RelaxedCapture(const RelaxedCapture&) = delete;
  RelaxedCapture& operator=(const RelaxedCapture&) = delete;

 private:
  cudaStreamCaptureMode mode_ = cudaStreamCaptureModeRelaxed;  // and then the one to return to
};

}  // namespace duel
