// SPDX-License-Identifier: BSD-3-Clause
#include "filters/extended_kalman.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <algorithm>
#include <cmath>

namespace starling::filters {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

Index checked_dofs(const FilterContext& context) {
  require(context.members == 2 * context.dofs,
          "ensemble.members: a Kalman filter of {} dofs has 2 members for each, not {} in all; "
          "allowed: {}",
          context.dofs, context.members, 2 * context.dofs);
  return context.dofs;
}

void average(Real* mean, ConstRows members) {
  const Index columns = width_of(members);
  std::fill_n(mean, columns, 0.0);
  for (Index m = 0; m < rows_of(members); ++m)
    for (Index j = 0; j < columns; ++j) mean[j] += members.data()[m * columns + j];
  for (Index j = 0; j < columns; ++j) mean[j] /= static_cast<Real>(rows_of(members));
}

void differences(Real* roots, ConstRows members, Real scale) {
  const Index columns = width_of(members);
  for (Index k = 0; k < rows_of(members) / 2; ++k) {
    const Real *plus = members.data() + 2 * k * columns, *minus = plus + columns;
    for (Index j = 0; j < columns; ++j) roots[k * columns + j] = (plus[j] - minus[j]) * scale;
  }
}

}  // namespace

ExtendedKalman::ExtendedKalman(const FilterContext& context, const Options& options)
    : comm_(context.comm),
      dofs_(checked_dofs(context)),
      options_(options),
      space_(context, dofs_),
      eigen_(dofs_),
      gram_(dofs_, dofs_),
      transform_(dofs_, dofs_),
      combination_(dofs_),
      roots_("kalman::roots", at(dofs_ * context.columns.size())),
      observed_roots_("kalman::observed_roots", at(dofs_ * context.observations)),
      mean_(at(context.columns.size())),
      observed_mean_(at(context.observations)),
      deviation_(mean_.size()),
      observed_deviation_(observed_mean_.size()),
      weights_(at(dofs_)),
      factors_(at(dofs_)) {
  require(options.inflation > 0, "inflation is {}; allowed: above 0", options.inflation);
  require(options.step > 0, "step is {}; allowed: above 0", options.step);
}

void ExtendedKalman::read(const Analysis& analysis) {
  STARLING_ASSERT(width_of(analysis.ensemble) == static_cast<Index>(mean_.size()));
  average(mean_.data(), analysis.ensemble);
  average(observed_mean_.data(), analysis.observed);
  if (paired_) {
    read_pairs(analysis);
  } else {
    read_sample(analysis);
  }
}

void ExtendedKalman::read_pairs(const Analysis& analysis) {
  const Real scale = options_.inflation / (2 * options_.step);
  differences(roots_.data(), analysis.ensemble, scale);
  differences(observed_roots_.data(), analysis.observed, scale);
}

// The sample covariance of 2 n members as n roots: with anomalies A = U s V^T over sqrt(2 n - 1),
// U^T A are roots of A^T A, and what is observed of them is U^T times the observed anomalies. U are
// eigenvectors of A A^T. Once in a run, so with memory of its own.
void ExtendedKalman::read_sample(const Analysis& analysis) {
  const Index members = 2 * dofs_, columns = width_of(analysis.ensemble);
  const Index observations = width_of(analysis.observed);
  const Real scale = options_.inflation / std::sqrt(static_cast<Real>(members - 1));
  const auto anomalies = [&](Array<Real**>& out, ConstRows rows, const std::vector<Real>& mean) {
    for (Index m = 0; m < members; ++m)
      for (Index j = 0; j < width_of(rows); ++j)
        out(at(m), at(j)) = (rows(at(m), at(j)) - mean[at(j)]) * scale;
  };
  Array<Real**> states("kalman::anomalies", at(members), at(columns));
  Array<Real**> observed("kalman::observed", at(members), at(observations));
  anomalies(states, analysis.ensemble, mean_);
  anomalies(observed, analysis.observed, observed_mean_);

  linalg::Matrix gram(members, members), columns_of_block(dof_block, members);
  const Index first_column = [&] {
    long mine = columns, before = 0;
    STARLING_MPI(MPI_Exscan(&mine, &before, 1, MPI_LONG, MPI_SUM, comm_));
    return rank_of(comm_) == 0 ? Index{0} : static_cast<Index>(before);
  }();
  TreeSum sum(comm_, blocks_of({first_column, first_column + columns}, dof_block),
              members * gram.stride());
  for (Index first = 0; first < columns; first += dof_block) {
    const Index count = std::min(dof_block, columns - first);
    for (Index j = 0; j < count; ++j)
      for (Index m = 0; m < members; ++m) columns_of_block(j, m) = states(at(m), at(first + j));
    linalg::gram({sum.next(), gram.stride()}, {columns_of_block.row(0), columns_of_block.stride()},
                 members, count);
    sum.add();
  }
  sum.finish(gram.row(0));
  for (Index i = 0; i < members; ++i)
    for (Index j = i + 1; j < members; ++j) gram(i, j) = gram(j, i);

  linalg::SymmetricEigen eigen(members);
  eigen.solve(gram);
  linalg::Matrix largest(dofs_, members);
  for (Index k = 0; k < dofs_; ++k)
    std::copy_n(eigen.vectors().row(members - 1 - k), members, largest.row(k));
  linalg::RowCombination combination(members);
  combination.assign(make_rows(roots_.data(), dofs_, columns), largest, ConstRows(states));
  combination.assign(make_rows(observed_roots_.data(), dofs_, observations), largest,
                     ConstRows(observed));
}

