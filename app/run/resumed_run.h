// A run that goes on from one of its checkpoints.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/run_folder/resume_point.h"
#include "app/settings/train_options.h"
#include "app/training/session_memory.h"
#include "engine/io/idx.h"
#include "engine/training/trainer.h"

namespace duel::app {

struct ResumedRun {
  std::filesystem::path checkpoint;
  TensorFile state;
  SessionMemory memory;
  std::int64_t iterations = 0;        ///< done
  std::vector<std::string> warnings;  ///< that it is an older checkpoint
};

/// Reads a checkpoint of a run with these options and images. Where it is damaged, the newest whole one stands in for
/// the run's newest; for one that somebody named, the error says which that is. Throws DataError; UsageError where the
/// checkpoint is of other settings or other images.
ResumedRun read_resumed_run(const ResumePoint& point, const TrainOptions& options, const ImageSet& images);

/// A line for each reason why the bits will not be those of an uninterrupted run: another device, build or choice of
/// kernels than the checkpoint's.
std::vector<std::string> explain_other_origin(const TensorFile& state, const Trainer& trainer);

}  // namespace duel::app
