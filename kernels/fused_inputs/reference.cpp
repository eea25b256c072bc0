#include "kernels/fused/reference.h"
#include "kernels/fused_inputs/fused_inputs.h"
#include "kernels/latent_normal/latent_normal.h"

namespace duel {

void fused_inputs_reference(const FusedInputs<double>& a) {
  if (a.latents) {
    HostMatrix rows(a.latents.columns, a.latents.rows);
    latent_normal_reference({.output = rows.view(), .seed = a.seed, .draw = a.draw, .clock = a.clock});
    put_transposed(rows, a.latents);
  }
  if (a.real_count == 0) return;
  HostMatrix rows(a.real_count, a.images.columns);
  batch_gather_reference({.images = a.images,
                          .seed = a.seed,
                          .order = a.order,
                          .offset = a.offset,
                          .clock = a.clock,
                          .output = rows.view()});
  put_transposed(rows, a.output);
}

}  // namespace duel
