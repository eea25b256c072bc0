// The checker is checked: kernels that are wrong in one way each, all of which check_op() must report.
#include <set>
#include <utility>
#include <vector>

#include "kernels/runtime/launch.h"
#include "kernels/verify/check_op.h"
#include "kernels/verify/host_tensors.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

constexpr int kThreads = 32;

/// y = 2 x; counters: one more for the launch, one more for every block.
template <class T>
struct Doubling {
  Vector<const T> x;
  Vector<T> y;
  Vector<int> counters;
};

template <class T, class Visitor>
void visit(Doubling<T>& a, Visitor&& visitor) {
  visitor.reads("x", a.x);
  visitor.writes("y", a.y);
  visitor.updates("counters", a.counters);
}

void doubling_reference(const Doubling<double>& a) {
  for (int i = 0; i < a.x.rows; ++i) a.y.data[i] = 2 * a.x.data[i];
  a.counters.data[0] += 1;
  a.counters.data[1] += static_cast<int>(blocks_for(a.x.size(), kThreads));
}

enum class Mistake {
  none,
  last_element_missing,
  slightly_wrong,
  not_finite,
  not_a_number,
  counts_twice,
  input_changed,
  writes_behind_the_end,
  writes_before_the_begin,
  order_of_blocks,
  order_of_threads,
  uninitialised_shared_memory,
  trap
};

// No template: there g++ does not let the CPU device poison shared memory.
__global__ void doubling_kernel(Mistake mistake, const float* x, float* y, int* counters, int count) {
  __shared__ float shared[kThreads];
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  const int ticket = threadIdx.x == 0 ? atomicAdd(counters + 1, 1) : 0;
  if (i == 0) *counters += mistake == Mistake::counts_twice ? 2 : 1;
  if (mistake == Mistake::order_of_threads) {
    shared[threadIdx.x] = i < count ? x[i] : 0.f;  // without a barrier the neighbour may not have come so far
    if (i < count) y[i] = 2.f * x[i] + 0.f * shared[(threadIdx.x + 1) % kThreads];
    return;
  }
  if (i >= count) return;
  const bool is_last = i == count - 1;
  if (mistake == Mistake::last_element_missing && is_last) return;
  y[i] = 2.f * x[i];
  if (mistake == Mistake::slightly_wrong && is_last) y[i] *= 1.001f;
  if (mistake == Mistake::not_finite && is_last) y[i] = 1.f / (x[i] - x[i]);
  if (mistake == Mistake::not_a_number && is_last) y[i] = (x[i] - x[i]) / (x[i] - x[i]);
  if (mistake == Mistake::input_changed && is_last) const_cast<float*>(x)[i] += 1.f;
  if (mistake == Mistake::writes_behind_the_end && is_last) y[count] = 0.f;
  if (mistake == Mistake::writes_before_the_begin && is_last) y[-1] = 0.f;
  if (mistake == Mistake::uninitialised_shared_memory && is_last) y[i] += 0.f * shared[threadIdx.x];
  if (mistake == Mistake::order_of_blocks) y[i] += static_cast<float>(ticket);
  if (mistake == Mistake::trap && is_last) __trap();
}

template <Mistake kMistake>
void launch_doubling(const Doubling<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.x.size(), kThreads), kThreads}, doubling_kernel, kMistake, a.x.data, a.y.data,
         a.counters.data, a.x.rows);
}

void validate(const Doubling<float>& a) {
  require_shape("doubling", "y", a.y, a.x.rows);
}

// 100 values in four blocks. `loose`: bounds so wide that only bits and finiteness are compared.
template <Mistake kMistake>
std::string report_of(const CheckOptions& options = {}, bool loose = false) {
  const Variant<Doubling<float>> variants[] = {{"plain", "", supports_any_device, launch_doubling<kMistake>}};
  const Op<Doubling<float>> op{"doubling", variants, nullptr, validate};
  HostTensors host(1);
  Doubling<double> a{host.uniform(100, 0.5, 1), host.vector(100), host.vector<int>({5, 0})};
  return check_op<Doubling<double>>(
      op, doubling_reference, a, {},
      [&](const auto&) {
        Bounds bounds;
        bounds.set("y", std::vector(100, loose ? 1e3 : 0.0));
        return bounds;
      },
      options);
}

bool mentions(const std::string& report, const std::string& text) {
  INFO(report);
  CHECK(report.find(text) != std::string::npos);
  return !report.empty();
}

#ifdef DUEL_CPU_DEVICE

// The checked device stops a kernel at its first wrong access, and says so in its own words.
const char* or_if_checked(const char* text, const char* of_checked_device) {
  return simt::is_checked() ? of_checked_device : text;
}

TEST_CASE("executions: every order on every number of threads, or fewer where each access is watched") {
  const bool is_watched = simt::is_checked() || simt::kAddressSanitizer;
  std::set<simt::Schedule> orders;
  std::set<std::pair<int, simt::Schedule>> pairs;
  for (const Execution& execution : executions(HowMany::all, 1)) {
    orders.insert(execution.schedule);
    pairs.emplace(execution.threads, execution.schedule);
    CHECK(execution.check_guards);
  }
  CHECK(orders.size() == 3);
  CHECK(pairs.size() == (is_watched ? 3 : 12));
  const auto some = executions(HowMany::some, 1);
  CHECK(some.size() == (is_watched ? 1 : 4));
  CHECK(some.back().schedule == simt::Schedule::random);
}

#endif

