// Events: they order streams, tell how far one has come, and measure time.
#include <chrono>
#include <thread>

#include "tests/kernels/simt/simt_test.h"

using duel::check;
using duel::Event;
using duel::EventTiming;
using duel::Stream;
using duel::StreamView;
using simt::Schedule;
using simt_test::Diary;
using simt_test::Gate;
using simt_test::options_of;
using simt_test::Scope;

namespace {

void wait(StreamView stream, const Event& event) {
  check(cudaStreamWaitEvent(stream.get(), event.get()));
}

}  // namespace

TEST_CASE("an event orders two streams") {
  for (const auto& options : simt_test::all_schedules()) {
    const Scope scope(options);
    Diary diary;
    Stream gated, second, first;  // forward and reverse would each run another one first
    Event event;
    for (const auto& [early, late] : {std::pair(&first, &second), std::pair(&second, &first)}) {
      diary.clear();
      {
        Gate gate(gated);
        diary.enter(*early, 'a');
        event.record(*early);
        wait(*late, event);
        diary.enter(*late, 'b');
        diary.enter(*late, 'c');
      }
      CHECK(diary.text() == "abc");
    }
  }
}

TEST_CASE("without the event the streams are not ordered") {
  std::string seen;
  for (const auto schedule : {Schedule::forward, Schedule::reverse}) {
    const Scope scope(options_of(schedule));
    Diary diary;
    Stream gated, first, second;
    {
      Gate gate(gated);
      diary.enter(first, 'a');
      diary.enter(second, 'b');
    }
    seen += diary.text();
  }
  CHECK(seen == "abba");
}

TEST_CASE("a wait holds for the record that it saw") {
  const Scope scope(options_of(Schedule::reverse));  // prefers the second stream
  Diary diary;
  Stream gated, first, second;
  Event event;
  {
    Gate gate(gated);
    diary.enter(first, 'a');
    event.record(first);
    wait(second, event);
    diary.enter(second, 'b');
    diary.enter(first, 'c');
    event.record(first);  // no matter for the wait before
  }
  CHECK(diary.text() == "abc");
}

TEST_CASE("a stream can wait for several events") {
  for (const auto& options : simt_test::all_schedules()) {
    const Scope scope(options);
    Diary diary;
    Stream gated, last, first, second;
    Event after_first, after_second;
    {
      Gate gate(gated);
      diary.enter(first, 'a');
      after_first.record(first);
      diary.enter(second, 'a');
      after_second.record(second);
      wait(last, after_first);
      wait(last, after_second);
      diary.enter(last, 'z');
    }
    CHECK(diary.text() == "aaz");
  }
}

TEST_CASE("waiting for an event that was never recorded does nothing") {
  const Scope scope(options_of(Schedule::reverse));
  Diary diary;
  Stream gated, first, second;
  Event never;
  {
    Gate gate(gated);
    diary.enter(first, 'a');
    wait(second, never);
    diary.enter(second, 'b');
  }
  CHECK(diary.text() == "ba");
  CHECK(cudaEventQuery(never.get()) == cudaSuccess);
  never.synchronize();
}

TEST_CASE("a wait is work of its stream, also as its last") {
  const Scope scope(simt::Options{});
  Stream gated, waiting;
  Event event, after;
  {
    Gate gate(gated);
    event.record(gated);
    wait(waiting, event);
    CHECK(cudaStreamQuery(waiting.view().get()) == cudaErrorNotReady);
    after.record(waiting);
    CHECK(cudaEventQuery(after.get()) == cudaErrorNotReady);
  }
  waiting.synchronize();
  CHECK(cudaEventQuery(after.get()) == cudaSuccess);
}

TEST_CASE("an event passes a dependence on through a third stream") {
  for (const auto& options : simt_test::all_schedules()) {
    const Scope scope(options);
    Diary diary;
    Stream gated, third, second, first;
    Event one, two;
    {
      Gate gate(gated);
      diary.enter(first, 'a');
      one.record(first);
      wait(second, one);
      two.record(second);  // nothing but the wait in between
      wait(third, two);
      diary.enter(third, 'b');
    }
    CHECK(diary.text() == "ab");
  }
}

