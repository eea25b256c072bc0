#include "app/advice/advice.h"

#include "app/settings/setting.h"

namespace duel::app {

std::string memory_advice(Command command) {
  switch (command) {
    case Command::train:
      return "; a smaller --batch-size, --generator-widths, --discriminator-widths or --train-images needs less, and "
             "--dry-run says how much";
    case Command::sample:
      return "; a smaller --count needs less";
    case Command::interpolate:
      return "; a smaller --count or --rows needs less";
    case Command::bench:
      return "; a smaller --batch-size or --width needs less";
    case Command::evaluate:
      return "; a smaller --samples needs less";
    case Command::show_text:
      break;
  }
  return "";
}

KernelOptions kernels_of(const Invocation& invocation) {
  KernelOptions kernels;
  for_each_command([&](Command command, auto options) {
    if (command == invocation.command) kernels = (invocation.*options).kernels;
  });
  return kernels;
}

}  // namespace duel::app
