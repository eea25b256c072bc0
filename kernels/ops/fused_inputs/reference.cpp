#include "kernels/levels/reference.h"
#include "kernels/ops/fused_inputs/fused_inputs.h"
#include "kernels/ops/latent_normal/latent_normal.h"
#include "kernels/ops/latent_uniform/latent_uniform.h"

namespace duel {

void fused_inputs_reference(const FusedInputs<double>& a) {
  if (a.latents) {
    HostMatrix rows(a.latents.columns, a.latents.rows);
    if (a.limit > 0) {
      latent_uniform_reference(
          {.output = rows.view(), .limit = a.limit, .seed = a.seed, .draw = a.draw, .clock = a.clock});
    } else {
      latent_normal_reference({.output = rows.view(), .seed = a.seed, .draw = a.draw, .clock = a.clock});
    }
    put_transposed(rows, a.latents);
  }
  if (a.real_count == 0) return;
  HostMatrix rows(a.real_count, a.images.columns);
  batch_gather_reference({.images = a.images,
                          .seed = a.seed,
                          .order = a.order,
                          .offset = a.offset,
                          .clock = a.clock,
                          .output = rows.view(),
                          .labels = a.labels,
                          .output_labels = a.output_labels,
                          .range = a.range});
  put_transposed(rows, a.output);
}

}  // namespace duel
