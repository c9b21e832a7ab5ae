// SPDX-License-Identifier: BSD-3-Clause
#include "filters/root_space.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "filters/finite.hpp"
#include "linalg/products.hpp"

#include <algorithm>
#include <cmath>

namespace starling::filters {
RootSpace::RootSpace(const FilterContext& context, Index rank)
    : comm_(context.comm),
      rank_(rank),
      anomalies_(observation_block, rank),
      products_(rank + 1, rank),
      sum_(context.comm, blocks_of({0, context.observations}, observation_block).size(),
           products_.rows() * products_.stride()),
      innovation_(observation_block) {
  STARLING_ASSERT(rank >= 1);
}

void RootSpace::project(const Analysis& analysis, const Real* observed_mean,
                        ConstRows observed_roots) {
  const Index count = width_of(analysis.observed), begin = analysis.first_observation;
  STARLING_ASSERT(rows_of(observed_roots) == rank_ && width_of(observed_roots) == count);
  require_finite(analysis, comm_);
  const Index stride = products_.stride();
  sum_.deal(blocks_of({begin, begin + count}, observation_block));
  for (Index first = 0; first < count; first += observation_block) {
    const Index here = std::min(observation_block, count - first);
    whiten(analysis, observed_mean, observed_roots, first, here);
    const linalg::Right right{anomalies_.row(0), anomalies_.stride()};
    Real* out = sum_.next();
    linalg::gram({out, stride}, right, rank_, here);
    linalg::multiply({out + rank_ * stride, stride}, {innovation_.data(), 0, 1}, right, 1, rank_,
                     here);
    sum_.add();
  }
  sum_.finish(products_.row(0));
  for (Index i = 0; i < rank_; ++i)
    for (Index j = i + 1; j < rank_; ++j) products_(i, j) = products_(j, i);
  for (Index i = 0; i <= rank_; ++i)
    if (!all_finite(products_.row(i), rank_))
      throw NumericalError(
          fmt::format("analysis {}: the background's spread over the observation error overflows",
                      analysis.cycle));
}

void RootSpace::whiten(const Analysis& analysis, const Real* observed_mean, ConstRows roots,
                       Index first, Index count) {
  const Index width = width_of(roots);
  for (Index i = 0; i < count; ++i) {
    const Real precision = 1 / std::sqrt(analysis.variance[first + i]);
    innovation_[i] = (analysis.value[first + i] - observed_mean[first + i]) * precision;
    Real* row = anomalies_.row(i);
    for (Index k = 0; k < rank_; ++k) row[k] = roots.data()[k * width + first + i] * precision;
  }
}

Real RootSpace::bytes() const {
  return 8 * static_cast<Real>((observation_block + 3 * rank_) * products_.stride());
}

}  // namespace starling::filters
