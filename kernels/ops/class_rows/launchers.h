#pragma once

#include "kernels/ops/class_rows/class_rows.h"

namespace duel {

void class_rows_lanes(const ClassRows<float>& arguments, StreamView stream);
void class_rows_one_thread(const ClassRows<float>& arguments, StreamView stream);  // host builds only

}  // namespace duel
