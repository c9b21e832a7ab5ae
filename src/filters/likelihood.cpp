// SPDX-License-Identifier: BSD-3-Clause
#include "filters/likelihood.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <cmath>
#include <numbers>

namespace starling::filters {
namespace {

// 0 x is 0 for finite numbers and not a number otherwise.
bool finite(ConstRows block, Index row) {
  const Index width = width_of(block);
  Real sum = 0;
  for (Index j = 0; j < width; ++j) sum += 0 * block.data()[row * width + j];
  return sum == 0;
}

}  // namespace

ObservationErrors check(const ParticleAnalysis& analysis, const ParticleContext& context) {
  const Index mine = rows_of(analysis.particles);
  Index bad = 0;
  while (bad < mine && finite(analysis.particles, bad) && finite(analysis.observed, bad)) ++bad;
  long first = bad < mine ? context.owned.begin + bad : context.particles;
  if (size_of(context.comm) > 1)
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_LONG, MPI_MIN, context.comm));
  if (first < context.particles)
    throw NumericalError(fmt::format("analysis {}: member {} of the background is not finite",
                                     analysis.cycle, first));
  ObservationErrors errors;
  for (Index j = 0; j < width_of(analysis.observed); ++j) {
    const Real variance = analysis.variance[j];
    if (!std::isfinite(analysis.value[j]) || !(variance > 0))
      throw NumericalError(fmt::format(
          "analysis {}: observations or their error variances are not finite", analysis.cycle));
    if (std::isinf(variance)) continue;
    errors.informative = true;
    errors.log_scale -= std::log(2 * std::numbers::pi * variance) / 2;
  }
  return errors;
}

Real log_likelihood(const ParticleAnalysis& analysis, Index particle) {
  const Index count = width_of(analysis.observed);
  const Real* observed = analysis.observed.data() + particle * count;
  Real chi2 = 0;
  for (Index j = 0; j < count; ++j) {
    const Real d = analysis.value[j] - observed[j];
    chi2 += d * d / analysis.variance[j];
  }
  return -chi2 / 2;
}

Report weigh_by_likelihood(const ParticleAnalysis& analysis, const ParticleContext& context,
                           ParticleWeights& weights) {
  Report report;
  if (width_of(analysis.observed) == 0) return report;
  const ObservationErrors errors = check(analysis, context);
  if (!errors.informative) return report;
  for (Index i = 0; i < context.owned.size(); ++i)
    analysis.log_weights[i] += log_likelihood(analysis, i);
  report.log_likelihood =
      weights.renormalise(analysis.log_weights, analysis.cycle) + errors.log_scale;
  report.effective_size = weights.effective_size(analysis.log_weights);
  return report;
}

}  // namespace starling::filters
