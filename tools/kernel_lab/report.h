// What a subcommand has to say, in the form that somebody asked for.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "engine/measure/result_output.h"
#include "engine/measure/table.h"

namespace duel::lab {

using Format = ResultFormat;
using OutputOptions = ResultOptions;

struct Report {
  std::string introduction;  ///< lines above the table
  Table table;
  std::string conclusion;  ///< lines below it
  std::string json;        ///< the same for programs, and more exactly
};

/// Where a report goes. Made before the work, so that a file that cannot be written is known by then.
class Delivery {
 public:
  /// `subcommand`: such as "bench". `table`: the report's columns. `inputs`: the files that the subcommand reads.
  /// Throws as ResultOutput does.
  Delivery(const OutputOptions& options, const std::string& subcommand, const Table& table,
           const std::vector<std::filesystem::path>& inputs = {});

  void deliver(const Report& report, std::ostream& out);

 private:
  ResultOutput output_;
};

}  // namespace duel::lab
