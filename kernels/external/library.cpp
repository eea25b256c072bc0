// Compiled into every library of external kernels, as its first object.
#include "kernels/external/library.h"

#include "kernels/runtime/foreign_call.h"

const char duel_kernel_abi[] = DUEL_KERNEL_ABI;

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/own_shared_variables.h"

simt::SharedVariables duel_shared_variables() {
  return simt::own_shared_variables();
}
#endif

// What ends the program, where the file calls it (the linker's --wrap, cmake/external_kernels.cmake): nobody may take
// the end for success.
extern "C" {
[[noreturn]] void __wrap_exit(int status) {
  duel::refuse_exit("exit", status);
}
[[noreturn]] void __wrap__exit(int status) {
  duel::refuse_exit("_exit", status);
}
[[noreturn]] void __wrap__Exit(int status) {
  duel::refuse_exit("_Exit", status);
}
[[noreturn]] void __wrap_quick_exit(int status) {
  duel::refuse_exit("quick_exit", status);
}
[[noreturn]] void __wrap_pthread_exit(void*) {
  duel::refuse_exit("pthread_exit", 0);
}
}
