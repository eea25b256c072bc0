#include <sstream>

#include "tests/support/catch.h"
#include "tests/tools/kernel_resources/temporary_folder.h"
#include "tools/kernel_resources/build_folder.h"
#include "tools/kernel_resources/report.h"

namespace duel {
namespace {

const std::string kObjects = "kernels/CMakeFiles/duel_kernels.dir/";

std::string command(const std::string& object) {
  return R"({"directory": "/b", "command": "nvcc -x cu -c /s/x.cu -o )" + object + R"(", "file": "/s/x.cu"})";
}

std::string ptxas(const std::string& toolkit, const std::string& kernel, int registers) {
  return "nvcc " + toolkit + "\nptxas info    : Compiling entry function '" + kernel +
         "' for 'sm_75'\nptxas info    : Function properties for " + kernel +
         "\n    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads\nptxas info    : Used " +
         std::to_string(registers) + " registers\nptx entry " + kernel + " sm_75 256, 1, 1\n";
}

// A folder with two objects of kernels; the tests' kernels and C++ objects do not count.
void write_build(const TemporaryFolder& folder) {
  folder.write("compile_commands.json", "[" + command(kObjects + "op/tile.cu.o") + "," +
                                            command(kObjects + "adam/flat.cu.o") + "," +
                                            command("tests/CMakeFiles/test_x.dir/x.cu.o") + "," +
                                            command(kObjects + "adam/variants.cpp.o") + "]");
  folder.write(kObjects + "op/tile.cu.o.ptxas", ptxas("13.0.88", "_Z1tPf", 40));
  folder.write(kObjects + "adam/flat.cu.o.ptxas", ptxas("13.0.88", "_Z1aPf", 30));
}

TEST_CASE("build folder: the kernels of its objects, sorted - leftovers do not count") {
  const TemporaryFolder folder;
  write_build(folder);
  folder.write(kObjects + "deleted/old.cu.o.ptxas", ptxas("12.0.1", "_Z1oPf", 20));
  const BuildFolder build = read_build_folder(folder.path());
  CHECK(build.toolkit == "13.0.88");
  REQUIRE(build.objects.size() == 2);
  CHECK(build.objects[0].path == folder.path() / (kObjects + "op/tile.cu.o"));
  REQUIRE(build.kernels.size() == 2);
  CHECK((build.kernels[0] == KernelResources{"adam/flat.cu", "a", 75, 256, 30, 0, 0, 0, 0, 0}));
  CHECK((build.kernels[1] == KernelResources{"op/tile.cu", "t", 75, 256, 40, 0, 0, 0, 0, 0}));
}

TEST_CASE("build folder: what is missing is named") {
  const TemporaryFolder folder;
  const auto message = [&] { return message_of([&] { read_build_folder(folder.path()); }); };
  CHECK(contains(message(), "compile_commands.json: cannot be read"));
  folder.write("compile_commands.json", "[{]");
  CHECK(contains(message(), "compile_commands.json: expected CMake's list"));
  folder.write("compile_commands.json", R"([{"file": "x.cu"}])");
  CHECK(contains(message(), "compile_commands.json: expected CMake's list"));
  folder.write("compile_commands.json", "[]");
  CHECK(contains(message(), "lists no .cu file below kernels/"));
  write_build(folder);
  std::filesystem::remove(folder.path() / (kObjects + "adam/flat.cu.o.ptxas"));
  CHECK(contains(message(), "flat.cu.o.ptxas: is not there; build the folder first, with DUEL_DEVICE=cuda"));
  folder.write(kObjects + "adam/flat.cu.o.ptxas", ptxas("12.8.1", "_Z1aPf", 30));
  CHECK(contains(message(), "flat.cu.o.ptxas: was made by nvcc 12.8.1, others by 13.0.88"));
  // Overloads differ in their parameters only, which readable names leave out.
  folder.write(kObjects + "adam/flat.cu.o.ptxas", ptxas("13.0.88", "_Z1aPf", 30) + ptxas("", "_Z1aPd", 30).substr(6));
  CHECK(contains(message(), "two kernels of adam/flat.cu have the name a"));
}

TEST_CASE("reports: table and JSON tell the numbers") {
  const ResourceTable table = with_occupancy("13.0.88", {{"op/tile.cu", "forward", 75, 128, 86, 4, 8, 16, 12288, 424},
                                                         {"op/c.cu", "clock", 90, 0, 24, 0, 0, 0, 0, 0}});
  std::ostringstream text, json;
  write_table(table, text);
  CHECK(contains(text.str(),
                 "sm_75       128    86      12     16   12288          5        63%  registers + shared memory"));
  CHECK(contains(text.str(), "sm_90         -    24       0      0       0          -          -  -"));
  write_json(table, json);
  CHECK(contains(json.str(), "\"nvcc\": \"13.0.88\""));
  CHECK(contains(json.str(), "\"spill_loads\": 8"));
  CHECK(contains(json.str(), "\"fraction\": 0.625"));
  CHECK(contains(json.str(), "\"occupancy\": null"));
}

TEST_CASE("reports: counts come from the disassembler") {
  const TemporaryFolder folder;
  write_build(folder);
  const std::string program = write_program(folder, "dump", R"(#!/bin/sh
printf '\tcode for sm_75\n\t\tFunction : _Z1tPf\n  /*0000*/  FFMA R1, R2, R3, R1 ; /* 0 */\n  /*0010*/  BRA 0x0 ; /* 0 */\n'
)");
  CHECK(find_program(program) == program);
  CHECK(find_program((folder.path() / "absent").string()).empty());
  CHECK(find_program("no_program_has_this_name").empty());
  CHECK(contains(find_program("sh"), "/sh"));

  const BuildFolder build = read_build_folder(folder.path());
  std::ostringstream all;
  const auto kernels = disassemble(build, {}, program);
  REQUIRE(kernels.size() == build.objects.size());
  CHECK(kernels[0].code.architecture == 75);
  write_sass_counts(kernels, all);
  CHECK(contains(all.str(),
                 "sm_75       2     1    50%     0     0     0     0     0     0     0     0  loop   op/tile.cu t"));
  CHECK(disassemble(build, {90}, program).empty());

  const std::string failing = write_program(folder, "failing", "#!/bin/sh\nexit 3\n");
  CHECK(contains(message_of([&] { disassemble(build, {}, failing); }), "failing' -sass "));
}

}  // namespace
}  // namespace duel
