// A level of several parts gives the bits of its parts launched one by one.
#include "kernels/levels/level.h"

#include "kernels/verify/device_mirror.h"
#include "kernels/verify/executions.h"
#include "tests/kernels/levels/level_ops.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

using Tensors = std::vector<std::vector<std::byte>>;

// A case of an op on the device.
template <class Cases>
class Part {
 public:
  using Arguments = typename Cases::DeviceArguments;

  Part(const Cases& op, std::size_t number, std::uint64_t seed, StreamView stream)
      : arguments_(op.cases().at(number).arguments) {
    HostTensors host(seed);
    images_ = take_images(op.make(host, arguments_));
    mirror_ = std::make_unique<DeviceMirror>(images_, 0, stream);
    visit(arguments_, *mirror_);
  }
  const Arguments& arguments() const { return arguments_; }
  Tensors download() const { return mirror_->download(); }

 private:
  Arguments arguments_;
  std::vector<TensorImage> images_;
  std::unique_ptr<DeviceMirror> mirror_;
};

// A case of the op that is no shape of training.
template <class Cases>
std::size_t small_case(const Cases& op, int skipped) {
  const auto cases = op.cases();
  std::size_t number = 0;
  for (;; ++number) {
    if (!cases.at(number).of_training && skipped-- == 0) return number;
  }
}

enum class Launch { together, one_by_one };

struct AllParts {
  Stream stream;
  Part<decltype(input_gradient_cases())> gradient{input_gradient_cases(), small_case(input_gradient_cases(), 5), 1,
                                                  stream};
  Part<decltype(discriminator_head_cases())> head{discriminator_head_cases(), small_case(discriminator_head_cases(), 3),
                                                  2, stream};
  Part<decltype(mean_losses_cases())> losses{mean_losses_cases(), small_case(mean_losses_cases(), 2), 3, stream};
  Part<decltype(scale_columns_cases())> scale0{scale_columns_cases(), small_case(scale_columns_cases(), 4), 4, stream};
  Part<decltype(scale_columns_cases())> scale1{scale_columns_cases(), small_case(scale_columns_cases(), 6), 5, stream};
  Part<decltype(weight_gradient_cases())> update0{weight_gradient_cases(), small_case(weight_gradient_cases(), 3), 6,
                                                  stream};
  Part<decltype(weight_gradient_cases())> update1{weight_gradient_cases(), small_case(weight_gradient_cases(), 5), 7,
                                                  stream};
  Part<decltype(weight_gradient_cases())> update2{weight_gradient_cases(), small_case(weight_gradient_cases(), 6), 8,
                                                  stream};

  std::vector<Tensors> run(const LevelVariant& variant, Launch how) {
    std::vector<LevelParts> levels(how == Launch::together ? 1 : 8);
    std::size_t next = 0;
    const auto level = [&]() -> LevelParts& { return levels[how == Launch::together ? 0 : next++]; };
    level().gradient = gradient.arguments();
    level().head = head.arguments();
    level().losses = losses.arguments();
    level().scales[0] = scale0.arguments();
    level().scales[1] = scale1.arguments();
    level().updates[0] = update0.arguments();
    level().updates[1] = update1.arguments();
    level().updates[2] = update2.arguments();
    for (const LevelParts& one : levels) variant.launch(one, stream);
    stream.synchronize();
    return {gradient.download(), head.download(),    losses.download(),  scale0.download(),
            scale1.download(),   update0.download(), update1.download(), update2.download()};
  }
};

TEST_CASE("level: parts side by side give the bits of parts one by one, in every execution") {
  for (const LevelVariant& variant : kLevelVariants) {
    CAPTURE(variant.name);
    const std::vector<Tensors> expected = AllParts().run(variant, Launch::one_by_one);
    for (const Execution& execution : executions(HowMany::all, 3)) {
      CAPTURE(execution_text(execution));
      const UseExecution use(execution);
      const std::vector<Tensors> together = AllParts().run(variant, Launch::together);
      for (std::size_t part = 0; part < expected.size(); ++part) {
        CAPTURE(part);
        CHECK(together[part] == expected[part]);
      }
    }
  }
}

}  // namespace
}  // namespace duel::test
