#include <iostream>

#include "tools/kernel_lab/lab_op.h"

int main() {
  const duel::KernelSelection kernels;
  for (const auto& op : duel::lab::lab_ops()) {
    for (const auto& variant : op->variants(kernels)) std::cout << op->name() << " " << variant.name << "\n";
  }
}
