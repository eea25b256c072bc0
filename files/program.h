// What all our programs do first and last.
#pragma once

#include <functional>

namespace duel {

/// The whole of main(): runs `body`, which returns the exit code and lets no exception out.
///
/// Before: descriptors 0, 1 and 2 that are closed are opened on /dev/null, so that no log or checkpoint gets one of
/// these numbers and with it what is printed; and writing beyond the limit of file size (ulimit -f) or to a pipe whose
/// reader has gone becomes an error (EFBIG, EPIPE) instead of the process's end by a signal. Meanwhile: control
/// characters in what std::cout and std::cerr print are shown as numbers (files/text.h), and what std::cerr cannot
/// write is dropped. After: where std::cout could not be written, which is so too where it was closed, the exit code 0
/// becomes 6, and standard error says so after the program's name, unless a reader has gone.
int run_program(const char* name, const std::function<int()>& body);

/// Throws std::system_error unless all that was printed on std::cout so far has been written. For commands that print
/// before long work: what cannot be printed need not be computed.
void flush_standard_output();

}  // namespace duel
