// Files that a user names for what a command finds out.
#pragma once

#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "files/descriptor.h"

namespace duel {

/// A file that is written once, at a command's end, and checked before the work begins.
///
/// A regular file is replaced only where nothing is lost: it is empty, or an earlier output of the same kind; whole or
/// not at all, and with the permissions that it has. Symbolic links are followed: what they point at is replaced. A
/// pipe, a terminal or another device is opened at once and written to. So is a descriptor that the process was started
/// with (/dev/stdout, /dev/fd/3, and what a shell makes of >(command)).
class OutputFile {
 public:
  static constexpr std::chrono::milliseconds kPatience{5000};  ///< for somebody who reads a named pipe

  /// `option`: what named the file, for messages. An empty name: nothing will be written.
  /// `beginning`: what every output of this kind begins with, white space aside; empty: no earlier one is replaced.
  /// Throws std::invalid_argument for a name that no file can have: its folder is missing, it is a folder, a block
  /// device or a loop of links, or the descriptor is not open for writing; and for a file that would be lost.
  /// Throws std::system_error for what the system refuses: permissions, a read-only or special file system, a pipe that
  /// nobody reads within `patience`. What is there stays as it is.
  OutputFile(std::string option, std::filesystem::path file, std::string beginning,
             std::chrono::milliseconds patience = kPatience);

  /// Throws std::invalid_argument where it is one of the files that the command reads, by whatever name or link.
  void keep_apart_from(const std::vector<std::filesystem::path>& inputs) const;

  bool is_named() const { return !name_.empty(); }
  const std::filesystem::path& name() const { return name_; }  ///< as it was given

  /// Throws std::system_error that names the file; also where another file appeared meanwhile that would be lost.
  void write(std::string_view text);

 private:
  void follow_links();
  void open_descriptor_of_process(int number);
  void check_regular(const struct stat& status) const;
  bool would_lose_a_file() const;
  void open_device(const struct stat& status, std::chrono::milliseconds patience);
  [[noreturn]] void refuse(const std::string& found) const;
  [[noreturn]] void fail(int error, const std::string& step) const;

  std::string option_, beginning_;
  std::filesystem::path name_, target_;  ///< target_: at the end of all links
  Descriptor descriptor_;                ///< of what is written to and not replaced
};

}  // namespace duel
