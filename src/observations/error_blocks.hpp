// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "observations/batch.hpp"

#include <string>
#include <vector>

namespace starling::observations {

/// Makes the errors of a batch independent. With the covariance C = L L^T of a block, L lower
/// triangular (Cholesky),
///     y <- L^-1 y,   H x <- L^-1 H x,   R <- 1
/// for the observations of the block; those outside blocks stay as they are. The likelihood of
/// every state is unchanged, so that a filter for independent errors solves the problem with the
/// full R exactly. Observation i of a block becomes a combination of the observations 0 to i; for
/// localization it keeps its own place, an approximation that is good where the blocks, or the
/// correlation lengths, are short against the localization radius. Local.
class ErrorBlocks {
 public:
  /// Factorises the blocks of `batch`, q^3 / 3 operations for one of q observations, unless they
  /// are those of the last call. Throws InputError, naming the observations and `source`, if a
  /// covariance is not positive definite. Allocates nothing for blocks of sizes seen before.
  void set(const Batch& batch, const std::string& source);

  bool empty() const { return blocks_.empty(); }
  /// Values and variances of the batch: y <- L^-1 y, 1.
  void decorrelate(Batch& batch) const;
  /// Each row of `observed` (members x observations of the batch), for itself.
  void decorrelate(Rows observed) const;

 private:
  void decorrelate(Real* row) const;

  std::vector<ErrorBlock> blocks_;
  std::vector<Real> covariance_, factors_;  // as in the batch; factors row by row
};

/// The lower triangle of `a` (n x n, row by row) becomes L with L L^T = a; what is above it is not
/// touched. False if `a` is not positive definite.
bool cholesky(Real* a, Index n);

}  // namespace starling::observations
