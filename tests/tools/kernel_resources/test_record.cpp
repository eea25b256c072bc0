#include <functional>
#include <sstream>

#include "tests/support/catch.h"
#include "tests/tools/kernel_resources/temporary_folder.h"
#include "tools/kernel_resources/record.h"

namespace duel {
namespace {

KernelResources forward_on_75() {
  return {"op/tile.cu", "forward<Shape<64, 32>>", 75, 128, 86, 0, 0, 0, 12288, 424};
}

std::vector<KernelResources> kernels() {
  KernelResources on_120 = forward_on_75();
  on_120.architecture = 120;
  on_120.registers = 72;
  return {forward_on_75(),
          on_120,
          {"op/tile.cu", "backward", 75, 256, 30, 0, 0, 0, 0, 360},
          {"op/clock.cu", "clock", 75, 0, 24, 0, 0, 0, 0, 360}};
}

Comparison compare_after(const std::function<void(std::vector<KernelResources>&)>& change,
                         const std::string& toolkit = "13.0.88") {
  std::vector<KernelResources> changed = kernels();
  change(changed);
  return compare_with_record(with_occupancy("13.0.88", kernels()), with_occupancy(toolkit, changed));
}

std::string csv_of(const ResourceTable& table) {
  std::ostringstream text;
  write_csv(table, text);
  return text.str();
}

TEST_CASE("record: CSV is read as it was written") {
  const ResourceTable written = with_occupancy("13.0.88", kernels());
  std::istringstream text(csv_of(written));
  const ResourceTable read = read_csv(text, "resources.csv");
  CHECK(read.toolkit == "13.0.88");
  REQUIRE(read.rows.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(read.rows[i].resources == written.rows[i].resources);
  REQUIRE(read.rows[0].occupancy.has_value());
  CHECK(read.rows[0].occupancy->blocks == 5);
  CHECK(read.rows[0].occupancy->fraction == 0.625);
  CHECK(read.rows[0].occupancy->limited_by == "registers + shared memory");
  CHECK_FALSE(read.rows[3].occupancy.has_value());
  CHECK(csv_of(read) == csv_of(written));
}

TEST_CASE("record: malformed CSV is named with its line") {
  const auto message = [](const std::string& text) {
    std::istringstream stream(text);
    return message_of([&] { read_csv(stream, "resources.csv"); });
  };
  const std::string good = csv_of(with_occupancy("13.0.88", {forward_on_75()}));
  const auto with_field = [&](const std::string& field, const std::string& other) {
    std::string text = good;
    const std::size_t at = text.find(field);
    REQUIRE(at != std::string::npos);
    return text.replace(at, field.size(), other);
  };
  CHECK(message(good) == "");
  CHECK(contains(message(""), "resources.csv:1: expected \"# nvcc VERSION\""));
  CHECK(contains(message("# nvcc 13.0.88\nkernel\n"), "resources.csv:2: expected the columns"));
  CHECK(contains(message(good + "op/tile.cu,forward,sm_75\n"), "resources.csv:4: expected 13 fields, found 3"));
  CHECK(contains(message(with_field(">>\"", ">>")), "resources.csv:3: expected 13 fields, found 2 and an open quote"));
  CHECK(contains(message(with_field("sm_75", "gpu")), "resources.csv:3: field 3: expected an architecture"));
  CHECK(contains(message(with_field(",86,", ",-86,")), "field 5: expected a whole number, found '-86'"));
  CHECK(contains(message(with_field(",86,", ",,")), "field 5: expected a whole number, found ''"));
  CHECK(contains(message(with_field("0.625", "nan")), "field 12: expected a number above 0 and up to 1, found 'nan'"));
  CHECK(contains(message(with_field("0.625", "1.5")), "field 12"));
  CHECK(contains(message(with_field("op/tile.cu", "")), "field 1: expected a name"));
}

TEST_CASE("record: the same build passes") {
  const Comparison found = compare_after([](auto&) {});
  CHECK(found.compared == 4);
  CHECK(found.failures.empty());
  CHECK(found.notes.empty());
}

TEST_CASE("record: worse fails with kernel, architecture, old and new number") {
  using Kernels = std::vector<KernelResources>;
  const auto failure = [](const std::function<void(KernelResources&)>& change) {
    const Comparison found = compare_after([&](Kernels& all) { change(all[0]); });
    CHECK(found.notes.empty());
    REQUIRE(found.failures.size() == 1);
    return found.failures[0];
  };
  const std::string kernel = "sm_75 op/tile.cu forward<Shape<64, 32>>: ";
  CHECK(failure([](auto& k) { k.registers = 88; }) == kernel + "registers 86 -> 88, worse");
  CHECK(failure([](auto& k) { k.spill_stores = 8; }) == kernel + "bytes of spill stores 0 -> 8, worse");
  CHECK(failure([](auto& k) { k.spill_loads = 4; }) == kernel + "bytes of spill loads 0 -> 4, worse");
  CHECK(failure([](auto& k) { k.stack = 16; }) == kernel + "bytes of stack 0 -> 16, worse");
  CHECK(failure([](auto& k) { k.shared = 12800; }) == kernel + "bytes of static shared memory 12288 -> 12800, worse");
  // Blocks of 96: shared memory still allows 5 of them, 15 warps instead of 20.
  CHECK(failure([](auto& k) { k.threads = 96; }) == kernel + "resident threads per multiprocessor 640 -> 480, worse");
  // Without launch bounds the occupancy is unknown.
  CHECK(failure([](auto& k) { k.threads = 0; }) == kernel + "resident threads per multiprocessor 640 -> 0, worse");
}

TEST_CASE("record: more registers that cost a block are two failures") {
  const Comparison found = compare_after([](auto& all) { all[0].registers = 100; });
  CHECK(found.failures.size() == 2);
  CHECK(contains(found.failures.back(), "resident threads per multiprocessor 640 -> 512"));
}

TEST_CASE("record: better passes and asks to be recorded") {
  const Comparison found = compare_after([](auto& all) { all[0].registers = 84; });
  CHECK(found.failures.empty());
  REQUIRE(found.notes.size() == 1);
  CHECK(contains(found.notes[0], "registers 86 -> 84, better: please record"));
}

TEST_CASE("record: a kernel that is not recorded fails") {
  const Comparison found = compare_after([](auto& all) { all[1].kernel = "other"; });
  REQUIRE(found.failures.size() == 1);
  CHECK(found.failures[0] == "sm_120 op/tile.cu other: is not recorded");
  REQUIRE(found.notes.size() == 1);
  CHECK(contains(found.notes[0], "sm_120 op/tile.cu forward<Shape<64, 32>>: is recorded and no longer there"));
}

TEST_CASE("record: a recorded kernel that is gone is said") {
  const Comparison found = compare_after([](auto& all) { all.erase(all.begin() + 2); });
  CHECK(found.failures.empty());
  REQUIRE(found.notes.size() == 1);
  CHECK(found.notes[0] == "sm_75 op/tile.cu backward: is recorded and no longer there, please record");
}

TEST_CASE("record: a source that is not built, for want of a library, is no matter") {
  const Comparison found = compare_after([](auto& all) { all.pop_back(); });
  CHECK(found.compared == 3);
  CHECK(found.failures.empty());
  CHECK(found.notes.empty());
}

TEST_CASE("record: only the architectures that were built are compared") {
  const Comparison found = compare_after([](auto& all) { all.erase(all.begin() + 1); });
  CHECK(found.compared == 3);
  CHECK(found.failures.empty());
  CHECK(found.notes.empty());
}

TEST_CASE("record: with another nvcc only spills fail") {
  const Comparison more = compare_after(
      [](auto& all) {
        all[0].registers = 200;
        all[1].kernel = "other";
      },
      "13.1.2");
  CHECK(more.failures.empty());
  REQUIRE_FALSE(more.notes.empty());
  CHECK(more.notes[0] == "recorded with nvcc 13.0.88, built with 13.1.2: only spills are looked at");

  const Comparison spills = compare_after([](auto& all) { all[1].spill_loads = 12; }, "13.1.2");
  REQUIRE(spills.failures.size() == 1);
  CHECK(spills.failures[0] == "sm_120 op/tile.cu forward<Shape<64, 32>>: spills 12 bytes");
}

}  // namespace
}  // namespace duel
