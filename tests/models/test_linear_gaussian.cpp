// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "models/integrator.hpp"
#include "models/linear_gaussian.hpp"
#include "steppers/stepper.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace {

using namespace starling;
using models::LinearGaussian;

std::unique_ptr<models::Model> make(const std::string& keys) {
  Config config = Config::parse("[model]\n" + keys, "in.toml");
  const models::ModelEntry entry = LinearGaussian::entry();
  return entry.make(config.section("model", entry.schema), MPI_COMM_SELF);
}

std::vector<Real> advanced(models::Model& model, std::vector<Real> state, Real dt, Index steps) {
  for (const steppers::Scheme& scheme : steppers::builtin()) {
    if (scheme.name != "rk4") continue;
    models::Integrator forecast(model, scheme.make(model, dt));
    Array<Real**> history("history", 1, static_cast<std::size_t>(forecast.history_width()));
    const auto n = static_cast<Index>(state.size());
    EXPECT_FALSE(forecast.advance(make_rows(state.data(), 1, n), history, 0, 0, steps).has_value());
  }
  return state;
}

TEST(LinearGaussian, OscillatorKeepsToItsSolution) {
  const auto model = make("family = \"oscillator\"\nfrequency = 2.0\nrate = 0.0\n");
  // q = cos 2t; the fourth-order error is (2 dt)^4 * 2t / 120.
  const std::vector<Real> end = advanced(*model, {1, 0}, 0.01, 100);
  EXPECT_NEAR(end[0], std::cos(2.0), 1e-8);
  EXPECT_NEAR(end[1], -2 * std::sin(2.0), 1e-8);
}

TEST(LinearGaussian, RungeKuttaIsTheTaylorPolynomialOfTheMatrix) {
  const auto model =
      make("family = \"matrix\"\nmatrix = [0.1, -1.5, 0.3, 0.0, -0.4, 2.0, 0.7, 0.2, -0.9]\n");
  const auto& a = dynamic_cast<const LinearGaussian&>(*model).matrix();
  const std::vector<Real> start = {1.0, -2.0, 0.5};
  const Real dt = 0.1;
  std::vector<Real> expected = start, term = start;
  for (int power = 1; power <= 4; ++power) {
    std::vector<Real> next(3);
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j) next[i] += dt / power * a[3 * i + j] * term[j];
    term = next;
    for (std::size_t i = 0; i < 3; ++i) expected[i] += term[i];
  }
  const std::vector<Real> end = advanced(*model, start, dt, 1);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(end[i], expected[i], 1e-15);
}

TEST(LinearGaussian, AdvectionMovesAWaveAtItsSpeedAndDampsIt) {
  const auto model = make("family = \"advection\"\nvariables = 8\nspeed = 1.5\nrate = 0.25\n");
  std::vector<Real> wave(8), rate(8);
  const Real k = 2 * std::acos(-1.0) / 8;
  for (std::size_t i = 0; i < 8; ++i) wave[i] = std::cos(k * static_cast<Real>(i));
  model->nonlinear(make_rows(rate.data(), 1, 8), make_rows(wave.data(), 1, 8), 0);
  // Centred differences of cos(k i) are -sin(k) sin(k i).
  for (std::size_t i = 0; i < 8; ++i)
    EXPECT_NEAR(rate[i], 1.5 * std::sin(k) * std::sin(k * static_cast<Real>(i)) - 0.25 * wave[i],
                1e-15);
}

TEST(LinearGaussian, SaysWhatAFamilyNeeds) {
  EXPECT_THROW(make("family = \"ar1\"\n"), InputError);
  EXPECT_THROW(make("family = \"matrix\"\n"), InputError);
  EXPECT_THROW(make("family = \"matrix\"\nmatrix = [1.0, 2.0]\n"), InputError);
  EXPECT_THROW(make("family = \"advection\"\nspeed = 1.0\nrate = 0.0\nvariables = 2\n"),
               InputError);
}

}  // namespace
