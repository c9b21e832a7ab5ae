// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

namespace starling::test_support {

inline Real square(const Complex& z) { return z.real() * z.real() + z.imag() * z.imag(); }

/// The mean of numbers that are drawn independently, against what it must be.
class SampleMean {
 public:
  void add(Real x) {
    ++count_;
    const Real step = x - mean_;
    mean_ += step / count_;
    squares_ += step * (x - mean_);
  }
  Real mean() const { return mean_; }
  /// Of the mean, from the sample.
  Real standard_error() const { return std::sqrt(squares_ / (count_ - 1) / count_); }

  /// Within `errors` standard errors, and those small enough that a factor of 2^(1/2) shows where
  /// the mean is not 0.
  void expect(Real expected, const std::string& what, Real errors = 4.5) const {
    EXPECT_NEAR(mean_, expected, errors * standard_error() + 1e-13 * std::abs(expected)) << what;
    if (expected != 0) {
      EXPECT_LT(errors * standard_error(), 0.29 * std::abs(expected)) << what;
    }
  }

 private:
  Real count_ = 0, mean_ = 0, squares_ = 0;
};

/// Moments of a complex random number.
class ComplexMoments {
 public:
  void add(const Complex& z) {
    const Real square = z.real() * z.real() + z.imag() * z.imag();
    real.add(z.real());
    imaginary.add(z.imag());
    squared.add(square);
    fourth.add(square * square);
    // E z^2 is zero where the phase is uniform.
    twice_real.add(z.real() * z.real() - z.imag() * z.imag());
    twice_imaginary.add(2 * z.real() * z.imag());
  }
  /// E z = E z^2 = 0, E |z|^2 = variance; E |z|^4 = kurtosis variance^2 where kurtosis > 0.
  void expect_uniform_phase(Real variance, Real kurtosis, const std::string& what) const {
    real.expect(0, what + ", real part");
    imaginary.expect(0, what + ", imaginary part");
    twice_real.expect(0, what + ", real part of the square");
    twice_imaginary.expect(0, what + ", imaginary part of the square");
    squared.expect(variance, what + ", variance");
    if (kurtosis > 0) fourth.expect(kurtosis * variance * variance, what + ", fourth moment");
  }

  SampleMean real, imaginary, squared, fourth, twice_real, twice_imaginary;
};

/// The product of a complex number with the conjugate of another one that it does not depend on.
class Correlation {
 public:
  void add(const Complex& a, const Complex& b) {
    const Complex product = a * Kokkos::conj(b);
    real_.add(product.real());
    imaginary_.add(product.imag());
  }
  void expect_none(const std::string& what) const {
    real_.expect(0, what + ", real part of the product");
    imaginary_.expect(0, what + ", imaginary part of the product");
    EXPECT_GT(real_.standard_error(), 0) << what;
  }

 private:
  SampleMean real_, imaginary_;
};

/// Simpson's rule on 2 `half` intervals.
inline Real integral(Real from, Real to, int half, const std::function<Real(Real)>& f) {
  Real sum = f(from) + f(to);
  const Real h = (to - from) / (2 * half);
  for (int i = 1; i < 2 * half; ++i) sum += (i % 2 == 1 ? 4 : 2) * f(from + i * h);
  return sum * h / 3;
}

/// E r and E r^2 of the share r = X_k / (X_1 + X_2 + ...) of one of independent, exponentially
/// distributed X_j of means s_j: 1 / S^n = integral of t^(n - 1) exp(-t S) / (n - 1)! over t > 0.
struct Share {
  Share(const std::vector<Real>& means, Real one) {
    Real sum = 0;
    for (const Real each : means) sum += each;
    const auto density = [&](Real t) {
      Real log = 0;
      for (const Real each : means) log += std::log1p(t * each);
      return std::exp(-log);
    };
    const auto first = [&](Real t) { return one / (1 + t * one) * density(t); };
    const auto second = [&](Real t) {
      return 2 * t * one * one / ((1 + t * one) * (1 + t * one)) * density(t);
    };
    mean = integral(0, 100 / sum, 150, first);
    square = integral(0, 100 / sum, 150, second);
  }
  Real mean, square;
};

}  // namespace starling::test_support