TEST_CASE("check_op: a right kernel passes, wherever its tensors begin") {
  CHECK(report_of<Mistake::none>() == "");
  CHECK(report_of<Mistake::none>({.executions = HowMany::all}) == "");
  CHECK(report_of<Mistake::none>({.misalignment = 3}) == "");
}

TEST_CASE("check_op: wrong values are found and placed") {
  CHECK(mentions(report_of<Mistake::slightly_wrong>(), "y[99, 0] is"));
  CHECK(mentions(report_of<Mistake::last_element_missing>(), "y[99, 0] is"));
  CHECK(mentions(report_of<Mistake::not_finite>(), "y[99, 0] is"));
  CHECK(mentions(report_of<Mistake::counts_twice>(), "counters[0, 0] is wrong"));
}

TEST_CASE("check_op: NaN and infinity pass no bound") {
  CHECK(report_of<Mistake::slightly_wrong>({}, true) == "");
  CHECK(mentions(report_of<Mistake::last_element_missing>({}, true), "y[99, 0] is"));
  CHECK(mentions(report_of<Mistake::not_finite>({}, true), "y[99, 0] is"));
}

TEST_CASE("check_op: an input that changed is named") {
  CHECK(mentions(report_of<Mistake::input_changed>(), "x was changed"));
}

TEST_CASE("check_op: writes beside a tensor are found on every side") {
  CHECK(mentions(report_of<Mistake::writes_before_the_begin>({.misalignment = 1}), "memory beside y was written"));
#ifndef DUEL_CPU_DEVICE
  CHECK(mentions(report_of<Mistake::writes_behind_the_end>(), "memory beside y was written"));
#elif !defined(SIMT_ASAN)  // which would end the program there
  const char* text = or_if_checked("out-of-bounds write", "out of bounds: write");
  CHECK(mentions(report_of<Mistake::writes_behind_the_end>(), text));
  CHECK(mentions(report_of<Mistake::writes_before_the_begin>(), text));
  CHECK(report_of<Mistake::none>() == "");  // the fault is forgotten
#endif
}

#ifdef DUEL_CPU_DEVICE  // a GPU need not show these

TEST_CASE("check_op: results that depend on the schedule are found") {
  const CheckOptions options{.executions = HowMany::all};
  CHECK(mentions(report_of<Mistake::order_of_blocks>(options, true), "has other bits than"));
  CHECK(mentions(report_of<Mistake::order_of_threads>(options), or_if_checked("y[", "uninitialised: read")));
}

TEST_CASE("check_op: uninitialised shared memory is found") {
  const std::string report = report_of<Mistake::uninitialised_shared_memory>();
  CHECK(mentions(report, or_if_checked("y[99, 0] is", "uninitialised: read")));
  const char* const hint = "(such a NaN is what memory holds that nobody wrote";
  if (!simt::is_checked()) CHECK(mentions(report, hint));
  const std::string computed = report_of<Mistake::not_a_number>();
  CHECK(mentions(computed, "y[99, 0] is "));
  CHECK(computed.find(hint) == std::string::npos);
}

TEST_CASE("check_op: what looks like a race is called so, and nothing else is") {
  if (simt::is_checked()) return;
  const CheckOptions all{.executions = HowMany::all};
  CHECK(mentions(report_of<Mistake::order_of_blocks>(all, true), kLikeARace));
  CHECK(mentions(report_of<Mistake::order_of_threads>(all), kLikeARace));
  for (const std::string& report :
       {report_of<Mistake::slightly_wrong>(all), report_of<Mistake::last_element_missing>(all)}) {
    CHECK(report.find(kLikeARace) == std::string::npos);
  }
}

TEST_CASE("check_op: a kernel that stops is reported, and the next case runs") {
  CHECK(mentions(report_of<Mistake::trap>(), "__trap()"));
  CHECK(report_of<Mistake::none>() == "");
}

#endif

TEST_CASE("check_op: no variant for a case is a failure") {
  const Variant<Doubling<float>> variants[] = {
      {"never", "", [](const Doubling<float>&, const Device&) { return false; }, launch_doubling<Mistake::none>}};
  HostTensors host(1);
  const Doubling<double> a{host.uniform(5, 0, 1), host.vector(5), host.vector<int>({0, 0})};
  const auto no_bounds = [](const auto&) { return Bounds(); };
  CHECK(mentions(check_op<Doubling<double>>(Op<Doubling<float>>{"doubling", variants, nullptr, validate},
                                            doubling_reference, a, {}, no_bounds),
                 "no variant supports"));
}

TEST_CASE("agrees_within: what is not a number agrees with nothing but its like") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  CHECK(agrees_within(1, 1, 0));
  CHECK(agrees_within(1, 2, 1));
  CHECK_FALSE(agrees_within(1, 2, 0.99));
  CHECK_FALSE(agrees_within(nan, 1, infinity));
  CHECK_FALSE(agrees_within(infinity, 1, infinity));
  CHECK_FALSE(agrees_within(1, 1, nan));
  CHECK_FALSE(agrees_within(1, nan, 1));
  CHECK(agrees_within(nan, nan, 0));
  CHECK(agrees_within(infinity, infinity, 0));
  CHECK_FALSE(agrees_within(-infinity, infinity, infinity));
  CHECK(agrees_within(1, nan, infinity));  // a workspace that nobody had filled
  CHECK(agrees_within(1, infinity, infinity));
}

}  // namespace
}  // namespace duel::test
