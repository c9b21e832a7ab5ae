// SPDX-License-Identifier: BSD-3-Clause
#include "filters/static_gain.hpp"

#include "core/error.hpp"
#include "linalg/dense.hpp"

#include <algorithm>
#include <cmath>

namespace starling::filters {
namespace {

Index checked_rank(const FilterContext& context) {
  require(context.climatology > 0,
          "filter.name: needs a climatology; allowed: with a section [climatology]");
  return context.climatology;
}

}  // namespace

const StaticCovariance& climatology_of(const Analysis& analysis) {
  STARLING_ASSERT(analysis.climatology != nullptr);
  return *analysis.climatology;
}

StaticGain::StaticGain(const FilterContext& context, Real factor)
    : rank_(checked_rank(context)),
      factor_(factor),
      space_(context, rank_),
      inverse_(rank_, rank_),
      workspace_(rank_, rank_),
      combination_(rank_),
      solved_("static_gain::solved", static_cast<std::size_t>(rank_ * context.columns.size())),
      weights_(static_cast<std::size_t>(rank_)) {
  require(factor > 0, "a covariance times {}; allowed: a factor above 0", factor);
}

void StaticGain::solve(const Analysis& analysis, const Real* observed_mean) {
  space_.project(analysis, observed_mean, climatology_of(analysis).observed_roots);
  for (Index i = 0; i < rank_; ++i) {
    std::copy_n(space_.gram().row(i), rank_, workspace_.row(i));
    workspace_(i, i) += 1 / factor_;
    std::fill_n(inverse_.row(i), rank_, 0.0);
    inverse_(i, i) = 1;
  }
  // The same small problem on every rank: what follows is done for each column by itself.
  linalg::divide_by_positive(inverse_, workspace_);
  for (Index i = 0; i < rank_; ++i) {
    Real sum = 0;
    for (Index k = 0; k < rank_; ++k) sum += inverse_(i, k) * space_.innovation()[k];
    weights_[static_cast<std::size_t>(i)] = sum;
  }
}

void StaticGain::add_increment(Real* state, const StaticCovariance& covariance, Real weight) const {
  const Index columns = width_of(covariance.roots);
  const Real* s = covariance.roots.data();
  for (Index j = 0; j < columns; ++j) {
    Real increment = 0;
    for (Index k = 0; k < rank_; ++k)
      increment += weights_[static_cast<std::size_t>(k)] * s[k * columns + j];
    state[j] += weight * increment;
  }
}

void StaticGain::prior(Real* deviation, ConstRows roots) const {
  const Index columns = width_of(roots);
  std::fill_n(deviation, columns, 0.0);
  for (Index k = 0; k < rows_of(roots); ++k) {
    const Real* s = roots.data() + k * columns;
    for (Index j = 0; j < columns; ++j) deviation[j] += s[j] * s[j];
  }
  for (Index j = 0; j < columns; ++j) deviation[j] = std::sqrt(factor_ * deviation[j]);
}

void StaticGain::posterior(Real* deviation, ConstRows roots) {
  const Index columns = width_of(roots);
  STARLING_ASSERT(rank_ * columns <= static_cast<Index>(solved_.extent(0)));
  const Rows solved = make_rows(solved_.data(), rank_, columns);
  combination_.assign(solved, inverse_, roots);
  std::fill_n(deviation, columns, 0.0);
  for (Index k = 0; k < rank_; ++k) {
    const Real *s = roots.data() + k * columns, *t = solved.data() + k * columns;
    for (Index j = 0; j < columns; ++j) deviation[j] += s[j] * t[j];
  }
  for (Index j = 0; j < columns; ++j) deviation[j] = std::sqrt(std::max(deviation[j], 0.0));
}

Real StaticGain::bytes() const {
  return space_.bytes() + 8 * static_cast<Real>(solved_.extent(0)) +
         16 * static_cast<Real>(rank_ * inverse_.stride());
}

}  // namespace starling::filters
