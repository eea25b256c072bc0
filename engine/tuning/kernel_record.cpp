#include "engine/tuning/kernel_record.h"

#include <nlohmann/json.hpp>

#include "engine/io/json_text.h"
#include "kernels/runtime/error.h"

namespace duel {

std::string device_model() {
  int ordinal = 0;
  cudaDeviceProp properties;
  check(cudaGetDevice(&ordinal));
  check(cudaGetDeviceProperties(&properties, ordinal));
  return properties.name;
}

std::string kernel_record(std::span<const KernelUse> uses, RecordForm form) {
  const bool has_lines = form == RecordForm::line_for_each_use;
  std::string text = "{\"device\":" + json_text(nlohmann::ordered_json(device_model())) +
                     (has_lines ? ",\n \"kernels\":[" : ",\"kernels\":[");
  const char* separator = has_lines ? "\n  " : "";
  for (const KernelUse& use : uses) {
    const nlohmann::ordered_json json = {
        {"op", use.op}, {"shapes", use.shapes}, {"variant", use.variant}, {"because", name_of(use.because)}};
    text += separator + json_text(json);
    separator = has_lines ? ",\n  " : ",";
  }
  return text + (has_lines ? "\n ]}\n" : "]}");
}

}  // namespace duel
