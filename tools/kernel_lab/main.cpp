#include <iostream>

#include "engine/io/file_size_limit.h"
#include "tools/kernel_lab/command_line.h"

int main(int argc, char** argv) {
  duel::take_file_size_limit_as_error();
  return duel::lab::run_command_line({argv + 1, argv + argc}, std::cout, std::cerr);
}
