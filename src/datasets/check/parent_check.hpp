// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/check/findings.hpp"
#include "datasets/check/origin.hpp"
#include "datasets/check/stored_file.hpp"
#include "datasets/check/well_format.hpp"
#include "spectral/real_transform.hpp"

#include <memory>
#include <string>
#include <vector>

namespace starling::datasets::check {

/// Whether fields of a coarsened file are those of its parent, coarse-grained (ross2023, section
/// 2.3): every mode that the coarse model resolves is that of the fine field times
///   op1  1, or the cut-off filter of a quasi-geostrophic model (arbic2003);
///   op2  exp(-k^2 (2 D)^2 / 24), D the coarse grid length;
/// or of the mean over the r points of a block, in space, of the fine field times
///   op3  exp(-r^2/24 sum 2 (1 - cos k)), k in radians per fine point, moved by (r - 1) / 2 points.
/// Both files are rounded to single precision, which by Parseval's sum makes a mean square of 2^-24
/// times those of both fields; twice that is allowed. State and fields that follow linearly from
/// it; of op3, whose short waves look like longer ones to a coarse model, scalars of the state.
class ParentCheck {
 public:
  /// Nothing if the file is no such, or the parent is not beside it or cannot be compared: that is
  /// said elsewhere.
  static std::unique_ptr<ParentCheck> make(const StoredFile& file, const Shape& shape,
                                           const Origin& origin);

  void frame(Index trajectory, Index frame, const std::vector<std::vector<float>>& fields,
             Tally& tally);

 private:
  ParentCheck(std::unique_ptr<StoredFile> parent, Shape fine, const Shape& shape,
              const Origin& origin);

  bool is_compared(const StoredField& field, const Origin& origin) const;
  void find_factors(const Origin& origin);
  void find_shifts();
  void coarsen();
  Real error() const;

  const Shape& shape_;
  bool blocks_;  // op3
  std::unique_ptr<StoredFile> parent_;
  Shape fine_shape_;
  spectral::RealTransform fine_, coarse_;
  std::vector<Index> place_;  // of a coarse coefficient among the fine ones; -1: not resolved
  std::vector<Real> factor_, weight_;
  std::vector<Complex> shift_;  // of op3: the factor of each fine coefficient
  std::vector<std::size_t> fields_;
  std::vector<float> numbers_;
  std::vector<Real> fine_values_, coarse_values_;
  std::vector<Complex> fine_coefficients_, coarse_coefficients_, expected_;
};

}  // namespace starling::datasets::check
