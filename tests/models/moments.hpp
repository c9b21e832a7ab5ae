// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace starling::test_support {

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

}  // namespace starling::test_support
