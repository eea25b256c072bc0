// What must wait for what in a recorded list, and how the list becomes levels.
#include "engine/tasks/levels.h"

#include <algorithm>
#include <random>

#include "engine/tasks/hazards.h"
#include "kernels/ops/moving_average/moving_average.h"
#include "kernels/ops/scale_columns/scale_columns.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;

// Memory of tasks that are never launched.
float* const kMemory = [] {
  static float memory[4096];
  return memory;
}();

Matrix<float> values(int offset, int count) {
  return {kMemory + offset, 1, count};
}

// Reads [from, from + count), writes [to, to + count).
void add_scale(TaskList& list, int from, int to, int count, const std::string& label) {
  list.add(scale_columns_op(),
           {.gradient = values(from, count), .factor = {kMemory + 4000 - count, count}, .output = values(to, count)},
           label);
}

// Reads [from, from + count), updates [to, to + count); a kernel of its own.
void add_average(TaskList& list, int from, int to, int count, const std::string& label) {
  static const TrainingClock clock{};
  list.add(moving_average_op(),
           {.value = {kMemory + from, count},
            .average = {kMemory + to, count},
            .decay = 0.5,
            .interval = 1,
            .clock = {&clock, 1}},
           label);
}

using Before = std::vector<std::vector<std::size_t>>;

std::vector<std::string> labels(const Levels& levels) {
  std::vector<std::string> result;
  for (const Level& level : levels) result.push_back(level.label);
  return result;
}

TEST_CASE("hazards: a reader waits for the writer of any part of what it reads") {
  TaskList list;
  add_scale(list, 0, 100, 10, "writer");
  add_scale(list, 109, 200, 10, "reads the last value");
  add_scale(list, 110, 300, 10, "reads the next");
  add_scale(list, 91, 400, 10, "reads the first");
  CHECK(tasks_before(list) == Before{{}, {0}, {}, {0}});
}

TEST_CASE("hazards: a writer waits for the readers and the writer before it, and not for those before these") {
  TaskList list;
  add_scale(list, 0, 100, 10, "writer");
  add_scale(list, 100, 200, 10, "reader");
  add_scale(list, 105, 300, 10, "another reader");
  add_scale(list, 20, 100, 10, "second writer");
  add_scale(list, 100, 400, 10, "reader of the second");
  add_scale(list, 40, 104, 2, "writer of a part");
  CHECK(tasks_before(list) == Before{{}, {0}, {0}, {0, 1, 2}, {3}, {3, 4}});
}

TEST_CASE("hazards: an update is a read and a write, and readers do not wait for each other, nor a task for itself") {
  TaskList list;
  add_average(list, 0, 100, 10, "update");
  add_average(list, 0, 100, 10, "next update");
  add_average(list, 100, 200, 10, "reader");
  add_scale(list, 100, 300, 10, "reader, too");
  CHECK(tasks_before(list) == Before{{}, {0}, {1}, {1}});
}

TEST_CASE("hazards: each wait has its reason and the tensor as the waiting task calls it") {
  TaskList list;
  add_scale(list, 0, 100, 10, "writer");
  add_average(list, 100, 200, 10, "reader");
  add_scale(list, 20, 105, 10, "writes again");
  add_scale(list, 40, 110, 10, "overwrites the end");
  const auto waits = waits_of(list);
  CHECK(waits[0].empty());
  CHECK(waits[1] == std::vector<Wait>{{0, Hazard::read_after_write, waits[1][0].tensor}});
  CHECK(std::string(waits[1][0].tensor) == "value");
  CHECK(std::string(waits[2].at(0).tensor) == "output");
  CHECK(waits[2].at(0).hazard == Hazard::write_after_write);
  CHECK(waits[2].at(1).hazard == Hazard::write_after_read);
  REQUIRE(waits[3].size() == 1);
  CHECK((waits[3][0].earlier == 2 && waits[3][0].hazard == Hazard::write_after_write));
}

TEST_CASE("hazards: direct waits leave out what follows from the others") {
  TaskList list;
  add_scale(list, 0, 100, 10, "a");
  add_scale(list, 100, 200, 10, "b, after a");
  add_scale(list, 0, 300, 10, "alone");
  add_scale(list, 200, 400, 10, "c, after b");
  list.add(moving_average_op(),
           {.value = {kMemory + 100, 10},
            .average = {kMemory + 400, 10},
            .decay = 0.5,
            .interval = 1,
            .clock = {reinterpret_cast<const TrainingClock*>(kMemory + 300), 1}},
           "after a, c and alone");
  CHECK(tasks_before(list).back() == std::vector<std::size_t>{0, 2, 3});
  std::vector<std::size_t> direct;
  const auto waits = direct_waits_of(list);
  for (const Wait& wait : waits.back()) direct.push_back(wait.earlier);
  CHECK(direct == std::vector<std::size_t>{2, 3});
}

