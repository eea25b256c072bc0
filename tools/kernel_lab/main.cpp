#include <iostream>

#include "tools/kernel_lab/command_line.h"

int main(int argc, char** argv) {
  return duel::lab::run_command_line({argv + 1, argv + argc}, std::cout, std::cerr);
}
