#include <sstream>

#include "tests/support/catch.h"
#include "tests/tools/kernel_resources/temporary_folder.h"
#include "tools/kernel_resources/ptxas_text.h"

namespace duel {
namespace {

const std::string kBegin = "nvcc 13.0.88\n";
// A template with a type of an anonymous namespace among its arguments, as nvcc mangles it.
const std::string kForward =
    "_ZN4duel14forward_kernelINS_9TileShapeILi64ELi32EEENS_39_GLOBAL__N__0123abcd_7_tile_cu_4567cdef4ReluEEEvPKfiT0_";

std::string entry(const std::string& name, const std::string& architecture, const std::string& frame,
                  const std::string& used) {
  return "ptxas info    : Compiling entry function '" + name + "' for '" + architecture + "'\n" +
         "ptxas info    : Function properties for " + name + "\n    " + frame + "\nptxas info    : Used " + used +
         "\n" + "ptxas info    : Compile time = 12.917 ms\n";
}

PtxasText read(const std::string& text) {
  std::istringstream stream(text);
  return read_ptxas_text(stream, "tile.cu.o.ptxas", "op/tile.cu");
}

const std::string kNoFrame = "0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads";

TEST_CASE("ptxas text: every number of every kernel and architecture") {
  const PtxasText text =
      read(kBegin + "ptxas info    : 0 bytes gmem, 256 bytes cmem[3]\n" +
           entry(kForward, "sm_75", kNoFrame,
                 "86 registers, used 1 barriers, 12288 bytes smem, 424 bytes cmem[0], 8 bytes cmem[2]") +
           entry("_Z5plainPfi", "sm_75", "160 bytes stack frame, 48 bytes spill stores, 56 bytes spill loads",
                 "255 registers, used 0 barriers, 160 bytes cumulative stack size, 360 bytes cmem[0]") +
           "ptxas info    : 0 bytes gmem\n" +
           entry(kForward, "sm_120", kNoFrame, "72 registers, used 1 barriers, 12288 bytes smem") + "ptx entry " +
           kForward + " sm_120 128\nptx entry " + kForward + " sm_75 16, 8, 1\nptx entry _Z5plainPfi sm_75 none\n");

  CHECK(text.toolkit == "13.0.88");
  REQUIRE(text.kernels.size() == 3);
  const std::string forward = "forward_kernel<TileShape<64, 32>, Relu>";
  CHECK((text.kernels[0] == KernelResources{"op/tile.cu", forward, 75, 128, 86, 0, 0, 0, 12288, 432}));
  CHECK((text.kernels[1] == KernelResources{"op/tile.cu", "plain", 75, 0, 255, 48, 56, 160, 0, 360}));
  CHECK((text.kernels[2] == KernelResources{"op/tile.cu", forward, 120, 128, 72, 0, 0, 0, 12288, 0}));
}

TEST_CASE("ptxas text: a device function that was not inlined belongs to no kernel") {
  const PtxasText text = read(kBegin + entry("_Z1kPf", "sm_90a", kNoFrame, "23 registers") +
                              "ptxas info    : Function properties for _Z1ffi\n" +
                              "    8 bytes stack frame, 4 bytes spill stores, 4 bytes spill loads\n" +
                              "ptx entry _Z1kPf sm_90a 32, 1, 1\n");
  REQUIRE(text.kernels.size() == 1);
  CHECK((text.kernels[0] == KernelResources{"op/tile.cu", "k", 90, 32, 23, 0, 0, 0, 0, 0}));
}

TEST_CASE("ptxas text: an object without kernels") {
  CHECK(read(kBegin).kernels.empty());
}

TEST_CASE("ptxas text: what is malformed is named with its line") {
  const auto message = [](const std::string& text) { return message_of([&] { read(text); }); };
  CHECK(contains(message(""), "tile.cu.o.ptxas:0: the file is empty"));
  CHECK(contains(message("ptxas info\n"), "tile.cu.o.ptxas:1: expected \"nvcc VERSION\""));
  CHECK(contains(message(kBegin + "a line of something else\n"), "tile.cu.o.ptxas:2: expected what ptxas -v says"));
  CHECK(contains(message(kBegin + "    " + kNoFrame + "\n"), ":2: stack and spills of no function"));
  CHECK(contains(message(kBegin + "ptxas info    : Used 3 registers\n"), ":2: registers of no kernel"));
  CHECK(contains(message(kBegin + entry("k", "gpu", kNoFrame, "3 registers")), ":2: expected an architecture"));
  CHECK(contains(message(kBegin + entry("k", "sm_75", kNoFrame, "99999999999 registers")), ":5: the number"));
  const std::string begun = "ptxas info    : Compiling entry function 'k' for 'sm_75'\n";
  CHECK(contains(message(kBegin + begun + begun), ":3: kernel k has no line with its registers"));
  CHECK(contains(message(kBegin + begun), ":2: kernel k has no line with its registers"));
  CHECK(contains(message(kBegin + begun + "ptxas info    : Used 3 registers\n"),
                 ":3: kernel k has no line with its stack"));
  const std::string whole = kBegin + entry("k", "sm_75", kNoFrame, "3 registers");
  CHECK(contains(message(whole), "no \"ptx entry\" line for kernel k"));
  CHECK(contains(message(whole + "ptx entry k sm_75 65536, 65536, 1\n"), ":7: a block of 65536, 65536, 1 threads"));
  CHECK(contains(message(whole + "ptx entry k sm_75 99999999999\n"), ":7: the number 99999999999 is too large"));
  std::string constants = "3 registers";
  for (int bank = 0; bank < 3; ++bank) constants += ", 999999999 bytes cmem[0]";
  CHECK(contains(message(kBegin + entry("k", "sm_75", kNoFrame, constants)), ":5: the number 2999999997 is too large"));
  CHECK(contains(message(kBegin + std::string(100'000, 'x') + "\n"), ":2: a line of 100000 characters"));
}

TEST_CASE("kernel names are readable") {
  CHECK(readable_kernel_name("_ZN4duel8a_kernelEPKf") == "a_kernel");
  CHECK(readable_kernel_name("_ZN4duel8a_kernelILNS_4ModeE1EN5other4PairIiNS3_IifEEEEEEvPFviE") ==
        "a_kernel<(Mode)1, other::Pair<int, other::Pair<int, float>>>");
  CHECK(readable_kernel_name("extern_c_kernel") == "extern_c_kernel");
}

TEST_CASE("architectures have numbers") {
  CHECK(architecture_number("sm_75") == 75);
  CHECK(architecture_number("sm_120") == 120);
  CHECK(architecture_number("sm_90a") == 90);
  for (const char* wrong : {"", "sm_", "75", "sm_7", "compute_75", "sm_75 "}) CHECK(architecture_number(wrong) == 0);
}

}  // namespace
}  // namespace duel
