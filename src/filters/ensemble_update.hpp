// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "linalg/matrix.hpp"
#include "linalg/products.hpp"

#include <vector>

namespace starling::filters {

/// An analysis as a change of the members by combinations of them,
///     x_m <- x_m + sum over k of D_mk (x_k - x̄),
/// and multiplicative inflation of the result, x_m <- x̄ + factor (x_m - x̄) (anderson1999; the
/// factor is on anomalies, not on the variance). A filter writes D; where it says little, D is
/// small, little is lost to rounding, and D = 0 changes no bit.
class EnsembleUpdate {
 public:
  EnsembleUpdate(Index members, Real inflation);

  /// D, members x members.
  linalg::Matrix& deviation() { return deviation_; }
  Real inflation() const { return inflation_; }

  /// Applies D and the inflation to members x any columns. Local; allocates nothing. D is spent.
  void apply(Rows ensemble);

 private:
  void inflate();
  void centre();

  Real inflation_;
  linalg::Matrix deviation_;
  linalg::RowCombination combination_;
  std::vector<Real> mean_;
};

}  // namespace starling::filters
