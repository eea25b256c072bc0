// Tables of pixels as text, an image a line: CSV files as Kaggle and OpenML have them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/io/data_error.h"

namespace duel {

struct ImageTable {
  int columns = 0;                  ///< of pixels
  std::vector<float> values;        ///< [rows, columns]
  std::vector<std::string> labels;  ///< [rows], as they stand there; empty where there is no column of labels
  std::vector<std::int64_t> lines;  ///< [rows], where each stands, counted from 1
  int label_column = -1;            ///< counted from 0; -1: none

  /// Where `values[i]` stands: "line 3, value 7".
  std::string place_of(std::size_t i) const;
};

/// Reads a table of numbers, plain or gzip-compressed, with commas, semicolons or tabs between them; but
/// for the first, numbers may have a decimal comma. Values may stand in quotes (RFC 4180), in one line. A first line of
/// names is left out. The column of labels is the one that is named label, class, target or y; without names the first
/// one, where only the others make a square of pixels, of one channel or three. Throws DataError that names the line.
ImageTable read_image_table(const std::filesystem::path& file);

/// The side of a square image with so many values: of 1 channel, else of 3; 0 where there is none. `channels` says
/// which.
int side_of_square(int values, int& channels);

}  // namespace duel
