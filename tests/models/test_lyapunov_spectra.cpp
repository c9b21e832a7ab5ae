// SPDX-License-Identifier: BSD-3-Clause
// Published Lyapunov spectra of registered models.
#include "diagnostics/lyapunov.hpp"
#include "models/integrator.hpp"
#include "models/lorenz63.hpp"
#include "models/semilinear1d.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace {

using namespace starling;

diagnostics::LyapunovSpectrum spectrum_of(models::Model& model, const std::string& scheme, Real dt,
                                          const diagnostics::LyapunovSettings& settings,
                                          Index spin_up_steps) {
  for (const auto& each : steppers::builtin()) {
    if (each.name != scheme) continue;
    models::Integrator forecast(model, each.make(model, dt));
    const auto copies = static_cast<std::size_t>(model.members_per_state());
    const auto dofs = static_cast<std::size_t>(model.dofs());
    Array<Real**> members("members", copies, dofs);
    Array<Real**> state("state", 1, static_cast<std::size_t>(model.width())),
        history("history", 1, 0);
    for (std::size_t m = 0; m < copies; ++m) model.reference(members.data() + m * dofs);
    model.to_states(state, members);
    EXPECT_FALSE(forecast.advance(state, history, 0, 0, spin_up_steps).has_value());
    model.to_physical(members, state);
    return diagnostics::lyapunov_spectrum(forecast, row_range(ConstRows(members), 0, 1), settings);
  }
  return {};
}

// lambda_1 = 0.9056, lambda_3 = -14.5723 (sprott2003, section 4.2); their sum is the divergence
// -(sigma + 1 + beta) exactly.
TEST(Lyapunov, Lorenz63) {
  models::Lorenz63 model(10, 28, 8.0 / 3);
  const auto spectrum = spectrum_of(
      model, "rk4", 0.005,
      {.exponents = 3, .interval_steps = 20, .transient_intervals = 200, .intervals = 30000}, 4000);
  EXPECT_NEAR(spectrum.exponents[0], 0.906, 0.01);
  EXPECT_NEAR(spectrum.exponents[1], 0, 0.005);
  EXPECT_NEAR(spectrum.exponents[0] + spectrum.exponents[1] + spectrum.exponents[2],
              -(10 + 1 + 8.0 / 3), 1e-3);
  EXPECT_NEAR(spectrum.kaplan_yorke, 2.062, 0.003);
}

// Kuramoto-Sivashinsky on L = 22, zero-mean subspace (cvitanovic2010; independent runs of T = 2e5
// give 0.0477(5), 0, 0, -0.0028(5), -0.1877(7)). T = 3e5 here: standard errors are a fifth of the
// bounds.
TEST(Lyapunov, KuramotoSivashinskyL22) {
  models::Semilinear1d model(spectral::Grid(64, 22), {{1, 1, 1.0}, {0, 2, 1.0}, {0, 4, 1.0}},
                             spectral::Dealiasing::truncation, spectral::Planning::estimate,
                             [](Real x) {
                               return std::cos(2 * std::numbers::pi * x / 22) *
                                      (1 + std::sin(4 * std::numbers::pi * x / 22));
                             });
  const auto spectrum = spectrum_of(model, "etdrk4", 0.1,
                                    {.exponents = 5,
                                     .interval_steps = 20,
                                     .transient_intervals = 500,
                                     .intervals = 150000,
                                     .zero_mean = true},
                                    5000);
  for (std::size_t i = 0; i < spectrum.exponents.size(); ++i)
    std::printf("lambda_%zu = %.5f +- %.5f\n", i + 1, spectrum.exponents[i],
                spectrum.standard_errors[i]);
  EXPECT_NEAR(spectrum.exponents[0], 0.048, 0.003);
  EXPECT_NEAR(spectrum.exponents[1], 0, 0.002);
  EXPECT_NEAR(spectrum.exponents[2], 0, 0.002);
  EXPECT_NEAR(spectrum.exponents[3], -0.003, 0.002);
  EXPECT_NEAR(spectrum.exponents[4], -0.188, 0.003);
  EXPECT_NEAR(spectrum.kaplan_yorke, 4.24, 0.1);
}

}  // namespace
