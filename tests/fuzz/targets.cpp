#include "tests/fuzz/targets.h"

#include "tests/fuzz/readers/readers.h"

namespace duel::fuzz {
namespace {

std::vector<std::string> no_seeds() {
  return {};
}

constexpr Target kTargets[] = {
    {"bench_result", read_bench_result, bench_result_seeds},
    {"checkpoint_config", read_checkpoint_config, checkpoint_config_seeds},
    {"classifier", read_classifier, classifier_seeds},
    {"config_file", read_config_file, config_file_seeds},
    {"dataset_file", read_dataset_file, dataset_file_seeds},
    {"event_records", read_event_records, event_records_seeds},
    {"generator", read_generator, generator_seeds},
    {"idx", read_idx, idx_seeds},
    {"image_table", read_image_table, image_table_seeds},
    {"kernel_inputs", read_kernel_inputs, no_seeds},
    {"npy", read_npy, npy_seeds},
    {"picture", read_picture, picture_seeds},
#ifdef DUEL_HAS_KERNEL_RESOURCES
    {"ptxas", read_ptxas, no_seeds},
    {"resources", read_resources, no_seeds},
#endif
    {"run_folder", read_run_folder, no_seeds},
    {"safetensors", read_safetensors, safetensors_seeds},
#ifdef DUEL_HAS_KERNEL_RESOURCES
    {"sass", read_sass, no_seeds},
#endif
    {"traffic", read_traffic, traffic_seeds},
    {"training_state", read_training_state, training_state_seeds},
    {"tuning_cache", read_tuning_cache, tuning_cache_seeds},
};

}  // namespace

std::span<const Target> targets() {
  return kTargets;
}

}  // namespace duel::fuzz
