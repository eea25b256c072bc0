// Streams, events, copies and fills of the runtime API.
#include <chrono>
#include <cstring>

#include "kernels/simt/checked/leaks.h"
#include "kernels/simt/checked/watch.h"
#include "kernels/simt/failing_call.h"
#include "kernels/simt/graph.h"
#include "kernels/simt/memory.h"

using simt::Device;
using simt::Fault;
using simt::finish;
using simt::MemoryKind;

// ---- streams ----

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* handle, unsigned flags) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  if (!handle || flags > cudaStreamNonBlocking) return finish(cudaErrorInvalidValue);
  Device& device = Device::instance();
  const auto guard = device.lock();
  *handle = device.add_stream(flags == cudaStreamDefault).get();
  if constexpr (simt::kChecked) simt::leaks::made(*handle, "a stream");
  return finish(cudaSuccess);
}

cudaError_t cudaStreamCreate(cudaStream_t* stream) {
  return cudaStreamCreateWithFlags(stream, cudaStreamDefault);
}

cudaError_t cudaStreamDestroy(cudaStream_t handle) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  const auto guard = device.lock();
  const auto stream = device.find_stream(handle);
  if (stream && stream->capture && stream->capture->origin == handle) simt::end_capture(stream->capture);
  if constexpr (simt::kChecked) simt::leaks::released(handle);
  return finish(device.remove_stream(handle) ? cudaSuccess : cudaErrorInvalidResourceHandle);
}

namespace {

// A host that waits for, or asks about, a stream under capture spoils the capture.
cudaError_t check_waitable(CUstream_st& stream) {
  if (!stream.capture) return cudaSuccess;
  stream.capture->invalid = true;
  return cudaErrorStreamCaptureUnsupported;
}

}  // namespace

cudaError_t cudaStreamSynchronize(cudaStream_t handle) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  auto guard = device.lock();
  const auto stream = device.find_stream(handle);
  if (!stream) return finish(cudaErrorInvalidResourceHandle);
  if (const cudaError_t error = check_waitable(*stream)) return finish(error);
  ++simt::atomic_counters().synchronizations;
  device.wait_for(guard, Device::end_of(stream));
  return finish(cudaSuccess);
}

cudaError_t cudaStreamQuery(cudaStream_t handle) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  const auto guard = device.lock();
  const auto stream = device.find_stream(handle);
  if (!stream) return finish(cudaErrorInvalidResourceHandle);
  if (const cudaError_t error = check_waitable(*stream)) return finish(error);
  return finish(device.ask_for(Device::end_of(stream)) ? cudaSuccess : cudaErrorNotReady);
}

cudaError_t cudaDeviceSynchronize() {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  auto guard = device.lock();
  if (const cudaError_t error = simt::check_not_capturing()) return finish(error);
  ++simt::atomic_counters().synchronizations;
  device.wait_for_all(guard);
  return finish(cudaSuccess);
}

cudaError_t cudaStreamWaitEvent(cudaStream_t handle, cudaEvent_t event_handle, unsigned flags) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  const auto guard = device.lock();
  const auto stream = device.find_stream(handle);
  const auto event = device.find_event(event_handle);
  if (!stream || !event) return finish(cudaErrorInvalidResourceHandle);
  if (flags != 0) return finish(cudaErrorInvalidValue);
  if (event->capture) {
    if (event->capture->ended) return finish(cudaErrorCapturedEvent);
    if (!handle) {
      event->capture->invalid = true;
      return finish(cudaErrorStreamCaptureImplicit);
    }
    if (stream->capture && stream->capture != event->capture) return finish(cudaErrorStreamCaptureIsolation);
    if (!stream->capture) stream->frontier.clear();
    stream->capture = event->capture;
    for (std::size_t node : event->captured_frontier) stream->frontier.push_back(node);
    return finish(cudaSuccess);
  }
  if (stream->capture) {
    stream->capture->invalid = true;
    return finish(cudaErrorStreamCaptureIsolation);
  }
  if (event->position.stream) device.enqueue(stream, [] { return Fault{}; }, {event->position});
  return finish(cudaSuccess);
}

