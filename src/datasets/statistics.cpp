// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace starling::datasets {
namespace {

// Two passes over numbers that stay in cache.
template <class Number>
Moments moments(Index count, const Number& number) {
  Moments all;
  all.count = static_cast<Real>(count);
  Real sum = 0;
  for (Index i = 0; i < count; ++i) {
    const Real x = number(i);
    sum += x;
    all.least = std::min(all.least, x);
    all.largest = std::max(all.largest, x);
  }
  all.mean = count > 0 ? sum / all.count : 0;
  for (Index i = 0; i < count; ++i) {
    const Real deviation = number(i) - all.mean;
    all.squares += deviation * deviation;
  }
  return all;
}

}  // namespace

void Moments::merge(const Moments& other) {
  if (other.count == 0) return;
  const Real total = count + other.count, shift = other.mean - mean;
  mean += shift * other.count / total;
  squares += other.squares + shift * shift * count * other.count / total;
  count = total;
  least = std::min(least, other.least);
  largest = std::max(largest, other.largest);
}

Real Moments::rms() const { return std::sqrt(variance() + mean * mean); }

Moments moments_of(const float* numbers, Index count, Index stride) {
  return moments(count, [=](Index i) { return static_cast<Real>(numbers[i * stride]); });
}

Moments moments_of_difference(const float* numbers, const float* earlier, Index count,
                              Index stride) {
  return moments(count, [=](Index i) {
    return static_cast<Real>(numbers[i * stride]) - static_cast<Real>(earlier[i * stride]);
  });
}

}  // namespace starling::datasets
