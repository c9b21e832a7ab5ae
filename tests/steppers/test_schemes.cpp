// SPDX-License-Identifier: BSD-3-Clause
#include "steppers/stepper.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace starling;
using namespace starling::steppers;

// du/dt = l u + forcing: N does not depend on u, so exponential schemes are exact.
class Relaxation final : public Semilinear {
 public:
  explicit Relaxation(std::complex<Real> l) : l_(l) {}
  Index width() const override { return 2; }
  std::vector<std::complex<Real>> linear() const override { return {l_}; }
  void nonlinear(Rows out, ConstRows u, Real) override {
    for (Index r = 0; r < rows_of(u); ++r) {
      out(r, 0) = 1;
      out(r, 1) = -0.5;
    }
  }
  std::complex<Real> exact(std::complex<Real> u, Real t) const {
    return std::exp(l_ * t) * u + (std::exp(l_ * t) - 1.0) / l_ * std::complex<Real>(1, -0.5);
  }

 private:
  std::complex<Real> l_;
};

TEST(Schemes, ExponentialOnesAreExactForConstantForcing) {
  for (const std::complex<Real> l : {std::complex<Real>(-40), std::complex<Real>(-1, 7)}) {
    Relaxation system(l);
    for (const Scheme& scheme : builtin()) {
      if (scheme.name.substr(0, 3) != "etd") continue;
      const auto stepper = scheme.make(system, 0.3);
      Array<Real**> u("u", 1, 2), history("history", 1, 0);
      u(0, 0) = 0.7;
      u(0, 1) = 0.2;
      stepper->step(u, history, 0, 0);
      const auto exact = system.exact({0.7, 0.2}, 0.3);
      EXPECT_NEAR(u(0, 0), exact.real(), 1e-14) << scheme.name;
      EXPECT_NEAR(u(0, 1), exact.imag(), 1e-14) << scheme.name;
    }
  }
}

TEST(Schemes, EachNamesItsOrderAndReference) {
  Relaxation system(-1);
  for (const Scheme& scheme : builtin()) {
    EXPECT_EQ(scheme.make(system, 0.1)->order(), scheme.order);
    EXPECT_FALSE(scheme.reference.empty());
    EXPECT_GT(scheme.make(system, 0.1)->tile(), 0);
  }
}

}  // namespace
