#include "kernels/external/external_kernels.h"

#include <sys/stat.h>

#include <cmath>

#include "kernels/external/library_build.h"
#include "kernels/external/library_seal.h"
#include "kernels/external/sha256.h"
#include "kernels/ops/flat_update/flat_update.h"
#include "kernels/runtime/buffer.h"
#include "kernels/verify/executions.h"
#include "tests/kernels/external/kernel_files.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/simt.h"
#endif

namespace duel::test {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

const fs::path kKernelFile = DUEL_SOURCE_FOLDER "/tests/kernels/external/thread_model.cu";

// What is said of a file that is refused.
std::string refusal(const fs::path& file, KernelSelection kernels = {}) {
  std::ostringstream messages;
  try {
    add_external_kernels(kernels, file, messages);
    return "";
  } catch (const KernelFileError& error) {
    CHECK(contains(error.what(), file.filename().string()));
    return error.what();
  }
}

#ifdef DUEL_CPU_DEVICE
Variant<FlatUpdate<float, Adam>> find(const KernelSelection& kernels, const std::string& name) {
  for (const auto& variant : kernels.variants(flat_update_op<Adam>())) {
    if (variant.name == name) return variant;
  }
  throw std::invalid_argument(name + " was not added");
}

constexpr int kBlocks = 12, kThreads = 64, kValues = 8;

std::vector<float> run_thread_model(const Variant<FlatUpdate<float, Adam>>& variant, const simt::Options& options) {
  const verify::UseExecution use(options);
  const Stream stream;
  const DeviceBuffer<float> values(kBlocks * kThreads * kValues);
  FlatUpdate<float, Adam> arguments{};
  arguments.parameter = values.vector();
  variant.launch(arguments, stream);
  return values.download(stream);
}

TEST_CASE("a kernel from outside runs on the program's CPU device") {
  KernelFiles files;
  KernelSelection kernels;
  const ExternalKernels loaded = add_external_kernels(kernels, kKernelFile, files.messages);
  CHECK(loaded.file == kKernelFile);
  CHECK(loaded.sha256 == sha256(content_of(kKernelFile)));
  CHECK(loaded.is_compiled);
  CHECK(loaded.added == Names{"adam=thread_model", "adam=missing_barrier"});

  const auto variant = find(kernels, "thread_model");
  for (const int threads : {1, 3}) {
    for (const auto schedule : {simt::Schedule::forward, simt::Schedule::reverse, simt::Schedule::random}) {
      simt::Options options = simt::options();
      options.threads = threads;
      options.schedule = schedule;
      options.poison_shared = options.check_guards = true;
      const std::vector<float> values = run_thread_model(variant, options);
      int wrong = 0;
      for (int i = 0; i < kBlocks * kThreads; ++i) {
        const int thread = i % kThreads, block = i / kThreads, next = (thread + 1) % kThreads;
        const int index = 100 * (thread % 8) + 10 * (thread / 8 % 4) + thread / 32 + 32000;
        const float expected[] = {static_cast<float>(next),
                                  static_cast<float>(1000 * block + next),
                                  static_cast<float>(thread ^ 1),
                                  22,
                                  842,
                                  322,
                                  static_cast<float>(index)};
        for (int k = 0; k < 7; ++k) wrong += values[i * kValues + k] != expected[k];
        wrong += !std::isnan(values[i * kValues + 7]);  // shared memory that nobody has written
      }
      INFO(threads << " threads, schedule " << static_cast<int>(schedule));
      CHECK(wrong == 0);
    }
  }

  // A fault names the kernel and the place in the file.
  const Stream stream;
  find(kernels, "missing_barrier").launch({}, stream);
  try {
    stream.synchronize();
    FAIL("expected CudaError");
  } catch (const CudaError& error) {
    CHECK(contains(error.what(), "missing_barrier_kernel"));
    CHECK(contains(error.what(), "thread_model.cu:"));
  }
  simt::clear_fault();

  // The second time nothing is compiled, and the names are taken.
  KernelSelection others;
  CHECK(!add_external_kernels(others, kKernelFile, files.messages).is_compiled);
  CHECK(contains(refusal(kKernelFile, others), "adam has a variant 'thread_model' already"));
}
#endif

// Needs no GPU: all that the library leaves undefined is found in the program.
TEST_CASE("an example is compiled and loaded once") {
  KernelFiles files;
  const fs::path example = DUEL_SOURCE_FOLDER "/examples/kernels/adam_one_value_per_thread.cu";
  for (const bool is_first : {true, false}) {
    KernelSelection kernels;
    const ExternalKernels loaded = add_external_kernels(kernels, example, files.messages);
    CHECK(loaded.is_compiled == is_first);
    CHECK(loaded.added == Names{"adam=one_value_per_thread"});
    CHECK(kernels.variants(flat_update_op<Adam>()).size() == flat_update_op<Adam>().variants.size() + 1);
  }
}

TEST_CASE("the page on adding a kernel shows the example as it is") {
  const fs::path source = DUEL_SOURCE_FOLDER;
  const std::string example = content_of(source / "examples/kernels/adam_one_value_per_thread.cu");
  REQUIRE(!example.empty());
  CHECK(contains(content_of(source / "docs/adding-a-kernel.md"), "```cpp\n" + example + "```\n"));
}

TEST_CASE("files that are no kernel files are refused") {
  const KernelFiles files;
  CHECK(contains(refusal(files.path("missing.cu")), "does not exist"));
  CHECK(contains(refusal(files.path("")), "is not a file"));
  CHECK(contains(refusal(files.write("kernel.txt", "")), "neither a kernel file (.cu) nor a library"));
  CHECK(contains(refusal(files.write("text.so", "no ELF file")), "is damaged, or no library"));
  CHECK(contains(refusal(files.write("text.so", sealed_library("no ELF file"))), "cannot be loaded"));
  CHECK(contains(refusal(files.write("empty.cu", "int nothing;\n")), "does not define duel_add_kernels"));
  CHECK(contains(refusal(files.write("undefined.cu", "void missing();\nvoid f() { missing(); }\n")), "missing"));
}

TEST_CASE("what is no regular file is refused, and nothing waits") {
  const KernelFiles files;
  fs::create_symlink("loop.cu", files.path("loop.cu"));
  fs::create_symlink("missing.cu", files.path("dangling.cu"));
  fs::create_directory(files.path("folder.cu"));
  REQUIRE(mkfifo(files.path("pipe.cu").c_str(), 0600) == 0);
  CHECK(contains(refusal(files.path("loop.cu")), "Too many levels of symbolic links"));
  CHECK(contains(refusal(files.path("dangling.cu")), "a symbolic link to a file that does not exist"));
  CHECK(contains(refusal(files.path("folder.cu")), "is not a file"));
  CHECK(contains(refusal(files.path("pipe.cu")), "is not a file"));
  CHECK(contains(refusal("/dev/null"), "is not a file"));
  CHECK(contains(refusal(""), "a kernel file without a name does not exist"));
  CHECK(contains(refusal(files.path(std::string(300, 'n'))), "File name too long"));
  CHECK(contains(refusal(files.path("folder.cu/k.cu/x.cu")), "does not exist"));
  CHECK(contains(refusal(files.write("file", "") / "x.cu"), "does not exist"));
}

TEST_CASE("a file that adds nothing is refused") {
  const KernelFiles files;
  const auto file = files.write("idle.cu",
                                "#include \"kernels/external/kernel_file.h\"\n"
                                "extern \"C\" void duel_add_kernels(duel::KernelSelection&) {}\n");
  CHECK(contains(refusal(file), "adds no variant"));
}

TEST_CASE("libraries of another build are refused, those of this one are loaded") {
  KernelFiles files;
  const fs::path source = files.write("empty.cu", "int nothing;\n");
  const std::string sealed = content_of(build_library(source, files.messages).path);
  CHECK(contains(refusal(files.write("same.so", sealed)), "does not define duel_add_kernels"));
  CHECK(contains(refusal(files.write("cut.so", sealed.substr(0, sealed.size() / 2))), "is damaged"));
  REQUIRE(is_sealed_library(sealed));
  const std::string library = sealed.substr(0, sealed.size() - sha256("").size());

  std::string other = library;
  const auto place = other.find(kernel_abi());
  REQUIRE(place != std::string::npos);
  other[place] = other[place] == '0' ? '1' : '0';
  CHECK(contains(refusal(files.write("other.so", sealed_library(other))), "compiled by another build"));

  std::string foreign = library;
  const std::string symbol = "duel_kernel_abi";
  for (auto at = foreign.find(symbol); at != std::string::npos; at = foreign.find(symbol)) foreign[at] = 'x';
  // Not even loaded where a sanitizer's tables refer to the symbol.
  CHECK(contains(refusal(files.write("foreign.so", sealed_library(foreign))), "give the .cu file"));
}

}  // namespace
}  // namespace duel::test
