// Who counts what kernels move: nobody, or the counter between simt::start_counting() and simt::stop_counting().
#pragma once

#include "kernels/simt/checked/traffic.h"

namespace simt {

/// To be told what the blocks do; nullptr while nobody counts. Changes only while the device is idle.
extern TrafficCounter* active_counter;

}  // namespace simt
