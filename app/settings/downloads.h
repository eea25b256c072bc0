// Datasets that `data fetch` downloads.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/quality/figures.h"

namespace duel::app {

struct DownloadFile {
  std::string name;  ///< after a mirror's URL, and of the file
  std::uint64_t bytes = 0;
  std::string sha256;  ///< 64 hexadecimal digits
};

/// A dataset within an archive: files BEGINNING-train-images-idx3-ubyte.gz and so on, as EMNIST's authors name them.
struct ArchivePart {
  std::string name;       ///< as one types it: "letters"
  std::string beginning;  ///< of the entries' names: "gzip/emnist-letters"
  std::map<int, std::string> classes;
};

/// What was measured on a dataset's images: context for a figure of `evaluate`.
struct Anchor {
  Metric metric;
  std::string text;
};

struct Download {
  std::string name;                         ///< as one types it, and of the folder
  std::string about;                        ///< a few words, with the licence
  std::vector<std::string> mirrors;         ///< URLs that end with '/', in the order in which they are tried
  std::vector<DownloadFile> files;          ///< IDX files, the training images last; or one ZIP archive
  std::map<int, std::string> classes = {};  ///< names by label
  std::vector<ArchivePart> parts = {};      ///< of an archive, the default one first; none: the files are no archive
  bool is_transposed = false;               ///< its images lie on their side
  std::string checksum = {};                ///< by which its training images are known (DataIdentity); "": by none
  std::vector<Anchor> anchors = {};
};

}  // namespace duel::app
