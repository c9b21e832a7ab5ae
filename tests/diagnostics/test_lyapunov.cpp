// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "diagnostics/lyapunov.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>
#include <utility>
#include <vector>

namespace starling::diagnostics {
namespace {

using Vector = std::vector<Real>;

// A map applied to each member; with two members a state, their values alternate in it.
class MapForecast : public ensemble::Forecast {
 public:
  MapForecast(Index dofs, Real dt, std::function<void(Vector&)> map, Index members_per_state = 1)
      : dofs_(dofs),
        dt_(dt),
        per_state_(members_per_state),
        map_(std::move(map)),
        member_(static_cast<std::size_t>(dofs)) {}

  Index dofs() const override { return dofs_; }
  Index width() const override { return dofs_ * per_state_; }
  Index members_per_state() const override { return per_state_; }
  Index history() const override { return 0; }
  Real dt() const override { return dt_; }

  std::optional<ensemble::Failure> advance(Rows states, Rows, Index age, Index first_step,
                                           Index count, Index) override {
    EXPECT_EQ(age, 0);
    for (Index step = first_step; step < first_step + count; ++step)
      for (Index s = 0; s < rows_of(states); ++s)
        for (Index p = 0; p < per_state_; ++p) {
          for (Index d = 0; d < dofs_; ++d) at(d) = states(s, d * per_state_ + p);
          map_(member_);
          for (Index d = 0; d < dofs_; ++d) {
            states(s, d * per_state_ + p) = at(d);
            if (!std::isfinite(at(d))) return ensemble::Failure{s, step};
          }
        }
    return std::nullopt;
  }

  void to_physical(Rows members, ConstRows states) override {
    for (Index m = 0; m < rows_of(members); ++m)
      for (Index d = 0; d < dofs_; ++d)
        members(m, d) = states(m / per_state_, d * per_state_ + m % per_state_);
  }
  void to_states(Rows states, ConstRows members) override {
    for (Index m = 0; m < rows_of(members); ++m)
      for (Index d = 0; d < dofs_; ++d)
        states(m / per_state_, d * per_state_ + m % per_state_) = members(m, d);
  }

 private:
  Real& at(Index d) { return member_[static_cast<std::size_t>(d)]; }

