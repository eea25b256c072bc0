#include "app/advice/advice.h"

namespace duel::app {

std::string memory_advice(const Invocation& invocation) {
  return std::visit(
      []<class Options>(const Options&) -> std::string {
        if constexpr (requires { Options::kCommand; }) return Options::kCommand.memory_advice;
        return "";
      },
      invocation.options);
}

KernelOptions kernels_of(const Invocation& invocation) {
  return std::visit(
      [](const auto& options) {
        if constexpr (requires { options.kernels; }) return options.kernels;
        return KernelOptions();
      },
      invocation.options);
}

}  // namespace duel::app
