#include <sstream>

#include "tests/support/catch.h"
#include "tests/tools/kernel_resources/temporary_folder.h"
#include "tools/kernel_resources/sass_text.h"

namespace duel {
namespace {

std::string sass_line(const std::string& address, const std::string& instruction) {
  return "        /*" + address + "*/   " + instruction + " ;   /* 0x0000000000007945 */\n" +
         "                                                     /* 0x000fe20003800000 */\n";
}

std::vector<SassKernel> read_sass(const std::string& text) {
  std::istringstream stream(text);
  return read_sass_text(stream, "a.o");
}

// An outer loop 0020..00d0 over two inner ones; 0040..0080 has most FFMA, 00a0..00c0 copies.
const std::string kTwoLoops = "\tcode for sm_75\n\t\tFunction : _ZN4duel8a_kernelEPKf\n" +
                              sass_line("0000", "IMAD.MOV.U32 R1, RZ, RZ, c[0x0][0x28]") +
                              sass_line("0010", "@P0 BRA 0x00e0") + sass_line("0020", "LDG.E.SYS R2, [R4]") +
                              sass_line("0030", "FFMA R1, R2, R3, R1") + sass_line("0040", "LDS.U.128 R4, [R8]") +
                              sass_line("0050", "FFMA R1, R2, R3, R1") + sass_line("0060", "FFMA.FTZ R1, R2, R3, R1") +
                              sass_line("0070", "BAR.SYNC 0x0") + sass_line("0080", "@!P0 BRA 0x40") +
                              sass_line("0090", "STS [R8], R2") + sass_line("00a0", "LDG.E R2, [R4]") +
                              sass_line("00b0", "STG.E [R4], R2") + sass_line("00c0", "@P1 BRA 0xa0") +
                              sass_line("00d0", "@!UP0 BRA.U UP1, 0x20") + sass_line("00e0", "EXIT") +
                              "        /*00f0*/   BRA 0xf0;   /* 0xfffffff000007947 */\n";

TEST_CASE("sass: the innermost loop with most FFMA is counted") {
  const auto kernels = read_sass(kTwoLoops);
  REQUIRE(kernels.size() == 1);
  CHECK(kernels[0].kernel == "a_kernel");
  CHECK(kernels[0].architecture == 75);
  CHECK(kernels[0].instructions.size() == 16);
  CHECK(kernels[0].instructions[8].target == 0x40);
  CHECK(kernels[0].instructions[13].target == 0x20);
  CHECK(kernels[0].instructions[0].target == -1);

  const InstructionCounts counts = count_hottest_loop(kernels[0]);
  CHECK(counts.is_loop);
  CHECK(counts.begin == 0x40);
  CHECK(counts.end == 0x80);
  CHECK(counts.ffma == 2);
  CHECK(counts.lds == 1);
  CHECK(counts.bar == 1);
  CHECK(counts.other == 0);
  CHECK(counts.branches == 0);  // that which closes it apart
  CHECK(counts.ldg + counts.sts + counts.stg == 0);
  CHECK(counts.total() == 5);
}

TEST_CASE("sass: a loop around copying loops is the hottest when the products are there") {
  const auto kernels = read_sass("\tcode for sm_120\n\t\tFunction : k\n" + sass_line("0000", "LDG.E.128 R2, [R4]") +
                                 sass_line("0010", "STS.128 [R8], R2") + sass_line("0020", "@P1 BRA 0x0") +
                                 sass_line("0030", "FFMA2 R4, R6, R8, R4") + sass_line("0040", "STG.E [R4], R2") +
                                 sass_line("0050", "@P0 BRA 0x0") + sass_line("0060", "EXIT"));
  REQUIRE(kernels.size() == 1);
  CHECK(kernels[0].architecture == 120);
  const InstructionCounts counts = count_hottest_loop(kernels[0]);
  CHECK(counts.end == 0x50);
  CHECK(counts.ffma == 1);
  CHECK(counts.ldg == 1);
  CHECK(counts.sts == 1);
  CHECK(counts.stg == 1);
  CHECK(counts.other == 0);
  CHECK(counts.branches == 1);
}

TEST_CASE("sass: without FFMA in a loop the whole kernel is counted") {
  const auto kernels =
      read_sass("\tcode for sm_90\n\t\tFunction : k\n" + sass_line("0000", "FFMA R1, R2, R3, R1") +
                sass_line("0010", "LDG.E R2, [R4]") + sass_line("0020", "@P1 BRA 0x10") + sass_line("0030", "EXIT"));
  REQUIRE(kernels.size() == 1);
  const InstructionCounts counts = count_hottest_loop(kernels[0]);
  CHECK_FALSE(counts.is_loop);
  CHECK(counts.total() == 4);
  CHECK(counts.ffma == 1);
  CHECK(count_hottest_loop(SassKernel{}).total() == 0);
}

TEST_CASE("sass: several architectures, and an instruction that belongs nowhere") {
  const std::string k = "\t\tFunction : k\n" + sass_line("0000", "EXIT");
  const auto kernels = read_sass("Fatbin elf code:\n\tcode for sm_75\n" + k + "\tcode for sm_90a\n" + k);
  REQUIRE(kernels.size() == 2);
  CHECK(kernels[1].architecture == 90);
  CHECK(
      contains(message_of([&] { read_sass(k); }), "a.o:2: an instruction outside a function of a known architecture"));
  CHECK(contains(message_of([&] { read_sass(sass_line("0000", "EXIT")); }), "a.o:1: "));
}

TEST_CASE("sass: addresses and lines that no disassembly has are named") {
  const auto message = [](const std::string& line) {
    return message_of([&] { read_sass("\tcode for sm_90\n\t\tFunction : k\n" + line); });
  };
  CHECK(contains(message(sass_line("fffffff0", "EXIT")), "a.o:3: the address 0xfffffff0 is too large"));
  CHECK(contains(message(sass_line("0010", "BRA 0x123456789abcdef01")), "a.o:3: the address 0x123456789abcdef01"));
  CHECK(contains(message(sass_line("0010", std::string(100'000, 'A'))), "a.o:3: a line of 100"));
}

}  // namespace
}  // namespace duel
