#include "tools/kernel_resources/build_folder.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <stdexcept>
#include <tuple>

namespace duel {
namespace {

std::vector<CudaObject> kernel_objects(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "compile_commands.json";
  std::ifstream text(file);
  if (!text) {
    throw std::runtime_error(file.string() + ": cannot be read; expected a build folder (tools/build.sh cuda-compile)");
  }
  // CMake before 3.29 names the object in the command only: -o kernels/CMakeFiles/duel_kernels.dir/levels/level.cu.o
  static const std::regex kOutput(R"( -o (kernels/\S+?\.dir/(\S+\.cu)\.o)\b)");
  std::vector<CudaObject> objects;
  try {
    for (const auto& entry : nlohmann::json::parse(text)) {
      const std::string command = entry.at("command");
      std::smatch match;
      if (std::regex_search(command, match, kOutput)) objects.push_back({folder / match[1].str(), match[2]});
    }
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error(file.string() + ": expected CMake's list of compile commands: " + error.what());
  }
  if (objects.empty()) throw std::runtime_error(file.string() + ": lists no .cu file below kernels/");
  return objects;
}

auto order(const KernelResources& k) {
  return std::tie(k.source, k.kernel, k.architecture);
}

}  // namespace

BuildFolder read_build_folder(const std::filesystem::path& folder) {
  BuildFolder build;
  build.objects = kernel_objects(folder);
  for (const CudaObject& object : build.objects) {
    const std::string file = object.path.string() + ".ptxas";
    std::ifstream text(file);
    if (!text) {
      throw std::runtime_error(file + ": is not there; build the folder first, with DUEL_DEVICE=cuda (cmake --build " +
                               folder.string() + ")");
    }
    PtxasText read = read_ptxas_text(text, file, object.source);
    if (build.toolkit.empty()) build.toolkit = read.toolkit;
    if (read.toolkit != build.toolkit) {
      throw std::runtime_error(file + ": was made by nvcc " + read.toolkit + ", others by " + build.toolkit +
                               "; build the whole folder");
    }
    build.kernels.insert(build.kernels.end(), read.kernels.begin(), read.kernels.end());
  }
  auto& kernels = build.kernels;
  std::sort(kernels.begin(), kernels.end(), [](const auto& a, const auto& b) { return order(a) < order(b); });
  const auto twin = std::adjacent_find(kernels.begin(), kernels.end(),
                                       [](const auto& a, const auto& b) { return order(a) == order(b); });
  if (twin != kernels.end()) {
    throw std::runtime_error("two kernels of " + twin->source + " have the name " + twin->kernel +
                             "; give them different names");
  }
  return build;
}

}  // namespace duel