TEST_CASE("levels: one by one is the list") {
  TaskList list;
  {
    const auto outer = list.section("outer");
    add_scale(list, 0, 100, 10, "a");
    const auto inner = list.section("inner");
    add_average(list, 0, 200, 10, "b");
  }
  add_scale(list, 0, 300, 10, "c");
  const Levels levels = one_by_one(list, {});
  CHECK(labels(levels) == std::vector<std::string>{"a", "b", "c"});
  CHECK(levels[0].section == std::vector<std::string>{"outer"});
  CHECK(levels[1].section == std::vector<std::string>{"outer", "inner"});
  CHECK(levels[2].section.empty());
}

TEST_CASE("levels: what waits for nothing shares a kernel, as far as that has room") {
  TaskList list;
  for (int i = 0; i < 5; ++i) add_scale(list, 0, 100 + 10 * i, 10, std::to_string(i));
  CHECK(LevelParts::kMostScales == 2);
  CHECK(labels(pack(list, {})) == std::vector<std::string>{"0; 1", "2; 3", "4"});
}

TEST_CASE("levels: a kernel of its own holds nothing else") {
  TaskList list;
  add_scale(list, 0, 100, 10, "a");
  add_average(list, 0, 200, 10, "b");
  add_average(list, 0, 300, 10, "c");
  add_scale(list, 0, 400, 10, "d");
  CHECK(labels(pack(list, {})) == std::vector<std::string>{"a; d", "b", "c"});
}

TEST_CASE("levels: the longest path first, equal ones in the order of the list") {
  TaskList list;
  add_scale(list, 0, 100, 10, "short");
  add_scale(list, 0, 200, 10, "middle");
  add_scale(list, 200, 300, 10, "after middle");
  add_scale(list, 0, 400, 10, "long");
  add_scale(list, 400, 500, 10, "after long");
  add_scale(list, 500, 600, 10, "last");
  CHECK(labels(pack(list, {})) == std::vector<std::string>{"long; middle", "after long; short", "after middle; last"});
}

TEST_CASE("levels: the longest of the paths from a task counts, not that of its first follower") {
  TaskList list;
  add_average(list, 300, 310, 10, "middle");
  add_average(list, 0, 100, 10, "long");
  add_average(list, 100, 200, 10, "a short end");
  add_average(list, 310, 320, 10, "after middle");
  add_average(list, 100, 400, 10, "after long");
  add_average(list, 400, 500, 10, "last");
  CHECK(labels(pack(list, {})).front() == "long");
}

TEST_CASE("levels: a variant that is a kernel of its own shares none") {
  TaskList list;
  for (int i = 0; i < 2; ++i) add_scale(list, 0, 100 + 10 * i, 10, std::to_string(i));
  KernelSelection kernels;
  kernels.add(scale_columns_op(),
              {"own", "", [](const auto&, const Device&) { return true; }, [](const auto&, auto) {}});
  kernels.choose("scale_columns=own");
  CHECK(labels(pack(list, kernels)) == std::vector<std::string>{"0", "1"});
}

TEST_CASE("levels: of random lists every task is there once, after all that it must follow") {
  std::mt19937 random(7);
  const auto below = [&](int end) { return static_cast<int>(random() % static_cast<unsigned>(end)); };
  for (int round = 0; round < 200; ++round) {
    TaskList list;
    const int count = 1 + below(30);
    for (int i = 0; i < count; ++i) {
      const int size = 1 + below(20), from = below(100), to = 200 + below(100);
      const auto add = below(3) == 0 ? add_average : add_scale;
      if (below(2) == 0) {
        add(list, from, to, size, std::to_string(i));
      } else {
        add(list, to, from, size, std::to_string(i));
      }
    }
    const Levels levels = pack(list, {});
    std::vector<std::size_t> level_of(list.tasks().size(), levels.size());
    for (std::size_t level = 0; level < levels.size(); ++level) {
      CHECK(!levels[level].tasks.empty());
      for (const std::size_t task : levels[level].tasks) {
        CHECK(level_of[task] == levels.size());
        level_of[task] = level;
      }
    }
    CHECK(std::count(level_of.begin(), level_of.end(), levels.size()) == 0);
    for (std::size_t later = 0; later < level_of.size(); ++later) {
      for (std::size_t earlier = 0; earlier < later; ++earlier) {
        bool conflict = false;
        for (const Access& a : list.tasks()[earlier].accesses()) {
          for (const Access& b : list.tasks()[later].accesses()) {
            conflict |= (a.writes || b.writes) && a.begin < b.end && b.begin < a.end;
          }
        }
        if (conflict) CHECK(level_of[earlier] < level_of[later]);
      }
    }
  }
}

TEST_CASE("tasks: what an op does not take is refused when it is recorded") {
  TaskList list;
  CHECK_THROWS_AS(list.add(scale_columns_op(),
                           {.gradient = values(0, 10), .factor = {kMemory, 9}, .output = values(20, 10)}, "bad"),
                  std::invalid_argument);
  CHECK(list.tasks().empty());
}

}  // namespace
