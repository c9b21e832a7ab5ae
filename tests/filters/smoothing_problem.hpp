// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/process_grid.hpp"
#include "core/random.hpp"
#include "filters/additive_smoother.hpp"
#include "filters/backward_sampling.hpp"
#include "filters/bootstrap.hpp"
#include "support/scalar_smoother.hpp"

#include <cmath>
#include <vector>

/// Smoothing of x_{k+1} = a x_k + q eta, y_k = x_k + r eps, x_0 ~ N(0, 1), observed at k = 1 ... T.
namespace starling::test_support {

inline constexpr Real a = 0.9, q = 0.5, r = 0.7;

inline std::vector<Real> observations(Index count) {
  const Stream noise(99, Purpose::truth_perturbation, 0, 0);
  std::vector<Real> y;
  Real x = noise.normal(0);
  for (Index k = 0; k < count; ++k) {
    const auto i = static_cast<std::uint64_t>(k);
    x = a * x + q * noise.normal(2 * i + 1);
    y.push_back(x + r * noise.normal(2 * i + 2));
  }
  return y;
}

inline Marginals exact(const std::vector<Real>& y) { return exact_smoother(y, a, q, r); }

struct Smoothed {
  Real sum = 0, squares = 0;  ///< expectations of the sums of x_k and x_k^2 over k = 1 ... T
};

/// Runs a bootstrap filter of `count` particles over y with a smoother beside it; `sampling` may be
/// null, and otherwise has room for y.size() generations; `history` gets the estimates of all
/// times.
inline Smoothed smooth(const filters::ParticleContext& context, filters::AdditiveSmoother& smoother,
                       const std::vector<Real>& y, filters::BackwardSampling* sampling = nullptr,
                       std::vector<Smoothed>* history = nullptr) {
  const Index own = context.owned.size();
  const auto size = static_cast<std::size_t>(own);
  // By independent draws at every analysis, as the theory of these smoothers has it (olsson2017).
  filters::Selection::Options options;
  options.resampling = filters::Resampler::multinomial;
  options.threshold = 1;
  filters::Bootstrap filter(context, options);
  filters::ParticleWeights weights(context.comm, context.owned);
  std::vector<Real> x(size), forecast(size);
  std::vector<Real> log_weights(size, -std::log(static_cast<Real>(context.particles)));
  std::vector<std::int64_t> parents(size);
  const auto rows = [&](std::vector<Real>& v) { return make_rows(v.data(), own, 1); };
  const auto number = [&](std::size_t i) {
    return static_cast<std::uint64_t>(context.owned.begin) + i;
  };
  for (std::size_t i = 0; i < size; ++i)
    x[i] = Stream(context.seed, Purpose::initial_perturbation, number(i), 0).normal(0);
  Smoothed result;
  for (std::size_t k = 0; k < y.size(); ++k) {
    for (std::size_t i = 0; i < size; ++i) {
      forecast[i] = a * x[i];
      x[i] = forecast[i] + q * Stream(context.seed, Purpose::model_error, number(i), k).normal(0);
    }
    if (sampling != nullptr && k > 0) sampling->set_forecasts(rows(forecast));
    smoother.advance(rows(x), rows(forecast), log_weights.data(), static_cast<Index>(k));
    const Real variance = r * r;
    const filters::ParticleAnalysis analysis{.particles = rows(x),
                                             .log_weights = log_weights.data(),
                                             .observed = rows(x),
                                             .value = &y[k],
                                             .variance = &variance,
                                             .cycle = static_cast<Index>(k),
                                             .parents = parents.data()};
    filters::Report report = filter.weigh(analysis);
    Real sums[2];
    smoother.estimate(sums, weights.linear(log_weights.data()),
                      weights.effective_size(log_weights.data()));
    result = {sums[0], sums[1]};
    if (history != nullptr) history->push_back(result);
    filter.resample(analysis, report);
    smoother.resample(parents.data());
    if (sampling != nullptr) sampling->keep(rows(x), log_weights.data());
  }
  return result;
}

inline filters::ParticleContext context_of(const ProcessGrid& processes, Index particles,
                                           std::uint64_t seed) {
  return {.comm = processes.members(),
          .particles = particles,
          .owned = processes.members_of(particles, processes.group()),
          .dofs = 1,
          .observations = 1,
          .seed = seed};
}

}  // namespace starling::test_support
