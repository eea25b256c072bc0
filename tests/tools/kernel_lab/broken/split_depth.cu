// linear_forward by products whose depth the warps of a block split, with the mistakes that asynchronous copies and
// matrix instructions invite.
#include "kernels/ops/linear_forward/forward_kernel.cuh"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"

namespace duel::test {

enum class PipelineDefect {
  none,
  no_wait,            // multiplies what may still be on its way
  one_group_too_few,  // waits for all steps but the present one
  early_overwrite,    // loads into the stage that other warps still multiply
  no_barrier,         // multiplies what other threads copied without waiting for them
  sums_too_early,     // puts sums where other warps still read the last step
  lost_share          // leaves out the sums of the last share of the depth
};

template <PipelineDefect kDefect>
struct PipelineShape : SplitDepthShape<Fp32Arithmetic, 16, 64, 32, 4, 1, 1, 8> {};

// StagedProduct, told shorter.
template <PipelineDefect kDefect, Layout kLayoutA, Layout kLayoutB>
class PipelineProduct {
  using Shape = PipelineShape<kDefect>;
  using D = PipelineDefect;
  static constexpr int kStages = Shape::kStages, kShares = Shape::kDepthShares;
  using TileA = StagedTile<kLayoutA, Shape::kRows, Shape::kDepth, 4>;
  using TileB = StagedTile<kLayoutB, Shape::kColumns, Shape::kDepth, 4>;
  using Multiply = Fp32Multiply<TileA, TileB, Shape::kRows, Shape::kColumns>;

 public:
  union Tiles {
    struct {
      TileA a;
      TileB b;
    } step[kStages];
    alignas(16) float share[kShares][Shape::kRows][Shape::kColumns];
  };

  __device__ void run(Tiles& tiles, const Operand& a, const Operand& b, int depth, int row0, int column0) {
    const int steps = (depth + Shape::kDepth - 1) / Shape::kDepth;
    const int share = static_cast<int>(threadIdx.x) / 32;
    const auto load = [&](int step) {
      if (step < steps) {
        tiles.step[step % kStages].a.template load<Shape::kThreads>(a, depth, row0, step * Shape::kDepth);
        tiles.step[step % kStages].b.template load<Shape::kThreads>(b, depth, column0, step * Shape::kDepth);
      }
      commit_copies();
    };
    Multiply multiply;
    multiply.clear();
    for (int step = 0; step < kStages - 1; ++step) load(step);
    for (int step = 0; step < steps; ++step) {
      if constexpr (kDefect == D::one_group_too_few) {
        wait_for_copies<kStages - 1>();
      } else if constexpr (kDefect != D::no_wait) {
        wait_for_copies<kStages - 2>();
      }
      if constexpr (kDefect == D::early_overwrite) load(step + kStages - 1);
      if constexpr (kDefect != D::no_barrier) __syncthreads();
      if constexpr (kDefect != D::early_overwrite) load(step + kStages - 1);
      const auto& present = tiles.step[step % kStages];
      multiply.multiply(present.a, present.b, 0, 0, share * Multiply::kDepth);
    }
    wait_for_copies<0>();
    if constexpr (kDefect != D::sums_too_early) __syncthreads();
    multiply.template store<Shape::kColumns>(&tiles.share[share][0][0]);
    __syncthreads();
    sum_ = Row::filled(0.f);
    for (int s = 0; s < (kDefect == D::lost_share ? kShares - 1 : kShares); ++s) {
      sum_ = sum_ + Row::load_aligned(&tiles.share[s][row()][column()]);
    }
    __syncthreads();
  }
  template <class Function>
  __device__ void for_each_row(Function f) {
    f(row(), column(), sum_);
  }

 private:
  using Row = RegisterRow<Shape::kThreadColumns>;
  static __device__ int row() { return static_cast<int>(threadIdx.x) * 4 / Shape::kColumns; }
  static __device__ int column() { return static_cast<int>(threadIdx.x) * 4 % Shape::kColumns; }

  Row sum_;
};

// Lanes that take A's rows as FP16 would have them, or B's columns in turn.
struct SwappedRows : Tf32 {
  static constexpr __host__ __device__ int a_row(int lane, int i) { return lane / 4 + 8 * (i / 2); }
};
struct SwappedColumns : Tf32 {
  static constexpr __host__ __device__ int b_column(int lane, int) { return lane % 8; }
};
template <class Map>
struct WrongLanes : MmaArithmetic<Tf32> {
  template <class TileA, class TileB, int kRows, int kColumns>
  using Multiply = MmaMultiply<Tf32, TileA, TileB, kRows, kColumns, Map>;
};
template <class Map>
using WrongLanesShape = SplitDepthShape<WrongLanes<Map>, 16, 64, 32, 4, 1, 2, 4>;

}  // namespace duel::test

namespace duel {

template <test::PipelineDefect kDefect, Layout kLayoutA, Layout kLayoutB>
struct ProductOf<test::PipelineShape<kDefect>, kLayoutA, kLayoutB> {
  using Type = test::PipelineProduct<kDefect, kLayoutA, kLayoutB>;
};

}  // namespace duel

namespace duel::test {

std::vector<BrokenKernel> broken_split_depth_kernels() {
  using D = PipelineDefect;
  const auto& op = linear_forward_op();
  constexpr Catcher kVerify = Catcher::verify;
  return {
      broken(op, "pipeline", "", Catcher::nobody, launch_forward<PipelineShape<D::none>>),
      broken(op, "no_wait", "does not wait for copies", kVerify, launch_forward<PipelineShape<D::no_wait>>),
      broken(op, "one_group_too_few", "waits for one step too few", kVerify,
             launch_forward<PipelineShape<D::one_group_too_few>>),
      broken(op, "early_overwrite", "loads into a stage in use", kVerify,
             launch_forward<PipelineShape<D::early_overwrite>>),
      broken(op, "no_barrier", "reads other threads' copies too early", kVerify,
             launch_forward<PipelineShape<D::no_barrier>>),
      broken(op, "sums_too_early", "overwrites the last step", kVerify,
             launch_forward<PipelineShape<D::sums_too_early>>),
      broken(op, "lost_share", "leaves out one share of the depth", kVerify,
             launch_forward<PipelineShape<D::lost_share>>),
      broken(op, "matrix_instructions", "", Catcher::nobody, launch_forward<WrongLanesShape<Tf32>>, Precision::tf32),
      broken(op, "swapped_rows", "lanes hold other rows of A", kVerify, launch_forward<WrongLanesShape<SwappedRows>>,
             Precision::tf32),
      broken(op, "swapped_columns", "lanes hold other columns of B", kVerify,
             launch_forward<WrongLanesShape<SwappedColumns>>, Precision::tf32),
      broken(op, "precision_untold", "rounds to TF32 and does not say so", kVerify,
             launch_forward<WrongLanesShape<Tf32>>),
  };
}

}  // namespace duel::test
