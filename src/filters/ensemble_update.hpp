// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "filters/inflation.hpp"
#include "linalg/matrix.hpp"
#include "linalg/products.hpp"
#include "linalg/random_rotation.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace starling::filters {

/// An analysis as a change of the members by combinations of them,
///     x_m <- x_m + sum over k of (w_k + D_mk) (x_k - x̄),
/// with inflation (Inflation), and optionally a random mean-preserving rotation of the anomalies
/// (sakov2008a). A filter writes D and w; where it says little, D is small, little is lost to
/// rounding, and D = 0 changes no bit.
class EnsembleUpdate {
 public:
  /// Collective on the context's communicator if the inflation is adaptive. Throws InputError for
  /// settings that can't be.
  EnsembleUpdate(const FilterContext& context, const InflationSettings& inflation,
                 bool rotation = false);

  Inflation& inflation() { return inflation_; }
  const Inflation& inflation() const { return inflation_; }

  /// D, members x members, for background anomalies times inflation().background().
  linalg::Matrix& deviation() { return deviation_; }
  /// w, 0 until written, which is 0 again after apply().
  std::vector<Real>& shift() { return shift_; }

  /// Applies D, w, rotation and inflation to members x any columns, and D, w and rotation to the
  /// past (evensen2000). Local; allocates nothing. D is spent.
  void apply(const Analysis& analysis);
  /// What is left to do where columns have had their analysis one by one, with steps 3 and 6 of
  /// Inflation: the rotation and inflation that takes whole columns. Local.
  void finish_columns(const Analysis& analysis);

 private:
  void smooth(const Analysis& analysis);
  void rotate(linalg::Matrix& deviation, Index cycle);
  static void centre(linalg::Matrix& deviation);

  std::uint64_t seed_;
  Inflation inflation_;
  std::optional<linalg::RandomRotation> rotation_;
  linalg::Matrix deviation_, kept_;
  linalg::RowCombination combination_;
  std::vector<Real> shift_;
};

}  // namespace starling::filters
