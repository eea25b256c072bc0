#include "app/training/event_log.h"

#include <map>
#include <string>
#include <vector>

namespace duel::app {
namespace {

void add_histograms(EventFile& file, std::int64_t step, const std::string& group, const TensorFile& tensors) {
  for (const Tensor& tensor : tensors.tensors) {
    if (tensor.type != DType::f32) continue;  // a counter
    file.add_histogram(step, group + "/" + tensor.name, values_of<float>(tensor));
  }
}

}  // namespace

EventLog::EventLog(const std::filesystem::path& run_folder, std::int64_t done, std::int64_t interval, bool has_penalty,
                   BackgroundWriter& background)
    : file_(run_folder, done), interval_(interval), has_penalty_(has_penalty), background_(background) {}

void EventLog::add(const IterationStats& stats) {
  if (stats.iteration % interval_ != 0) return;
  std::map<std::string, double> values = {{"loss/D", stats.discriminator_loss},
                                          {"loss/G", stats.generator_loss},
                                          {"judgement/D(x)", stats.d_real},
                                          {"judgement/D(G(z))", stats.d_fake}};
  if (has_penalty_) values["loss/penalty"] = stats.penalty;
  file_.add_scalars(stats.iteration + 1, values);
}

void EventLog::add(const Look& look, const Trainer& trainer, bool has_gradients) {
  std::map<std::string, double> values = {{"game/value", look.players.value},
                                          {"game/D's accuracy", look.players.accuracy},
                                          {"samples/pairwise distance", look.samples.pairwise_distance}};
  if (!look.samples.classes.shares.empty()) values["samples/class entropy"] = look.samples.classes.entropy;
  if (has_gradients) {
    values["update/G"] = look.updates.generator;
    values["update/D"] = look.updates.discriminator;
  }
  file_.add_scalars(look.iteration, values);
  background_.submit([this, step = look.iteration, weights = trainer.weights(),
                      gradients = has_gradients ? trainer.gradients() : TensorFile{}] {
    add_histograms(file_, step, "weights", weights);
    add_histograms(file_, step, "gradients", gradients);
  });
}

void EventLog::add_samples(std::int64_t done, const Picture& picture) {
  file_.add_picture(done, "samples", picture);
}

void EventLog::flush() {
  file_.flush();
}

}  // namespace duel::app
