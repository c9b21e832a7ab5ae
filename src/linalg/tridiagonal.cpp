// SPDX-License-Identifier: BSD-3-Clause
#include "linalg/tridiagonal.hpp"

#include "core/error.hpp"
#include "linalg/reflection.hpp"
#include "linalg/simd.hpp"

#include <algorithm>
#include <cmath>

namespace starling::linalg {

Tridiagonal::Tridiagonal(Index capacity)
    : diagonal_(static_cast<std::size_t>(capacity)),
      off_diagonal_(static_cast<std::size_t>(capacity)),
      factor_(static_cast<std::size_t>(capacity)),
      update_(static_cast<std::size_t>(round_up(capacity))),
      reflectors_(capacity, capacity) {
  STARLING_ASSERT(capacity > 0);
}

// The reflector I - factor v v^T that takes the `i` first elements of `row` to the last of them;
// returns what they become there. v is kept in row i of reflectors_, with zeros behind it.
Real Tridiagonal::reflect(Index i, const Real* row) {
  Real* v = reflectors_.row(i);
  const Real last = row[i - 1];
  std::copy_n(row, i - 1, v);
  std::fill(v + i - 1, v + round_up(i), 0.0);
  Vector squares{};
  for (Index j = 0; j < i; j += vector_width) squares += load(v + j) * load(v + j);
  const Real others = sum(squares);
  if (others < least_square) {
    factor_[i] = 0;
    return last;
  }
  const Real norm = std::sqrt(last * last + others);
  v[i - 1] = last + std::copysign(norm, last);
  factor_[i] = 1 / (norm * (norm + std::abs(last)));
  return -std::copysign(norm, last);
}

// Row i, from the last on, is taken to its sub-diagonal element by a reflector H_i of the rows and
// columns before it: A <- H_i A H_i = A - v q^T - q v^T, q = p - (factor / 2) (p^T v) v,
// p = factor A v. Element (i, i - 1) goes to off_diagonal_[i - 1].
void Tridiagonal::reduce(Matrix& a, Index size) {
  STARLING_ASSERT(size > 0 && size <= reflectors_.rows() && a.rows() >= size);
  size_ = size;
  for (Index i = size_ - 1; i > 0; --i) {
    diagonal_[i] = a(i, i);
    off_diagonal_[i - 1] = reflect(i, a.row(i));
    const Real factor = factor_[i];
    if (factor == 0) continue;
    const Real* v = reflectors_.row(i);
    Real* q = update_.data();
    Vector products{};
    for_each_strip(i, [&]<Index vectors>(Index j, std::integral_constant<Index, vectors>) {
      Vector p[vectors];
      sum_rows(p, a.row(0) + j, a.stride(), v, i);
      for (Index s = 0; s < vectors; ++s) {
        p[s] *= factor;
        store(q + j + s * vector_width, p[s]);
        products += p[s] * load(v + j + s * vector_width);
      }
    });
    const Real along = factor / 2 * sum(products);
    for (Index k = 0; k < i; ++k) q[k] -= along * v[k];
    std::fill(q + i, q + round_up(i), 0.0);
    for (Index k = 0; k < i; ++k) {
      Real* row = a.row(k);
      const Real vk = v[k], qk = q[k];
      for (Index j = 0; j < i; j += vector_width)
        store(row + j, load(row + j) - vk * load(q + j) - qk * load(v + j));
    }
  }
  diagonal_[0] = a(0, 0);
  off_diagonal_[size_ - 1] = 0;
}

void Tridiagonal::reflect_vector(Index i, Real* x) const {
  const Real factor = factor_[i];
  if (factor == 0) return;
  const Real* v = reflectors_.row(i);
  Vector products{};
  for (Index j = 0; j < i; j += vector_width) products += load(v + j) * load(x + j);
  const Real along = factor * sum(products);
  for (Index j = 0; j < i; j += vector_width) store(x + j, load(x + j) - along * load(v + j));
}

void Tridiagonal::into_basis(Real* x) const {
  for (Index i = size_ - 1; i > 1; --i) reflect_vector(i, x);
}

void Tridiagonal::out_of_basis(Real* x) const {
  for (Index i = 2; i < size_; ++i) reflect_vector(i, x);
}

}  // namespace starling::linalg
