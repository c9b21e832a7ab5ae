// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/random.hpp"
#include "core/types.hpp"
#include "linalg/matrix.hpp"

#include <vector>

namespace starling::linalg {

/// Random rotations Q of an ensemble that leave its mean alone: Q Q^T = I, Q 1 = 1 and hence
/// Q^T 1 = 1 (sakov2008a, sec. 5), uniform (Haar) among all that do. On the n = size - 1 directions
/// orthogonal to 1, Q is the orthogonal factor of a matrix of normals, drawn as a product of
/// Householder reflections without forming either (stewart1980),
///     Q' = H_n H_{n-1} ... H_2 diag(+-1),
/// where H_k takes a vector of k normals, in the k last coordinates, to the first of them.
///
/// No communication; rotate allocates nothing.
class RandomRotation {
 public:
  explicit RandomRotation(Index size);

  /// a = Q a with the Q of `stream`, which gives size (size - 1) / 2 normals.
  void rotate(Matrix& a, const Stream& stream);

 private:
  Index size_;
  std::vector<Real> normals_, mean_;
};

}  // namespace starling::linalg