cudaError_t cudaLaunchHostFunc(cudaStream_t handle, cudaHostFn_t function, void* user_data) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  const auto guard = device.lock();
  const auto stream = device.find_stream(handle);
  if (!stream) return finish(cudaErrorInvalidResourceHandle);
  if (!function) return finish(cudaErrorInvalidValue);
  return finish(simt::submit(stream, [=] {
    const simt::watch::Trusted as_host(false);
    function(user_data);
    return Fault{};
  }));
}

// ---- events ----

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* handle, unsigned flags) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  if (!handle || flags > (cudaEventBlockingSync | cudaEventDisableTiming)) return finish(cudaErrorInvalidValue);
  Device& device = Device::instance();
  const auto guard = device.lock();
  *handle = device.add_event(!(flags & cudaEventDisableTiming)).get();
  if constexpr (simt::kChecked) simt::leaks::made(*handle, "an event");
  return finish(cudaSuccess);
}

cudaError_t cudaEventCreate(cudaEvent_t* event) {
  return cudaEventCreateWithFlags(event, cudaEventDefault);
}

cudaError_t cudaEventDestroy(cudaEvent_t handle) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  const auto guard = device.lock();
  if constexpr (simt::kChecked) simt::leaks::released(handle);
  return finish(device.remove_event(handle) ? cudaSuccess : cudaErrorInvalidResourceHandle);
}

cudaError_t cudaEventRecord(cudaEvent_t event_handle, cudaStream_t handle) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  const auto guard = device.lock();
  const auto stream = device.find_stream(handle);
  const auto event = device.find_event(event_handle);
  if (!stream || !event) return finish(cudaErrorInvalidResourceHandle);
  if (stream->capture) {
    event->capture = stream->capture;
    event->captured_frontier = stream->frontier;
    return finish(cudaSuccess);
  }
  event->capture.reset();
  const cudaError_t error = simt::submit(stream, [weak = std::weak_ptr(event)] {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    const auto guarded = Device::instance().lock();
    if (const auto recorded = weak.lock())
      recorded->milliseconds = std::chrono::duration<double, std::milli>(now).count();
    return Fault{};
  });
  if (error == cudaSuccess) event->position = Device::end_of(stream);
  return finish(error);
}

cudaError_t cudaEventSynchronize(cudaEvent_t handle) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  auto guard = device.lock();
  const auto event = device.find_event(handle);
  if (!event) return finish(cudaErrorInvalidResourceHandle);
  if (event->capture) return finish(cudaErrorCapturedEvent);
  ++simt::atomic_counters().synchronizations;
  device.wait_for(guard, simt::Position(event->position));
  return finish(cudaSuccess);
}

cudaError_t cudaEventQuery(cudaEvent_t handle) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  const auto guard = device.lock();
  const auto event = device.find_event(handle);
  if (!event) return finish(cudaErrorInvalidResourceHandle);
  if (event->capture) return finish(cudaErrorCapturedEvent);
  return finish(device.ask_for(event->position) ? cudaSuccess : cudaErrorNotReady);
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start_handle, cudaEvent_t end_handle) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  const auto guard = device.lock();
  const auto start = device.find_event(start_handle), end = device.find_event(end_handle);
  if (!milliseconds) return finish(cudaErrorInvalidValue);
  if (!start || !end || !start->timing || !end->timing) return finish(cudaErrorInvalidResourceHandle);
  if (!start->position.stream || !end->position.stream) return finish(cudaErrorInvalidResourceHandle);
  if (!device.reached(start->position) || !device.reached(end->position)) return finish(cudaErrorNotReady);
  *milliseconds = static_cast<float>(end->milliseconds - start->milliseconds);
  return finish(cudaSuccess);
}

