#include "engine/measure/stream_hold.h"

#include <chrono>

namespace duel {

StreamHold::StreamHold(StreamView stream) : stream_(stream) {
  check(cudaLaunchHostFunc(stream.get(), wait_for_release, this));
}

StreamHold::~StreamHold() {
  release();
  static_cast<void>(cudaStreamSynchronize(stream_.get()));
}

void StreamHold::release() {
  if (!is_released_) released_.set_value();
  is_released_ = true;
}

void StreamHold::wait_for_release(void* self) {
  auto& hold = *static_cast<StreamHold*>(self);
  hold.has_expired_ = hold.release_.wait_for(std::chrono::seconds(10)) != std::future_status::ready;
}

}  // namespace duel
