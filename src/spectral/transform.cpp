// SPDX-License-Identifier: BSD-3-Clause
#include "spectral/transform.hpp"

#include "core/error.hpp"
#include "core/kernel.hpp"

#include <algorithm>
#include <cstdlib>

namespace starling::spectral {
namespace {

// Even, with small prime factors only: what FFTW does fast.
Index fast_even_size(Index at_least) {
  for (Index n = at_least + at_least % 2;; n += 2) {
    Index rest = n;
    for (const Index p : {2, 3, 5, 7})
      while (rest % p == 0) rest /= p;
    if (rest == 1) return n;
  }
}

}  // namespace

Index product_size(Index points, Dealiasing dealiasing, int degree) {
  if (dealiasing != Dealiasing::padding || degree < 2) return points;
  return fast_even_size((points * (degree + 1) + 1) / 2);
}

Index cut_mode(Index points, Dealiasing dealiasing, int degree) {
  if (dealiasing != Dealiasing::truncation || degree < 2) return points / 2;
  return std::min((points + degree) / (degree + 1), points / 2);
}

Transform::Transform(const Grid& grid, Dealiasing dealiasing, int degree, Planning planning)
    : grid_(grid),
      product_points_(product_size(grid.points(), dealiasing, degree)),
      cut_(cut_mode(grid.points(), dealiasing, degree)),
      padded_(product_points_ != grid.points()),
      inverse_(grid.points(), Plan::Direction::inverse, planning),
      forward_(grid.points(), Plan::Direction::forward, planning),
      product_inverse_(product_points_, Plan::Direction::inverse, planning),
      product_forward_(product_points_, Plan::Direction::forward, planning),
      work_("spectral::work", static_cast<std::size_t>(product_points_)) {}

Real Transform::kept(Index j) const {
  const Index mode = std::abs(grid_.mode(j));
  return mode < cut_ ? 1 : 0;
}

void Transform::to_product_grid(Complex* values, const Complex* coefficients, Index rows) const {
  const Index n = grid_.points(), m = product_points_, half = n / 2;
  for (Index r = 0; r < rows; ++r) {
    Complex* v = values + r * m;
    const Complex* c = coefficients + r * n;
    if (!padded_) {
      product_inverse_.execute(v, c);
      continue;
    }
    Complex* padded = work_.data();
    std::copy_n(c, half, padded);
    std::fill_n(padded + half, m - n + 1, Complex(0));
    std::copy_n(c + half + 1, half - 1, padded + m - half + 1);
    product_inverse_.execute(v, padded);
  }
}

void Transform::from_product_grid(Complex* coefficients, const Complex* values, Index rows) const {
  const Index n = grid_.points(), m = product_points_, half = n / 2;
  for (Index r = 0; r < rows; ++r) {
    const Complex* v = values + r * m;
    Complex* c = coefficients + r * n;
    if (!padded_) {
      product_forward_.execute(c, v);
      continue;
    }
    const Complex* padded = work_.data();
    product_forward_.execute(work_.data(), v);
    std::copy_n(padded, half, c);
    c[half] = 0;
    std::copy_n(padded + m - half + 1, half - 1, c + half + 1);
  }
}

void Transform::unpack(Real* first, Real* second, const Complex* coefficients) const {
  inverse_.execute(work_.data(), coefficients);
  const auto* values = reinterpret_cast<const Real*>(work_.data());
  for_each("spectral::unpack", grid_.points(), [=](Index j) {
    first[j] = values[2 * j];
    second[j] = values[2 * j + 1];
  });
}

void Transform::pack(Complex* coefficients, const Real* first, const Real* second) const {
  auto* values = reinterpret_cast<Real*>(work_.data());
  for_each("spectral::pack", grid_.points(), [=](Index j) {
    values[2 * j] = first[j];
    values[2 * j + 1] = second[j];
  });
  forward_.execute(coefficients, work_.data());
  const Index n = grid_.points();
  const Real scale = 1 / static_cast<Real>(n);
  for (Index j = 0; j < cut_; ++j) coefficients[j] *= scale;
  std::fill(coefficients + cut_, coefficients + n - cut_ + 1, Complex(0, 0));
  for (Index j = n - cut_ + 1; j < n; ++j) coefficients[j] *= scale;
}

}  // namespace starling::spectral
