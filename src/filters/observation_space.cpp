// SPDX-License-Identifier: BSD-3-Clause
#include "filters/observation_space.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "core/random.hpp"
#include "filters/finite.hpp"
#include "linalg/products.hpp"

#include <algorithm>
#include <cmath>

namespace starling::filters {

ObservationSpace::ObservationSpace(const FilterContext& context, bool perturbed)
    : comm_(context.comm),
      members_(context.members),
      seed_(context.seed),
      perturbed_(perturbed),
      anomalies_(observation_block, context.members),
      perturbations_(perturbed ? context.members : 0, observation_block),
      products_(context.members + 1 + (perturbed ? context.members : 0), context.members),
      sum_(context.comm, blocks_of({0, context.observations}, observation_block).size(),
           products_.rows() * products_.stride()),
      mean_(observation_block),
      precision_(observation_block),
      innovation_(observation_block) {
  require(members_ >= 2, "an ensemble filter needs at least 2 members to see a covariance, not {}",
          members_);
}

void ObservationSpace::project(const Analysis& analysis) {
  const Index count = width_of(analysis.observed), begin = analysis.first_observation;
  STARLING_ASSERT(rows_of(analysis.ensemble) == members_);
  STARLING_ASSERT(rows_of(analysis.observed) == members_);
  require_finite(analysis, comm_);
  sum_.deal(blocks_of({begin, begin + count}, observation_block));
  for (Index first = 0; first < count; first += observation_block) {
    const Index here = std::min(observation_block, count - first);
    whiten(analysis, first, here);
    if (perturbed_) perturb(begin + first, here, analysis.cycle);
    add_block(here);
  }
  sum_.finish(products_.row(0));
  check_products(analysis.cycle);
  for (Index i = 0; i < members_; ++i)
    for (Index j = i + 1; j < members_; ++j) products_(i, j) = products_(j, i);
}

void ObservationSpace::check_products(Index cycle) const {
  for (Index m = 0; m < members_; ++m)
    if (!std::isfinite(products_(m, m)))
      throw NumericalError(fmt::format(
          "analysis {}: the spread of member {} over the observation error overflows", cycle, m));
  if (!all_finite(innovation(), members_))
    throw NumericalError(
        fmt::format("analysis {}: observations or their error variances are not finite", cycle));
}

void ObservationSpace::inflate(Real factor) {
  if (factor == 1) return;
  for (Index m = 0; m < products_.rows(); ++m) {
    const Real scale = m < members_ ? factor * factor : factor;
    Real* row = products_.row(m);
    for (Index k = 0; k < members_; ++k) row[k] *= scale;
  }
}

// Observations [first, first + count) of mine: innovation_ = d and rows of anomalies_ = columns of
// S.
void ObservationSpace::whiten(const Analysis& analysis, Index first, Index count) {
  constexpr Index strip = 32;  // observations whose rows of S^T stay in the first cache
  const Index width = width_of(analysis.observed), stride = anomalies_.stride();
  const Real* observed = analysis.observed.data() + first;
  const Real share = 1 / static_cast<Real>(members_);
  Real *mean = mean_.data(), *precision = precision_.data();
  for (Index begin = 0; begin < count; begin += strip) {
    const Index end = std::min(begin + strip, count);
    for (Index i = begin; i < end; ++i) mean[i] = 0;
    for (Index m = 0; m < members_; ++m)
      for (Index i = begin; i < end; ++i) mean[i] += observed[m * width + i];
    for (Index i = begin; i < end; ++i) {
      mean[i] *= share;
      precision[i] = 1 / std::sqrt(analysis.variance[first + i]);
      innovation_[i] = (analysis.value[first + i] - mean[i]) * precision[i];
    }
    Real* anomalies = anomalies_.row(0);
    for (Index m = 0; m < members_; ++m)
      for (Index i = begin; i < end; ++i)
        anomalies[i * stride + m] = (observed[m * width + i] - mean[i]) * precision[i];
  }
}

// Standard normals, one number for each (member, observation, cycle) on whichever rank; centred
// over the members, which costs a degree of freedom, and scaled to make up for it.
void ObservationSpace::perturb(Index first_observation, Index count, Index cycle) {
  std::fill_n(mean_.begin(), count, 0.0);
  for (Index m = 0; m < members_; ++m) {
    Real* z = perturbations_.row(m);
    Stream(seed_, Purpose::perturbed_observations, static_cast<std::uint64_t>(m),
           static_cast<std::uint64_t>(cycle))
        .normals(z, count, static_cast<std::uint64_t>(first_observation));
    for (Index i = 0; i < count; ++i) mean_[i] += z[i];
  }
  const Real n = static_cast<Real>(members_), scale = std::sqrt(n / (n - 1));
  for (Index i = 0; i < count; ++i) mean_[i] /= n;
  for (Index m = 0; m < members_; ++m) {
    Real* z = perturbations_.row(m);
    for (Index i = 0; i < count; ++i) z[i] = (z[i] - mean_[i]) * scale;
  }
}

void ObservationSpace::add_block(Index count) {
  const linalg::Right right{anomalies_.row(0), anomalies_.stride()};
  const Index stride = products_.stride();
  Real* out = sum_.next();
  linalg::gram({out, stride}, right, members_, count);
  out += members_ * stride;
  linalg::multiply({out, stride}, {innovation_.data(), 0, 1}, right, 1, members_, count);
  if (perturbed_)
    linalg::multiply({out + stride, stride}, {perturbations_.row(0), perturbations_.stride(), 1},
                     right, members_, members_, count);
  sum_.add();
}

}  // namespace starling::filters
