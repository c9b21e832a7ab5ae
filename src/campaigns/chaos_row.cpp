// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/chaos_row.hpp"

#include "core/error.hpp"
#include "ensemble/ensemble.hpp"
#include "spectral/real_transform.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace starling::campaigns {
namespace {

constexpr Index samples = 1024;

struct TimeScales {
  Real period, integral;
};

// Of a series of equal steps: where its power spectrum is largest, and the integral of its
// autocorrelation to the first zero.
TimeScales time_scales(std::vector<Real> series, Real step) {
  const auto n = static_cast<Index>(series.size());
  const Real mean = std::accumulate(series.begin(), series.end(), 0.0) / static_cast<Real>(n);
  for (Real& value : series) value -= mean;
  const spectral::RealTransform transform(Domain(n, 0, step, true));
  std::vector<Complex> spectrum(static_cast<std::size_t>(transform.coefficients()));
  transform.to_coefficients(spectrum.data(), series.data());
  Index strongest = 1;
  const auto power = [&](Index m) {
    const Complex c = spectrum[static_cast<std::size_t>(m)];
    return c.real() * c.real() + c.imag() * c.imag();
  };
  for (Index m = 1; m < n / 2; ++m)
    if (power(m) > power(strongest)) strongest = m;
  Real variance = 0, integral = 0;
  for (const Real value : series) variance += value * value / static_cast<Real>(n);
  for (Index lag = 0; lag < n / 2; ++lag) {
    Real sum = 0;
    for (Index i = 0; i + lag < n; ++i)
      sum += series[static_cast<std::size_t>(i)] * series[static_cast<std::size_t>(i + lag)];
    const Real correlation = sum / static_cast<Real>(n - lag) / variance;
    if (!(correlation > 0)) break;
    integral += (lag == 0 ? 0.5 : 1) * correlation * step;
  }
  return {step * static_cast<Real>(n) / static_cast<Real>(strongest), integral};
}

}  // namespace

Real chaos_steps(const RowSystems& systems, const diagnostics::LyapunovSettings& settings) {
  const Index intervals = settings.transient_intervals + settings.intervals;
  const Index each = systems.levels.front().model->members_per_state();
  const Index states = (1 + 2 * settings.exponents + each - 1) / each;
  return static_cast<Real>(states * intervals * settings.interval_steps +
                           samples * settings.interval_steps +
                           steps_of(systems, systems.levels.front()).spin_up);
}

std::string chaos_of(const datasets::Row& row, RowSystems& systems,
                     const diagnostics::LyapunovSettings& settings,
                     const std::function<void(Real share)>& progress) {
  LevelSystem& level = systems.levels.front();
  const ProcessGrid alone(MPI_COMM_SELF);
  ensemble::Ensemble member(alone, *level.forecast, 1);
  level.model->draw(member.members().data(), row.first);
  member.update_states();
  Index step = steps_of(systems, level).spin_up;
  const auto run = [&](Index first, Index count) {
    if (member.advance(first, count))
      throw NumericalError("the run whose Lyapunov exponents are wanted blew up");
  };
  run(0, step);
  member.update_members();
  const auto spectrum = diagnostics::lyapunov_spectrum(
      *level.forecast, ConstRows(member.members()), settings,
      [&](Index done, Index all, std::span<const Real>) {
        progress(0.9 * static_cast<Real>(done) / static_cast<Real>(all));
      });

  std::vector<Real> series;
  for (Index i = 0; i < samples; ++i) {
    run(step, settings.interval_steps);
    step += settings.interval_steps;
    member.update_members();
    series.push_back(member.members()(0, 0));
  }
  const Real dt = level.forecast->dt();
  const TimeScales scales =
      time_scales(std::move(series), dt * static_cast<Real>(settings.interval_steps));
  const Real largest = spectrum.exponents.front();
  Real entropy = 0;
  for (const Real exponent : spectrum.exponents) entropy += std::max<Real>(0, exponent);

  nlohmann::ordered_json parameters = nlohmann::ordered_json::object();
  for (const auto& [name, value] : level.parameters) parameters[name] = value;
  for (const auto& [name, value] : row.parameters) parameters[name] = value;
  const auto number = [](Real value) {
    return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
  };
  nlohmann::ordered_json card = {
      {"bifurcation_parameter", nullptr},
      {"citation", systems.reference},
      {"correlation_dimension", nullptr},
      {"delay", false},
      {"description", systems.title},
      {"dt", dt},
      {"embedding_dimension", level.model->domain().values()},
      {"hamiltonian", false},
      {"kaplan_yorke_dimension", number(spectrum.kaplan_yorke)},
      {"lyapunov_spectrum_estimated", spectrum.exponents},
      {"maximum_lyapunov_estimated", largest},
      {"multiscale_entropy", nullptr},
      {"nonautonomous", false},
      {"parameters", parameters},
      {"period", number(scales.period)},
      {"pesin_entropy", entropy},
      {"lyapunov_standard_errors", spectrum.standard_errors},
      {"lyapunov_time", number(largest > 0 ? 1 / largest : std::nan(""))},
      {"doubling_time", number(largest > 0 ? std::log(2.0) / largest : std::nan(""))},
      {"integral_time_scale", number(scales.integral)},
  };
  return card.dump();
}

}  // namespace starling::campaigns
