// Where a dataset may lie, and which of these places holds one. find_dataset() of idx.h puts the two together.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/io/data_error.h"

namespace duel {

struct DatasetPlace {
  std::string origin;                           ///< who names the folder: "requested", "$MNIST_GAN_DATA", ...
  std::optional<std::filesystem::path> folder;  ///< none where the origin is not set
};

/// The places to look at, in order. A requested folder, or else one that $MNIST_GAN_DATA names, is the only place:
/// a typing error must not train on another dataset. Variables that are empty count as not set; so does a relative
/// $XDG_DATA_HOME (XDG Base Directory Specification 0.8).
std::vector<DatasetPlace> dataset_places(const std::optional<std::filesystem::path>& requested);

/// The first folder that holds the training images. Throws DataError that lists every place and what it lacks.
std::filesystem::path first_dataset(const std::vector<DatasetPlace>& places);

/// folder/name if there is anything of that name, else folder/name.gz likewise, else the first entry that is called so
/// in another spelling: upper case, or '.' or '_' for '-' (programs unpack train-images.idx3-ubyte), else nothing. A
/// folder of such a name counts for the file in it that is called so, too. What it is (perhaps a dangling link) is for
/// the reader to tell: a broken file must not pass for an absent one.
std::optional<std::filesystem::path> find_idx_file(const std::filesystem::path& folder, const std::string& name);

/// For messages, where find_idx_file() finds nothing: "; its subfolder MNIST/raw has it", or "; there are a, b" of
/// files with similar names; else "".
std::string what_is_there(const std::filesystem::path& folder, const std::string& name);

}  // namespace duel
