// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/random.hpp"
#include "linalg/matrix.hpp"

#include <cstdint>

namespace starling::linalg {

/// A matrix of standard normals; other numbers for another `seed`.
inline Matrix random_matrix(Index rows, Index columns, std::uint64_t seed) {
  Matrix a(rows, columns);
  for (Index i = 0; i < rows; ++i)
    Stream(seed, Purpose::initial_perturbation, static_cast<std::uint64_t>(i), 0)
        .normals(a.row(i), columns);
  return a;
}

/// A symmetric one, of rank at most `rank`: B B^T.
inline Matrix random_gram(Index size, Index rank, std::uint64_t seed) {
  const Matrix b = random_matrix(size, rank, seed);
  Matrix a(size, size);
  for (Index i = 0; i < size; ++i)
    for (Index j = 0; j <= i; ++j) {
      for (Index k = 0; k < rank; ++k) a(i, j) += b(i, k) * b(j, k);
      a(j, i) = a(i, j);
    }
  return a;
}

}  // namespace starling::linalg