// ---- copies and fills ----

namespace {

// Whether [pointer, pointer + bytes) may be one side of a copy that expects it on the device (or on the host).
bool is_side(const void* pointer, std::size_t bytes, bool on_device) {
  const auto kind = simt::memory().classify(pointer, bytes);
  return kind && (*kind == MemoryKind::device) == on_device;
}

cudaError_t check_copy(const void* destination, const void* source, std::size_t bytes, cudaMemcpyKind kind) {
  const auto to = simt::memory().classify(destination, bytes), from = simt::memory().classify(source, bytes);
  if (!to || !from) return cudaErrorInvalidValue;
  if (kind == cudaMemcpyDefault) return cudaSuccess;
  if (kind < cudaMemcpyHostToHost || kind > cudaMemcpyDefault) return cudaErrorInvalidMemcpyDirection;
  const bool to_device = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
  const bool from_device = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
  return is_side(destination, bytes, to_device) && is_side(source, bytes, from_device) ? cudaSuccess
                                                                                       : cudaErrorInvalidValue;
}

cudaError_t submit_copy(const std::shared_ptr<CUstream_st>& stream, void* destination, const void* source,
                        std::size_t bytes, cudaMemcpyKind kind) {
  if (bytes == 0) return cudaSuccess;
  if (const cudaError_t error = check_copy(destination, source, bytes, kind)) return error;
  const bool crosses = is_side(destination, bytes, true) != is_side(source, bytes, true);
  return simt::submit(stream, [=] {
    if (crosses) ++simt::atomic_counters().host_copies;
    if constexpr (simt::kChecked) return simt::watch::copy(destination, source, bytes);
    std::memcpy(destination, source, bytes);
    return Fault{};
  });
}

cudaError_t submit_fill(const std::shared_ptr<CUstream_st>& stream, void* pointer, int value, std::size_t bytes) {
  if (bytes == 0) return cudaSuccess;
  if (!is_side(pointer, bytes, true)) return cudaErrorInvalidValue;
  return simt::submit(stream, [=] {
    if constexpr (simt::kChecked) return simt::watch::fill(pointer, value, bytes);
    std::memset(pointer, value, bytes);
    return Fault{};
  });
}

// A call that returns when its work on the legacy default stream is done.
template <class Submit>
cudaError_t run_synchronously(Submit submit) {
  Device& device = Device::instance();
  auto guard = device.lock();
  if (const cudaError_t error = simt::check_not_capturing()) return finish(error);
  const auto stream = device.find_stream(nullptr);
  if (const cudaError_t error = submit(stream)) return finish(error);
  ++simt::atomic_counters().synchronizations;
  device.wait_for(guard, Device::end_of(stream));
  return finish(cudaSuccess);
}

}  // namespace

cudaError_t cudaMemcpyAsync(void* destination, const void* source, std::size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t handle) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  const auto guard = device.lock();
  const auto stream = device.find_stream(handle);
  if (!stream) return finish(cudaErrorInvalidResourceHandle);
  return finish(submit_copy(stream, destination, source, bytes, kind));
}

cudaError_t cudaMemsetAsync(void* pointer, int value, std::size_t bytes, cudaStream_t handle) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  const auto guard = device.lock();
  const auto stream = device.find_stream(handle);
  if (!stream) return finish(cudaErrorInvalidResourceHandle);
  return finish(submit_fill(stream, pointer, value, bytes));
}

cudaError_t cudaMemcpy(void* destination, const void* source, std::size_t bytes, cudaMemcpyKind kind) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  return run_synchronously([&](const auto& stream) { return submit_copy(stream, destination, source, bytes, kind); });
}

cudaError_t cudaMemset(void* pointer, int value, std::size_t bytes) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  return run_synchronously([&](const auto& stream) { return submit_fill(stream, pointer, value, bytes); });
}
