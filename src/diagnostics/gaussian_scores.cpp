// SPDX-License-Identifier: BSD-3-Clause
#include "diagnostics/gaussian_scores.hpp"

#include "core/process_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace starling::diagnostics {
namespace {

enum Sum : Index { squared_error, variance, ranked_probability, sums };

}  // namespace

Real gaussian_crps(Real mean, Real deviation, Real y) {
  using namespace std::numbers;
  if (!(deviation > 0)) return std::abs(y - mean);
  const Real z = (y - mean) / deviation;
  // 2 Phi(z) - 1 = erf(z / sqrt(2)), 2 phi(z) = sqrt(2 / pi) exp(-z^2 / 2).
  return deviation * (z * std::erf(z / sqrt2) + inv_sqrtpi * (sqrt2 * std::exp(-z * z / 2) - 1));
}

Real gaussian_probability(Real mean, Real deviation, Real y) {
  if (!(deviation > 0)) return y == mean ? 0.5 : (y > mean ? 1 : 0);
  return 0.5 * std::erfc((mean - y) / (deviation * std::numbers::sqrt2));
}

GaussianScores::GaussianScores(MPI_Comm members, Range my_columns, Index all_columns)
    : my_columns_(my_columns.size()),
      all_columns_(all_columns),
      sums_(members, blocks_of(my_columns, dof_block), sums) {}

Scores GaussianScores::evaluate(const Real* mean, const Real* deviation, const Real* truth) {
  for (Index first = 0; first < my_columns_; first += dof_block) {
    Real* out = sums_.next();
    std::fill_n(out, static_cast<Index>(sums), 0.0);
    for (Index j = first; j < std::min(first + dof_block, my_columns_); ++j) {
      out[squared_error] += (mean[j] - truth[j]) * (mean[j] - truth[j]);
      out[variance] += deviation[j] * deviation[j];
      out[ranked_probability] += gaussian_crps(mean[j], deviation[j], truth[j]);
    }
    sums_.add();
  }
  std::array<Real, sums> total{};
  sums_.finish(total.data());
  const auto dofs = static_cast<Real>(all_columns_);
  const Real crps = total[ranked_probability] / dofs;
  return {std::sqrt(total[squared_error] / dofs), std::sqrt(total[variance] / dofs), crps, crps,
          crps};
}

}  // namespace starling::diagnostics