Report ExtendedKalman::analyse(const Analysis& analysis) {
  if (analysis.observations == 0) return {};
  const Index columns = width_of(analysis.ensemble);
  read(analysis);
  const Rows roots = make_rows(roots_.data(), dofs_, columns);
  space_.project(analysis, observed_mean_.data(),
                 make_rows(observed_roots_.data(), dofs_, width_of(analysis.observed)));
  Real informed = 0;
  for (Index k = 0; k < dofs_; ++k) {
    std::copy_n(space_.gram().row(k), dofs_, gram_.row(k));
    informed += gram_(k, k) + std::abs(space_.innovation()[k]);
  }
  if (informed == 0 && options_.inflation == 1) return {};

  eigen_.solve(gram_);
  std::fill(weights_.begin(), weights_.end(), 0.0);
  for (Index k = 0; k < dofs_; ++k) {
    const Real* v = eigen_.vectors().row(k);
    const Real precision = 1 + std::max(eigen_.values()[k], 0.0);
    factors_[at(k)] = 1 / std::sqrt(precision);
    Real along = 0;
    for (Index i = 0; i < dofs_; ++i) along += v[i] * space_.innovation()[i];
    for (Index i = 0; i < dofs_; ++i) weights_[at(i)] += along / precision * v[i];
  }
  for (Index j = 0; j < columns; ++j)
    for (Index k = 0; k < dofs_; ++k)
      mean_[at(j)] += weights_[at(k)] * roots.data()[k * columns + j];
  eigen_.function(transform_, factors_.data());
  combination_.assign(roots, transform_, roots);

  for (Index k = 0; k < dofs_; ++k) {
    const Real* s = roots.data() + k * columns;
    Real *plus = analysis.ensemble.data() + 2 * k * columns, *minus = plus + columns;
    for (Index j = 0; j < columns; ++j) {
      plus[j] = mean_[at(j)] + options_.step * s[j];
      minus[j] = mean_[at(j)] - options_.step * s[j];
    }
  }
  paired_ = true;
  return {options_.inflation};
}

void ExtendedKalman::deviations(std::vector<Real>& out, ConstRows roots) const {
  const Index columns = width_of(roots);
  std::fill(out.begin(), out.end(), 0.0);
  for (Index k = 0; k < dofs_; ++k)
    for (Index j = 0; j < columns; ++j)
      out[at(j)] += roots.data()[k * columns + j] * roots.data()[k * columns + j];
  for (Real& each : out) each = std::sqrt(each);
}

Marginals ExtendedKalman::background(const Analysis& analysis) {
  read(analysis);
  deviations(deviation_, make_rows(roots_.data(), dofs_, width_of(analysis.ensemble)));
  deviations(observed_deviation_,
             make_rows(observed_roots_.data(), dofs_, width_of(analysis.observed)));
  return {mean_.data(), deviation_.data(), observed_mean_.data(), observed_deviation_.data()};
}

Marginals ExtendedKalman::analysed(const Analysis& analysis) {
  deviations(deviation_, make_rows(roots_.data(), dofs_, width_of(analysis.ensemble)));
  return {mean_.data(), deviation_.data()};
}

Real ExtendedKalman::bytes() const {
  return space_.bytes() + 8 * static_cast<Real>(roots_.extent(0) + observed_roots_.extent(0)) +
         8 * 5 * static_cast<Real>(dofs_ * gram_.stride());
}

FilterEntry ExtendedKalman::entry() {
  return {"extended_kalman",
          "extended Kalman filter, tangent linear model by central differences of the forecast; "
          "members = 2 dofs",
          "jazwinski1970",
          {Key::real("inflation", "factor on the background's anomalies (not on the variance)")
               .above(0)
               .otherwise(Value(1.0)),
           Key::real("step", "of the central differences, in standard deviations")
               .above(0)
               .otherwise(Value(1e-4))},
          [](const Section& section, const FilterContext& context) -> std::unique_ptr<Filter> {
            return std::make_unique<ExtendedKalman>(
                context, ExtendedKalman::Options{section.real("inflation"), section.real("step")});
          }};
}

FilterEntry ExtendedKalman::linear_entry() {
  return {"kalman",
          "Kalman filter, exact for linear models; members = 2 dofs",
          "kalman1960",
          {Key::real("inflation", "factor on the background's anomalies (not on the variance)")
               .above(0)
               .otherwise(Value(1.0))},
          [](const Section& section, const FilterContext& context) -> std::unique_ptr<Filter> {
            return std::make_unique<ExtendedKalman>(
                context, ExtendedKalman::Options{section.real("inflation"), 1});
          }};
}

}  // namespace starling::filters
