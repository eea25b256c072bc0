#include "tools/kernel_lab/traffic_counts.h"

#include <stdexcept>
#include <utility>

#include "kernels/runtime/handles.h"
#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/simt.h"
#endif

namespace duel::lab {

using simt::KernelTraffic;

const std::array<Counter, kCounterCount> kCounters{{{"launches", [](KernelTraffic& t) -> auto& {return t.launches;
}  // namespace duel::lab
}
, {"blocks", [](KernelTraffic& t) -> auto& {return t.blocks;
}
}
, {"global_read_requests", [](KernelTraffic& t) -> auto& {return t.global_reads.requests;
}
}
, {"global_read_bytes", [](KernelTraffic& t) -> auto& {return t.global_reads.bytes;
}
}
, {"global_read_sectors", [](KernelTraffic& t) -> auto& {return t.global_reads.sectors;
}
}
, {"global_read_least_sectors", [](KernelTraffic& t) -> auto& {return t.global_reads.least_sectors;
}
}
, {"global_write_requests", [](KernelTraffic& t) -> auto& {return t.global_writes.requests;
}
}
, {"global_write_bytes", [](KernelTraffic& t) -> auto& {return t.global_writes.bytes;
}
}
, {"global_write_sectors", [](KernelTraffic& t) -> auto& {return t.global_writes.sectors;
}
}
, {"global_write_least_sectors", [](KernelTraffic& t) -> auto& {return t.global_writes.least_sectors;
}
}
, {"global_atomic_requests", [](KernelTraffic& t) -> auto& {return t.global_atomics.requests;
}
}
, {"global_atomic_bytes", [](KernelTraffic& t) -> auto& {return t.global_atomics.bytes;
}
}
, {"global_atomic_sectors", [](KernelTraffic& t) -> auto& {return t.global_atomics.sectors;
}
}
, {"shared_read_requests", [](KernelTraffic& t) -> auto& {return t.shared_reads.requests;
}
}
, {"shared_read_bytes", [](KernelTraffic& t) -> auto& {return t.shared_reads.bytes;
}
}
, {"shared_read_wavefronts", [](KernelTraffic& t) -> auto& {return t.shared_reads.wavefronts;
}
}
, {"shared_read_least_wavefronts", [](KernelTraffic& t) -> auto& {return t.shared_reads.least_wavefronts;
}
}
, {"shared_write_requests", [](KernelTraffic& t) -> auto& {return t.shared_writes.requests;
}
}
, {"shared_write_bytes", [](KernelTraffic& t) -> auto& {return t.shared_writes.bytes;
}
}
, {"shared_write_wavefronts", [](KernelTraffic& t) -> auto& {return t.shared_writes.wavefronts;
}
}
, {"shared_write_least_wavefronts", [](KernelTraffic& t) -> auto& {return t.shared_writes.least_wavefronts;
}
}
, {"shared_atomic_requests", [](KernelTraffic& t) -> auto& {return t.shared_atomics.requests;
}
}
, {"shared_atomic_bytes", [](KernelTraffic& t) -> auto& {return t.shared_atomics.bytes;
}
}
, {"shared_atomic_wavefronts", [](KernelTraffic& t) -> auto& {return t.shared_atomics.wavefronts;
}
}
, {"barriers", [](KernelTraffic& t) -> auto& {return t.barriers;
}
}
, {"warp_collectives", [](KernelTraffic& t) -> auto& {return t.warp_collectives;
}
}
, {"requests", [](KernelTraffic& t) -> auto& {return t.requests;
}
}
, {"active_lanes", [](KernelTraffic& t) -> auto& {return t.active_lanes;
}
}
, {"lane_slots", [](KernelTraffic& t) -> auto& {return t.lane_slots;
}
}
, {"partial_requests", [](KernelTraffic& t) -> auto& {return t.partial_requests;
}
}
,
}
}
;

#ifdef DUEL_CPU_DEVICE

namespace {

void erase_all(std::string& text, std::string_view part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at)) text.erase(at, part.size());
}

std::string short_name(std::string kernel) {
  for (const std::string_view space : {"duel::", "(anonymous namespace)::"}) erase_all(kernel, space);
  return kernel;
}

std::string extents_text(const std::array<unsigned, 3>& extents) {
  return std::to_string(extents[0]) + "x" + std::to_string(extents[1]) + "x" + std::to_string(extents[2]);
}

std::vector<std::size_t> cases_to_count(const Choice& choice, const Filter& filter) {
  if (!filter.case_text.empty()) return choice.cases;
  std::vector<std::size_t> of_training;
  const auto cases = choice.op->cases();
  for (const std::size_t number : choice.cases) {
    if (cases[number].of_training) of_training.push_back(number);
  }
  return of_training.empty() ? std::vector<std::size_t>{choice.cases.front()} : of_training;
}

CountedCase count(const KernelSelection& kernels, const LabOp& op, const std::string& variant, std::size_t number) {
  const Stream stream;
  const auto prepared = op.prepare(kernels, variant, number, stream);
  stream.synchronize();
  simt::start_counting();
  prepared->launch(stream);
  stream.synchronize();
  CountedCase result{{}, op.work(number)};
  for (KernelTraffic& traffic : simt::stop_counting()) {
    const std::string launch = extents_text(traffic.grid) + " " + extents_text(traffic.block);
    result.kernels.push_back(
        {op.name(), variant, op.cases()[number].name, short_name(traffic.name), launch, std::move(traffic)});
  }
  return result;
}

}  // namespace

std::vector<CountedCase> count_traffic(const Lab& lab, const Filter& filter, const IsCounted& is_counted) {
  std::vector<CountedCase> result;
  for (const Choice& choice : choose(lab, filter)) {
    for (const VariantInfo& variant : choice.variants) {
      if (!variant.for_gpus) continue;
      for (const std::size_t number : cases_to_count(choice, filter)) {
        if (!choice.op->supports(lab.kernels, variant.name, number)) continue;
        if (is_counted && !is_counted(choice.op->name(), variant.name, choice.op->cases()[number].name)) continue;
        result.push_back(count(lab.kernels, *choice.op, variant.name, number));
      }
    }
  }
  if (result.empty()) {
    throw std::invalid_argument(
        "counters: expected a variant that GPUs can run, with a case that it supports; found none");
  }
  return result;
}

#else

std::vector<CountedCase> count_traffic(const Lab&, const Filter&, const IsCounted&) {
  throw std::logic_error(
      "counters: this build runs kernels on a GPU, where they cannot be watched; build with the preset cpu-race "
      "(tools/build.sh cpu-race kernel_lab), or profile with Nsight Compute");
}

#endif

std::vector<CountedKernel> kernels_of(const std::vector<CountedCase>& cases) {
  std::vector<CountedKernel> all;
  for (const CountedCase& counted : cases) all.insert(all.end(), counted.kernels.begin(), counted.kernels.end());
  return all;
}

}  // namespace duel::lab
