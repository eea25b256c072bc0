// The readers that targets() lists, and the inputs that some of them make.
#pragma once

#include "tests/fuzz/targets.h"

namespace duel::fuzz {

void read_bench_result(Input input);
void read_checkpoint_config(Input input);
void read_classifier(Input input);
void read_config_file(Input input);
void read_dataset_file(Input input);
void read_event_records(Input input);
void read_generator(Input input);
void read_idx(Input input);
void read_image_table(Input input);
void read_kernel_inputs(Input input);
void read_npy(Input input);
void read_picture(Input input);
void read_ptxas(Input input);
void read_resources(Input input);
void read_run_folder(Input input);
void read_safetensors(Input input);
void read_sass(Input input);
void read_traffic(Input input);
void read_training_state(Input input);
void read_tuning_cache(Input input);

std::vector<std::string> bench_result_seeds();
std::vector<std::string> checkpoint_config_seeds();
std::vector<std::string> classifier_seeds();
std::vector<std::string> config_file_seeds();
std::vector<std::string> dataset_file_seeds();
std::vector<std::string> event_records_seeds();
std::vector<std::string> generator_seeds();
std::vector<std::string> idx_seeds();
std::vector<std::string> image_table_seeds();
std::vector<std::string> npy_seeds();
std::vector<std::string> picture_seeds();
std::vector<std::string> safetensors_seeds();
std::vector<std::string> traffic_seeds();
std::vector<std::string> training_state_seeds();
std::vector<std::string> tuning_cache_seeds();

}  // namespace duel::fuzz
