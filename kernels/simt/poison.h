// What uninitialised memory holds, so that who reads it notices.
#pragma once

namespace simt {

inline constexpr unsigned char kPoison = 0xff;  // NaN as float or double, -1 as an integer

}  // namespace simt