TEST_CASE("events say how far a stream has come") {
  const Scope scope(simt::Options{});
  Stream stream;
  Event before, after;
  before.record(stream);
  before.synchronize();
  {
    Gate gate(stream);
    after.record(stream);
    CHECK(cudaEventQuery(before.get()) == cudaSuccess);
    CHECK(cudaEventQuery(after.get()) == cudaErrorNotReady);
    gate.open();
    after.synchronize();
    CHECK(cudaEventQuery(after.get()) == cudaSuccess);
  }
}

TEST_CASE("an event outlives its stream and a stream its event") {
  const Scope scope(simt::Options{});
  Diary diary;
  Stream gated, second;
  Event outliving;
  {
    Gate gate(gated);
    {
      Stream first;
      diary.enter(first, 'a');
      outliving.record(first);
    }
    {
      Event passing;
      passing.record(gated);
      wait(second, passing);
    }
    wait(second, outliving);
    diary.enter(second, 'b');
    CHECK(cudaEventQuery(outliving.get()) == cudaErrorNotReady);
  }
  outliving.synchronize();
  CHECK(diary.text() == "ab");
}

TEST_CASE("elapsed time lies between two records") {
  const Scope scope(simt::Options{});
  Stream stream;
  Event start(EventTiming::on), end(EventTiming::on);
  start.record(stream);
  check(cudaLaunchHostFunc(
      stream.view().get(), [](void*) { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }, nullptr));
  end.record(stream);
  end.synchronize();
  CHECK(duel::elapsed_milliseconds(start, end) >= 5);
  CHECK(duel::elapsed_milliseconds(end, start) <= -5);
  CHECK(duel::elapsed_milliseconds(end, end) == 0);
}

TEST_CASE("elapsed time needs two reached records with timing") {
  const Scope scope(simt::Options{});
  Stream stream;
  Event start(EventTiming::on), end(EventTiming::on), never(EventTiming::on), untimed;
  start.record(stream);
  untimed.record(stream);
  float time = 0;
  {
    Gate gate(stream);
    end.record(stream);
    CHECK(cudaEventElapsedTime(&time, start.get(), end.get()) == cudaErrorNotReady);
    CHECK(cudaEventElapsedTime(&time, start.get(), never.get()) == cudaErrorInvalidResourceHandle);
    CHECK(cudaEventElapsedTime(&time, untimed.get(), start.get()) == cudaErrorInvalidResourceHandle);
    CHECK(cudaEventElapsedTime(nullptr, start.get(), start.get()) == cudaErrorInvalidValue);
  }
  CHECK(cudaEventElapsedTime(&time, start.get(), end.get()) == cudaSuccess);
  static_cast<void>(cudaGetLastError());
}

TEST_CASE("a destroyed event's handle is refused everywhere") {
  const Scope scope(simt::Options{});
  cudaEvent_t stale = nullptr;
  check(cudaEventCreate(&stale));
  Stream stream;
  Event other(EventTiming::on);  // made before: it must not get the stale handle's address
  check(cudaEventDestroy(stale));
  other.record(stream);
  float time = 0;
  for (const cudaError_t result :
       {cudaEventDestroy(stale), cudaEventRecord(stale, stream.view().get()), cudaEventSynchronize(stale),
        cudaEventQuery(stale), cudaStreamWaitEvent(stream.view().get(), stale),
        cudaEventElapsedTime(&time, stale, other.get()), cudaEventElapsedTime(&time, other.get(), stale)}) {
    CHECK(result == cudaErrorInvalidResourceHandle);
  }
  CHECK(cudaEventCreateWithFlags(nullptr, 0) == cudaErrorInvalidValue);
  CHECK(cudaEventCreateWithFlags(&stale, 64) == cudaErrorInvalidValue);
  static_cast<void>(cudaGetLastError());
}
