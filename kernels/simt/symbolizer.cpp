#include "kernels/simt/symbolizer.h"

#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>

#include "kernels/simt/kernel_name.h"

namespace simt {
namespace {

// The command that turns addresses into functions and lines; "" where there is none.
std::string find_tool() {
  std::vector<std::string> names = {"llvm-symbolizer"};
  for (int version = 25; version >= 12; --version) names.push_back("llvm-symbolizer-" + std::to_string(version));
  names.push_back("addr2line");
  const char* path = std::getenv("PATH");
  for (const std::string& name : names) {
    std::istringstream folders(path ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
      const std::string tool = folder + "/" + name;
      if (access(tool.c_str(), X_OK) != 0) continue;
      return "'" + tool + "'" + (name == "addr2line" ? " -f -i -C -e" : " --inlines --demangle --obj");
    }
  }
  return "";
}

std::string output_of(const std::string& command) {
  std::string output;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  if (!pipe) return output;
  char buffer[4096];
  while (const std::size_t bytes = std::fread(buffer, 1, sizeof buffer, pipe.get())) output.append(buffer, bytes);
  return output;
}

// "/project/kernels/a.cu:12:3" -> kernels/a.cu, 12. Lines that nobody knows are "??:0".
bool read_place(std::string text, Frame& frame) {
  text = text.substr(0, text.find(" (discriminator"));
  std::vector<std::string> numbers;
  while (numbers.size() < 2) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon + 1 == text.size() ||
        text.find_first_not_of("0123456789?", colon + 1) != std::string::npos) {
      break;
    }
    numbers.push_back(text.substr(colon + 1));
    text.resize(colon);
  }
  if (numbers.empty()) return false;
  frame.line = std::atoi(numbers.back().c_str());
  frame.file = source_file(text);
  return frame.line > 0 && !frame.file.starts_with("??");
}

std::vector<Frame> ask(std::uintptr_t address) {
  static const auto& tool = *new std::string(find_tool());
  Dl_info info{};
  void* extra = nullptr;
  if (tool.empty() || !dladdr1(reinterpret_cast<void*>(address), &info, &extra, RTLD_DL_LINKMAP)) return {};
  const auto* module = static_cast<const link_map*>(extra);  // the program itself has no name there
  char own_path[4096] = {};
  if (!*module->l_name && readlink("/proc/self/exe", own_path, sizeof own_path - 1) < 0) return {};
  char offset[24];
  std::snprintf(offset, sizeof offset, "0x%zx", static_cast<std::size_t>(address - module->l_addr));
  const std::string path = *module->l_name ? module->l_name : own_path;
  std::istringstream lines(output_of(tool + " '" + path + "' " + offset + " 2>/dev/null"));
  std::vector<Frame> frames;
  Frame frame{};
  for (std::string place; std::getline(lines, frame.function) && std::getline(lines, place);) {
    frame.function = without_signature(frame.function);
    if (read_place(place, frame)) frames.push_back(frame);
  }
  return frames;
}

}  // namespace

std::string source_file(const std::string& path) {
  constexpr std::string_view kProject = DUEL_SOURCE_FOLDER;
  return path.starts_with(kProject) ? path.substr(kProject.size()) : path;
}

std::vector<Frame> frames_at(std::uintptr_t return_address) {
  static std::mutex mutex;
  static auto& known = *new std::map<std::uintptr_t, std::vector<Frame>>;  // reports are made at the very end too
  const std::lock_guard lock(mutex);
  const auto [place, is_new] = known.try_emplace(return_address);
  if (is_new) place->second = ask(return_address - 1);
  return place->second;
}

}  // namespace simt
