// Compiled into every library of external kernels, as its first object.
#include "kernels/external/library.h"

const char duel_kernel_abi[] = DUEL_KERNEL_ABI;

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/own_shared_variables.h"

simt::SharedVariables duel_shared_variables() {
  return simt::own_shared_variables();
}
#endif
