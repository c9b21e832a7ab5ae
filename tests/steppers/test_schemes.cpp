// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "steppers/stepper.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

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

// du/dt = l u + u^2 for each coefficient, with a filter.
class Filtered final : public Semilinear {
 public:
  Filtered(std::vector<std::complex<Real>> l, std::vector<Real> factors)
      : l_(std::move(l)), factors_(std::move(factors)) {}
  Index width() const override { return 4; }
  std::vector<std::complex<Real>> linear() const override { return l_; }
  std::vector<Real> filter() const override { return factors_; }
  void nonlinear(Rows out, ConstRows u, Real) override {
    for (Index r = 0; r < rows_of(u); ++r)
      for (Index j = 0; j < 4; ++j) out(r, j) = u(r, j) * u(r, j);
  }

 private:
  std::vector<std::complex<Real>> l_;
  std::vector<Real> factors_;
};

const std::vector<Real> start = {0.3, -0.2, 0.9, 0.5};

std::vector<Real> run(Semilinear& system, const Scheme& scheme, Index steps,
                      const std::string& keys = "") {
  const auto stepper = scheme.make(system, 0.1, keys);
  std::vector<Real> u = start;
  // What is not known yet is not read.
  std::vector<Real> past(static_cast<std::size_t>(4 * stepper->history()), std::nan(""));
  for (Index age = 0; age < steps; ++age)
    stepper->step(make_rows(u.data(), 1, 4), make_rows(past.data(), 1, 4 * stepper->history()), age,
                  0.1 * static_cast<Real>(age));
  return u;
}

const Scheme& scheme(const std::string& name) {
  for (const Scheme& each : builtin())
    if (each.name == name) return each;
  throw std::runtime_error(name);
}

// From one state a step with a filter ends at the factors times what a step without ends at.
TEST(Schemes, TheFilterMultipliesTheState) {
  using Symbol = std::vector<std::complex<Real>>;
  const std::vector<Real> each = {1, 0.5, 0.25, 0}, pairs = {0.5, 0.25};
  for (const Symbol& l : {Symbol{}, Symbol{-1, -2, -3, -4}, Symbol{{-1, 2}, {-3, 4}}}) {
    const bool complex = l.size() == 2;
    Filtered with(l, complex ? pairs : each), without(l, {});
    for (const Scheme& scheme : builtin()) {
      const std::vector<Real> a = run(with, scheme, 1), b = run(without, scheme, 1);
      for (std::size_t j = 0; j < 4; ++j)
        EXPECT_EQ(a[j], (complex ? pairs[j / 2] : each[j]) * b[j]) << scheme.name;
    }
  }
}

// The recursion of pyqg (kernel.pyx, __forward_timestep): Euler, Adams-Bashforth 2, then 3, each
// multiplied by the filter.
TEST(Schemes, Ab3StartedByEulerIsThatOfPyqg) {
  const std::vector<Real> factors = {1, 0.9, 0.8, 0.5};
  Filtered system({}, factors);
  const std::vector<Real> end = run(system, scheme("ab3"), 7, "start = \"euler\"");
  for (std::size_t j = 0; j < 4; ++j) {
    Real u = start[j], n1 = 0, n2 = 0;
    for (int step = 0; step < 7; ++step) {
      const Real n = u * u;
      if (step == 0)
        u = factors[j] * (u + 0.1 * n);
      else if (step == 1)
        u = factors[j] * (u + 0.1 * (1.5 * n - 0.5 * n1));
      else
        u = factors[j] * (u + 0.1 * (23 * n - 16 * n1 + 5 * n2) / 12);
      n2 = n1;
      n1 = n;
    }
    EXPECT_NEAR(end[j], u, 1e-15);
  }
}

// The two-level recursion of asselin1972, eqs. 1-2, with L backward as in the two-layer model of
// rmojgani/MEDIDA_QG.
TEST(Schemes, LeapfrogIsThatOfRobertAndAsselin) {
  const std::vector<std::complex<Real>> l = {-1, -2, -3, -4};
  Filtered system(l, {});
  const std::vector<Real> end = run(system, scheme("leapfrog"), 9);
  for (std::size_t j = 0; j < 4; ++j) {
    const Real damping = -l[j].real();
    Real before = start[j], now = (before + 0.1 * before * before) / (1 + 0.1 * damping);
    for (int step = 1; step < 9; ++step) {
      const Real next = (before + 0.2 * now * now) / (1 + 0.2 * damping);
      before = now + 0.04 * (before - 2 * now + next);
      now = next;
    }
    EXPECT_NEAR(end[j], now, 1e-15);
  }
}

// shu1988, eq. 2.18.
TEST(Schemes, SsprkIsAConvexCombinationOfEulerSteps) {
  Filtered system({}, {});
  const std::vector<Real> end = run(system, scheme("ssprk3"), 1);
  const auto euler = [](Real u) { return u + 0.1 * u * u; };
  for (std::size_t j = 0; j < 4; ++j) {
    const Real u = start[j], first = euler(u), second = 0.75 * u + 0.25 * euler(first);
    EXPECT_NEAR(end[j], u / 3 + 2.0 / 3 * euler(second), 1e-15);
  }
}

// What ascher1997 says of their schemes: L-stable, and the orders of both halves together. For
// linear L and N of one number the step is a function of both, which has the series of the
// exponential of their sum.
TEST(Schemes, ImplicitExplicitOnesAreLStableAndOfTheirOrder) {
  class Linear final : public Semilinear {
   public:
    Linear(Real l, Real n) : l_(l), n_(n) {}
    Index width() const override { return 1; }
    std::vector<std::complex<Real>> linear() const override { return {l_}; }
    void nonlinear(Rows out, ConstRows u, Real) override {
      for (Index r = 0; r < rows_of(u); ++r) out(r, 0) = n_ * u(r, 0);
    }

   private:
    Real l_, n_;
  };
  const auto step = [](const std::string& name, Real l, Real n) {
    Linear system(l, n);
    Real u = 1;
    scheme(name).make(system, 1)->step(make_rows(&u, 1, 1), Rows(), 0, 0);
    return u;
  };
  for (const auto& [name, order] : {std::pair{"ars222", 2}, std::pair{"ars443", 3}}) {
    EXPECT_LT(std::abs(step(name, -1e9, 0)), 1e-8) << name;
    for (const auto& [l, n] :
         {std::pair{-1.0, 0.0}, std::pair{0.0, 1.0}, std::pair{-1.0, 0.7}, std::pair{0.4, -1.0}}) {
      const auto error = [&](Real dt) {
        return std::abs(step(name, l * dt, n * dt) - std::exp((l + n) * dt));
      };
      EXPECT_NEAR(std::log2(error(0.04) / error(0.02)), order + 1, 0.15) << name;
    }
  }
}

TEST(Schemes, KeysAreChecked) {
  Filtered system({}, {});
  EXPECT_THROW(scheme("leapfrog").make(system, 0.1, "robert_coefficient = -1.0"), InputError);
  EXPECT_THROW(scheme("ab3").make(system, 0.1, "start = \"none\""), InputError);
  EXPECT_THROW(scheme("rk4").make(system, 0.1, "start = \"euler\""), InputError);
  EXPECT_EQ(scheme("ab3").make(system, 0.1, "start = \"euler\"")->order(), 2);
  EXPECT_EQ(scheme("leapfrog").make(system, 0.1, "robert_coefficient = 0.0")->order(), 2);
}

}  // namespace