  Index dofs_;
  Real dt_;
  Index per_state_;
  std::function<void(Vector&)> map_;
  Vector member_;
};

constexpr Real sigma = 10, rho = 28, beta = 8.0 / 3;

void lorenz63_step(Vector& u, Real dt) {
  const auto rate = [](const Real* v, Real* out) {
    out[0] = sigma * (v[1] - v[0]);
    out[1] = v[0] * (rho - v[2]) - v[1];
    out[2] = v[0] * v[1] - beta * v[2];
  };
  Real k1[3], k2[3], k3[3], k4[3], v[3];
  rate(u.data(), k1);
  for (std::size_t i = 0; i < 3; ++i) v[i] = u[i] + dt / 2 * k1[i];
  rate(v, k2);
  for (std::size_t i = 0; i < 3; ++i) v[i] = u[i] + dt / 2 * k2[i];
  rate(v, k3);
  for (std::size_t i = 0; i < 3; ++i) v[i] = u[i] + dt * k3[i];
  rate(v, k4);
  for (std::size_t i = 0; i < 3; ++i) u[i] += dt / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
}

MapForecast lorenz63(Real dt, Index members_per_state = 1) {
  return {3, dt, [dt](Vector& u) { lorenz63_step(u, dt); }, members_per_state};
}

const Vector on_attractor = {1.509, -1.531, 25.46};

ConstRows one_row(const Vector& u) { return make_rows(u.data(), 1, static_cast<Index>(u.size())); }

// (0.906, 0, -14.572) and 2.062: sprott2003; the sum is the divergence of the flow.
TEST(Lyapunov, SpectrumOfLorenz63) {
  MapForecast model = lorenz63(0.005);
  LyapunovSettings settings;
  settings.exponents = 3;
  settings.interval_steps = 20;
  settings.transient_intervals = 200;
  settings.intervals = 80000;
  const LyapunovSpectrum spectrum = lyapunov_spectrum(model, one_row(on_attractor), settings);
  EXPECT_NEAR(spectrum.exponents[0], 0.906, 0.01);
  EXPECT_NEAR(spectrum.exponents[1], 0, 0.002);
  EXPECT_NEAR(spectrum.exponents[2], -14.572, 0.01);
  EXPECT_NEAR(spectrum.kaplan_yorke, 2.062, 0.001);
  EXPECT_NEAR(std::accumulate(spectrum.exponents.begin(), spectrum.exponents.end(), 0.0),
              -(sigma + 1 + beta), 1e-4);
  // The error it states is the error it makes.
  EXPECT_LT(std::abs(spectrum.exponents[0] - 0.9056), 4 * spectrum.standard_errors[0]);
  EXPECT_LT(std::abs(spectrum.exponents[1]), 4 * spectrum.standard_errors[1]);
  EXPECT_LT(spectrum.standard_errors[0], 0.006);
  EXPECT_GT(spectrum.standard_errors[0], 0.0004);
}

TEST(Lyapunov, ReportsItsConvergence) {
  MapForecast model = lorenz63(0.01);
  LyapunovSettings settings;
  settings.exponents = 2;
  settings.interval_steps = 10;
  settings.transient_intervals = 5;
  settings.intervals = 450;
  Index calls = 0;
  Vector last;
  const LyapunovSpectrum spectrum =
      lyapunov_spectrum(model, one_row(on_attractor), settings,
                        [&](Index done, Index all, std::span<const Real> estimates) {
                          EXPECT_EQ(done, ++calls);
                          EXPECT_EQ(all, 455);
                          EXPECT_EQ(estimates.size(), done <= 5 ? 0U : 2U);
                          last.assign(estimates.begin(), estimates.end());
                        });
  EXPECT_EQ(calls, 455);
  EXPECT_EQ(last, spectrum.exponents);
  EXPECT_EQ(spectrum.history.size(), 2 * spectrum.history_times.size());
  EXPECT_NEAR(spectrum.history_times.back(), 45, 1e-12);
  EXPECT_EQ(Vector(spectrum.history.end() - 2, spectrum.history.end()), spectrum.exponents);
}

TEST(Lyapunov, IsTheSameWithTwoMembersAState) {
  LyapunovSettings settings;
  settings.interval_steps = 10;
  settings.intervals = 100;
  for (const Index exponents : {1, 2, 3}) {
    settings.exponents = exponents;
    MapForecast single = lorenz63(0.01), pairs = lorenz63(0.01, 2);
    EXPECT_EQ(lyapunov_spectrum(single, one_row(on_attractor), settings).exponents,
              lyapunov_spectrum(pairs, one_row(on_attractor), settings).exponents);
  }
}

// x' = A x with A = V diag(0.3, -0.5, -2) V^-1 for a V that is not orthogonal, by its exact
// propagator: the exponents are the eigenvalues.
TEST(Lyapunov, OfALinearSystemAreItsEigenvalues) {
  const Real v[3][3] = {{1, 1, 0}, {0, 1, 1}, {0, 0, 1}};
  const Real inverse[3][3] = {{1, -1, 1}, {0, 1, -1}, {0, 0, 1}};
  const Real eigenvalues[3] = {-0.5, 0.3, -2}, dt = 0.1;
  MapForecast model(3, dt, [&](Vector& x) {
    Real modes[3] = {0, 0, 0};
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j)
        modes[i] += std::exp(eigenvalues[i] * dt) * inverse[i][j] * x[static_cast<std::size_t>(j)];
    for (int i = 0; i < 3; ++i)
      x[static_cast<std::size_t>(i)] = v[i][0] * modes[0] + v[i][1] * modes[1] + v[i][2] * modes[2];
  });
  LyapunovSettings settings;
  settings.exponents = 3;
  settings.interval_steps = 5;
  settings.transient_intervals = 100;
  settings.intervals = 50;
  const LyapunovSpectrum spectrum = lyapunov_spectrum(model, one_row({0, 0, 0}), settings);
  EXPECT_NEAR(spectrum.exponents[0], 0.3, 1e-9);
  EXPECT_NEAR(spectrum.exponents[1], -0.5, 1e-9);
  EXPECT_NEAR(spectrum.exponents[2], -2, 1e-9);
  EXPECT_NEAR(spectrum.kaplan_yorke, 1 + 0.3 / 0.5, 1e-8);
}

// Diffusion on a ring keeps the mean: its zero exponent is gone from the zero-mean subspace.
TEST(Lyapunov, LeavesTheMeanOutOnRequest) {
  constexpr std::size_t n = 8;
  MapForecast model(n, 1, [](Vector& u) {
    Vector old = u;
    for (std::size_t i = 0; i < n; ++i)
      u[i] += 0.1 * (old[(i + 1) % n] - 2 * old[i] + old[(i + n - 1) % n]);
  });
  const auto decay = [](int k) {
    return std::log(1 - 0.2 * (1 - std::cos(2 * std::numbers::pi * k / n)));
  };
  LyapunovSettings settings;
  settings.exponents = 3;
  settings.transient_intervals = 300;
  settings.intervals = 10;
  settings.perturbation = 1e-3;
  const Vector start(n, 0.0);
  const Vector all = lyapunov_spectrum(model, one_row(start), settings).exponents;
  EXPECT_NEAR(all[0], 0, 1e-9);
  EXPECT_NEAR(all[1], decay(1), 1e-9);
  EXPECT_NEAR(all[2], decay(1), 1e-9);
  settings.zero_mean = true;
  const Vector some = lyapunov_spectrum(model, one_row(start), settings).exponents;
  EXPECT_NEAR(some[0], decay(1), 1e-9);
  EXPECT_NEAR(some[1], decay(1), 1e-9);
  EXPECT_NEAR(some[2], decay(2), 1e-9);
  settings.exponents = n;
  EXPECT_THROW(lyapunov_spectrum(model, one_row(start), settings), InputError);
}

TEST(Lyapunov, SaysWhatIsWrong) {
  MapForecast model = lorenz63(0.01);
  LyapunovSettings settings;
  settings.exponents = 4;
  EXPECT_THROW(lyapunov_spectrum(model, one_row(on_attractor), settings), InputError);
  settings.exponents = 1;
  settings.intervals = 0;
  EXPECT_THROW(lyapunov_spectrum(model, one_row(on_attractor), settings), InputError);
  settings.intervals = 10;
  settings.perturbation = 0;
  EXPECT_THROW(lyapunov_spectrum(model, one_row(on_attractor), settings), InputError);
  settings.perturbation = 1e-7;
  // RK4 is unstable there.
  MapForecast coarse = lorenz63(1);
  EXPECT_THROW(lyapunov_spectrum(coarse, one_row(on_attractor), settings), NumericalError);
  // Everything is forgotten in one step.
  MapForecast constant(2, 1, [](Vector& u) { u = {1, 2}; });
  EXPECT_THROW(lyapunov_spectrum(constant, one_row({3, 4}), settings), NumericalError);
}

// The exponents of KS, L = 22: the issue's own table gives 4.24.
TEST(KaplanYorke, InterpolatesWhereTheSumVanishes) {
  const Real nan_free =
      kaplan_yorke_dimension(Vector{0.0477, 0.0002, 0, -0.0028, -0.1877, -0.2561});
  EXPECT_NEAR(nan_free, 4.24, 0.005);
  EXPECT_DOUBLE_EQ(kaplan_yorke_dimension(Vector{1, 0, -4}), 2.25);
  EXPECT_EQ(kaplan_yorke_dimension(Vector{-1, -2}), 0);
  EXPECT_EQ(kaplan_yorke_dimension(Vector{1, -1}), 2);
  EXPECT_TRUE(std::isnan(kaplan_yorke_dimension(Vector{1, -0.5})));
}

}  // namespace
}  // namespace starling::diagnostics
