// SPDX-License-Identifier: BSD-3-Clause
#include "filters/local_transform.hpp"

#include "core/error.hpp"
#include "linalg/products.hpp"
#include "linalg/simd.hpp"

#include <algorithm>
#include <cmath>

namespace starling::filters {
namespace {

std::size_t padded(Index n) { return static_cast<std::size_t>(linalg::round_up(n)); }

Real dot(const Real* a, const Real* b, Index n) {
  linalg::Vector products{};
  Index i = 0;
  for (; i + linalg::vector_width <= n; i += linalg::vector_width)
    products += linalg::load(a + i) * linalg::load(b + i);
  Real total = linalg::sum(products);
  for (; i < n; ++i) total += a[i] * b[i];
  return total;
}

}  // namespace

void LocalTransform::weights(linalg::Matrix& out, Real* anomalies) {
  const Index n = out.columns();
  for (Index k = 0; k < n; ++k) {
    std::fill_n(out.row(k), n, 0.0);
    std::fill_n(anomalies, linalg::round_up(n), 0.0);
    anomalies[k] = 1;
    apply(out.row(k), anomalies);
  }
}

KalmanTransform::KalmanTransform(Index members, Space space)
    : members_(members),
      dimension_(space == Space::members ? members : members - 1),
      root_(1),
      product_(1, 1),
      transposed_(members, 1),
      shift_(padded(members)),
      image_(padded(members)),
      rotated_(padded(members)) {}

void KalmanTransform::reserve(Index observations) {
  const Index size = std::min(observations, members_);
  if (size <= product_.rows()) return;
  root_ = linalg::InverseRoot(size);
  product_ = linalg::Matrix(size, size);
  transposed_ = linalg::Matrix(members_, size);
}

// The reflection that takes the direction of the mean to the last axis; the others are a basis of
// the anomalies, and rows of them start where vectors do.
void KalmanTransform::to_errors(Real* x) const {
  if (dimension_ == members_) return;
  const Real n = static_cast<Real>(members_), r = 1 / std::sqrt(n);
  // v = (r, ..., r, r + 1), 2 / |v|^2 = 1 / (1 + r).
  Real along = x[members_ - 1];
  for (Index m = 0; m < members_; ++m) along += r * x[m];
  along /= 1 + r;
  x[members_ - 1] -= along;
  for (Index m = 0; m < members_; ++m) x[m] -= r * along;
}

void KalmanTransform::prepare(linalg::Matrix& s, Index count) {
  STARLING_ASSERT(std::min(count, members_) <= product_.rows());
  s_ = &s;
  count_ = count;
  const Real scale = 1 / std::sqrt(static_cast<Real>(members_ - 1));
  for (Index i = 0; i < count; ++i) {
    Real* row = s.row(i);
    for (Index m = 0; m <= members_; ++m) row[m] *= scale;
    to_errors(row);
  }
  const Index n = dimension_;
  std::fill(shift_.begin(), shift_.end(), 0.0);
  if (count < n) {
    for (Index i = 0; i < count; ++i)
      for (Index m = 0; m < n; ++m) transposed_(m, i) = s(i, m);
    linalg::gram({product_.row(0), product_.stride()}, {transposed_.row(0), transposed_.stride()},
                 count, n);
    for (Index i = 0; i < count; ++i) shift_[static_cast<std::size_t>(i)] = s(i, members_);
  } else {
    linalg::gram({product_.row(0), product_.stride()}, {s.row(0), s.stride()}, n, count);
    for (Index i = 0; i < count; ++i) {
      const Real innovation = s(i, members_);
      const Real* row = s.row(i);
      for (Index m = 0; m < n; ++m) shift_[static_cast<std::size_t>(m)] += innovation * row[m];
    }
  }
  const Index size = std::min(count, n);
  for (Index i = 0; i < size; ++i)
    for (Index j = i + 1; j < size; ++j) product_(i, j) = product_(j, i);
  root_.prepare(product_, size);
  root_.basis().into_basis(shift_.data());
  root_.solve(shift_.data());
}

void KalmanTransform::apply(Real* x, Real* anomalies) {
  const Index size = root_.size();
  to_errors(anomalies);
  Real* image = image_.data();
  if (count_ < dimension_) {
    std::fill(image_.begin(), image_.end(), 0.0);
    for (Index i = 0; i < count_; ++i) image[i] = dot(s_->row(i), anomalies, dimension_);
    root_.basis().into_basis(image);
    const Real mean = dot(image, shift_.data(), size);
    root_.multiply(rotated_.data(), image);
    std::fill(rotated_.begin() + size, rotated_.end(), 0.0);
    root_.basis().out_of_basis(rotated_.data());
    std::fill_n(anomalies, members_, 0.0);
    for (Index i = 0; i < count_; ++i) {
      const Real* row = s_->row(i);
      const Real q = rotated_[static_cast<std::size_t>(i)];
      for (Index m = 0; m < dimension_; ++m) anomalies[m] += q * row[m];
    }
    to_errors(anomalies);
    for (Index m = 0; m < members_; ++m) x[m] += mean - anomalies[m];
    return;
  }
  std::copy_n(anomalies, size, image);
  std::fill(image_.begin() + size, image_.end(), 0.0);
  root_.basis().into_basis(image);
  const Real mean = dot(image, shift_.data(), size);
  root_.multiply_tridiagonal(rotated_.data(), image);
  root_.multiply(image, rotated_.data());
  root_.basis().out_of_basis(image);
  std::fill_n(anomalies, members_, 0.0);
  std::copy_n(image, size, anomalies);
  to_errors(anomalies);
  for (Index m = 0; m < members_; ++m) x[m] += mean - anomalies[m];
}

Index KalmanTransform::cost(Index count) const {
  const Index n = dimension_, size = std::min(count, n);
  return n * count * (size / 2 + 4) + size * size * size;
}

Real KalmanTransform::bytes() const {
  return 8 * static_cast<Real>((2 * product_.rows() + members_) * product_.stride());
}

NonlinearTransform::NonlinearTransform(Index members)
    : members_(members), root_(members), transform_(members, members), weight_(padded(members)) {}

void NonlinearTransform::prepare(linalg::Matrix& s, Index count) {
  std::fill(weight_.begin(), weight_.end(), 0.0);
  for (Index i = 0; i < count; ++i) {
    const Real* row = s.row(i);
    for (Index m = 0; m < members_; ++m) {
      const Real distance = row[members_] - row[m];
      weight_[static_cast<std::size_t>(m)] -= 0.5 * distance * distance;
    }
  }
  const Real best = *std::max_element(weight_.begin(), weight_.begin() + members_);
  Real sum = 0;
  for (Index m = 0; m < members_; ++m)
    sum += weight_[static_cast<std::size_t>(m)] =
        std::exp(weight_[static_cast<std::size_t>(m)] - best);
  for (Index m = 0; m < members_; ++m) weight_[static_cast<std::size_t>(m)] /= sum;
  root_.compute(transform_, weight_.data());
  const Real scale = std::sqrt(static_cast<Real>(members_));
  for (Index m = 0; m < members_; ++m) {
    Real* row = transform_.row(m);
    for (Index k = 0; k < members_; ++k) row[k] *= scale;
    row[m] -= 1;
  }
}

void NonlinearTransform::apply(Real* x, Real* anomalies) {
  const Real mean = dot(weight_.data(), anomalies, members_);
  for (Index m = 0; m < members_; ++m) x[m] += mean + dot(transform_.row(m), anomalies, members_);
}

Index NonlinearTransform::cost(Index count) const {
  return 5 * members_ * count + 160 * members_ * members_;
}

Real NonlinearTransform::bytes() const {
  return 2 * 8 * static_cast<Real>(members_ * transform_.stride());
}

}  // namespace starling::filters
