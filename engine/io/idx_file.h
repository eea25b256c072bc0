// Files of a dataset under the names that programs give them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace duel {

/// folder/name if there is anything of that name, else folder/name.gz likewise, else the first entry that is called so
/// in another spelling: upper case, or '.' or '_' for '-' (programs unpack train-images.idx3-ubyte), else nothing. The
/// idx4 of images in colour counts as the idx3 of grey ones, after it. A folder of such a name counts for the file in
/// it that is called so, too. What it is (perhaps a dangling link) is for the reader to tell: a broken file must not
/// pass for an absent one.
std::optional<std::filesystem::path> find_idx_file(const std::filesystem::path& folder, const std::string& name);

/// For messages, where find_idx_file() finds nothing: "; its subfolder MNIST/raw has it", or "; there are a, b" of
/// files with similar names; else "".
std::string what_is_there(const std::filesystem::path& folder, const std::string& name);

}  // namespace duel
