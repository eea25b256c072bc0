#include "kernels/external/library_build.h"

#include <fcntl.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <ostream>
#include <sstream>
#include <string_view>
#include <vector>

#include "files/descriptor.h"
#include "files/temporary.h"
#include "kernel_build.h"
#include "kernel_headers.h"
#include "kernels/external/command.h"
#include "kernels/external/dependencies.h"
#include "kernels/external/external_kernels.h"
#include "kernels/external/library_cache.h"
#include "kernels/external/sha256.h"
#include "kernels/external/source_folder.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/kernel_level.h"
#endif

namespace duel {
namespace {

namespace fs = std::filesystem;

// Options as CMake lists them, one a line; those after SHELL: are several, separated by spaces.
Command options_of(const char* text) {
  constexpr std::string_view kShell = "SHELL:";
  Command options;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kShell)) {
      std::istringstream words(line.substr(kShell.size()));
      for (std::string word; words >> word;) options.push_back(word);
    } else if (!line.empty()) {
      options.push_back(with_source_folder(line));
    }
  }
  return options;
}

Command operator+(Command command, const Command& more) {
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

Command compiler_command() {
  Command command = Command{kCompiler} + options_of(kCompilerOptions);
#ifdef DUEL_CPU_DEVICE
  // In portable builds as the kernels that were loaded; the last -march counts.
  if (const std::string level = simt::kernel_level(); !level.empty()) command.push_back("-march=" + level);
#endif
  return command;
}

void require_headers_of_build() {
  if (hash_headers(source_folder()) == kHeadersHash) return;
  throw KernelFileError("the headers in " + source_folder().string() +
                        "/kernels are no longer those that this program was built with, so kernel files compiled now "
                        "would not fit it; build it again: cmake --build " +
                        kBuildFolder + " (with --clean-first where that finds nothing to do)");
}

/// A new folder for what the compiler writes, removed with all that is in it; by the next process where this one is
/// killed.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    constexpr const char* kBeginning = "duel-kernels";
    std::error_code error;
    const fs::path named = fs::temp_directory_path(error), parent = error ? "/tmp" : named;  // as compilers do
    remove_leftovers(parent, kBeginning);
    do path_ = temporary_name(parent / kBeginning);
    while (!fs::create_directory(path_));
    descriptor_ = Descriptor(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    hold_temporary(descriptor_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
  Descriptor descriptor_;
};

std::string run_compiler(const fs::path& file, const Command& command, const fs::path& log) {
  CommandResult result = run_command(command, log);
  if (result.succeeded) return std::move(result.output);
  throw KernelFileError(file.string() + " was not compiled:\n" + result.output + "The command was\n  " +
                        shell_text(command));
}

}  // namespace

std::string hash_headers(const fs::path& root) {
  std::vector<std::string> names;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(root / "kernels", error);
       entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const fs::path& path = entry->path();
    if (path.extension() == ".h" || path.extension() == ".cuh") names.push_back(path.lexically_relative(root));
  }
  if (names.empty()) throw KernelFileError("the headers that kernel files include are not in " + root.string());
  std::sort(names.begin(), names.end());
  std::string list;
  for (const std::string& name : names) list += sha256(read_kernel_file(root / name)) + "  " + name + "\n";
  return sha256(list);
}

std::string kernel_compiler_command() {
  return shell_text(compiler_command());
}

std::string kernel_abi() {
  std::string text = std::string(kHeadersHash) + "\n" + kCompilerVersion + "\n";
  for (const std::string& option : compiler_command() + options_of(kLibraryOptions)) text += option + "\n";
  return sha256(text);
}

std::string read_kernel_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream bytes;
  if (stream) bytes << stream.rdbuf();
  if (!stream || fs::is_directory(file)) throw KernelFileError(file.string() + " cannot be read");
  return bytes.str();
}

BuiltLibrary build_library(const fs::path& file, std::ostream& messages) {
  require_headers_of_build();
  const std::string key = sha256(kernel_abi() + "\n" + file.string());
  const LibraryCache cache(messages);
  if (const auto found = cache.find(key)) return {*found, false, nullptr};

  messages << "compiling " << file.string() << std::endl;
  const auto folder = std::make_shared<const TemporaryFolder>();
  const fs::path library = *folder / "kernels.so";
  const Command compile =
      compiler_command() + Command{"-MMD", "-MF", *folder / "dependencies", "-c", "-o", *folder / "kernels.o", file};
  messages << run_compiler(file, compile, *folder / "log");
  const fs::path library_source = source_folder() / "kernels/external/library.cpp";
  const Command link = compiler_command() + Command{"-DDUEL_KERNEL_ABI=\"" + kernel_abi() + "\""} +
                       options_of(kLibraryOptions) + Command{"-o", library, library_source} +
                       options_of(kObjectOptions) + Command{*folder / "kernels.o"};
  messages << run_compiler(file, link, *folder / "log");

  std::vector<fs::path> inputs = inputs_of(read_kernel_file(*folder / "dependencies"));
  inputs.push_back(library_source);
  if (library_name(key, inputs).empty()) {
    throw KernelFileError(file.string() +
                          ": a file that it includes was removed meanwhile, or has a name that a rule " +
                          "for make cannot hold, such as one with a line break; expected other names");
  }
  if (const auto kept = cache.keep(key, inputs, read_kernel_file(library))) return {*kept, true, nullptr};
  return {library, true, folder};
}

}  // namespace duel
