#include <iostream>

#include "files/program.h"
#include "tools/kernel_lab/command_line.h"

int main(int argc, char** argv) {
  return duel::run_program("kernel_lab", [&] {
    return duel::lab::run_command_line({argv + 1, argv + argc}, std::cout, std::cerr);
  });
}
