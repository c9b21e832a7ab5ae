// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "core/types.hpp"
#include "linalg/matrix.hpp"
#include "observations/batch.hpp"

#include <string>
#include <vector>

namespace starling::observations {

/// The trigonometric interpolant of n values on a period L at arbitrary places (henrici1979),
///     p(x) = sum_i u_i D(x - x_i),   D(s) = sin(n t) / (n tan t) for even n,
///                                          sin(n t) / (n sin t) for odd n,   t = pi s / L:
/// exact for all waves that the grid resolves, the Nyquist mode of an even n taken as a cosine; at
/// a grid point the value there. The n x q weights of q places are kept as long as the places are
/// the same; they are computed with n q divisions, applied as one matrix product, 2 n q operations
/// for each member. Local.
class SpectralPoints {
 public:
  explicit SpectralPoints(const Domain& domain);

  void clear();
  /// Observation j of `batch` is such a value. Throws InputError, naming `source`, where the domain
  /// is not periodic.
  void add(const Batch& batch, Index j, const std::string& source);
  /// All have been added: makes the weights unless they are there. Allocates nothing for as many as
  /// there were before.
  void prepare();
  bool empty() const { return places_.empty(); }

  /// The columns of `out` (rows x observations of the batch) that were added, of rows x points.
  /// Each row by itself: other rows change no bit of it.
  void apply(Rows out, ConstRows members) const;

 private:
  void weigh(Index column, Real x);

  Domain domain_;
  std::vector<Real> sines_, cosines_;  // of pi i / n
  std::vector<Index> observations_;
  std::vector<Real> places_, weighed_;  // asked for; what weights_ is for
  linalg::Matrix weights_;              // points x places
  mutable linalg::Matrix values_;       // a strip of rows x places
};

}  // namespace starling::observations
