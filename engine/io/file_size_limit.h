// What happens where a file may not grow any further.
#pragma once

namespace duel {

/// From here on, writing beyond the limit of file size (ulimit -f) fails with EFBIG, an error of the disk, instead of
/// ending the process by SIGXFSZ. Programs that this one starts keep the default.
void take_file_size_limit_as_error();

}  // namespace duel
