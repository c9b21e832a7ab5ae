// SPDX-License-Identifier: BSD-3-Clause
#include "filters/auxiliary.hpp"

#include "core/error.hpp"
#include "core/random.hpp"
#include "filters/cholesky.hpp"
#include "filters/likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace starling::filters {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

Index order_of(const ParticleContext& context, const Auxiliary::Options& options) {
  return options.adapted ? context.observations : 0;
}

}  // namespace

Auxiliary::Auxiliary(const ParticleContext& context, const Options& options)
    : context_(context),
      adapted_(options.adapted),
      weights_(context.comm, context.owned),
      selection_(context, options.selection),
      forecasts_(at(context.owned.size() * context.dofs)),
      departures_(at(context.owned.size() * context.observations)),
      slope_(order_of(context, options), context.dofs),
      factor_(slope_.rows(), slope_.rows()),
      precision_(at(context.observations)),
      innovation_(precision_.size()) {}

// Rows are as long as there are observations, so that Selection can move them.
Real* Auxiliary::departure(Index particle) {
  return departures_.data() + particle * static_cast<Index>(innovation_.size());
}

void Auxiliary::prepare(const ParticleAnalysis& analysis, const ModelNoise& noise) {
  const Index n = context_.dofs, p = width_of(analysis.observed);
  innovation_.resize(at(p));
  for (Index j = 0; j < p; ++j) precision_[at(j)] = 1 / std::sqrt(analysis.variance[j]);
  for (Index i = 0; i < context_.owned.size(); ++i)
    for (Index j = 0; j < p; ++j)
      departure(i)[j] =
          (analysis.value[j] - analysis.observed.data()[i * p + j]) * precision_[at(j)];
  variance_ = adapted_ ? noise.variance : 0;
  half_log_determinant_ = 0;
  if (variance_ == 0) return;
  STARLING_ASSERT(rows_of(noise.slope) == p && width_of(noise.slope) == n);
  for (Index j = 0; j < slope_.rows(); ++j)
    for (Index k = 0; k < n; ++k)
      slope_(j, k) = j < p ? precision_[at(j)] * noise.slope.data()[j * n + k] : 0;
  for (Index j = 0; j < factor_.rows(); ++j)
    for (Index k = 0; k <= j; ++k)
      factor_(j, k) =
          (j == k ? 1 : 0) +
          variance_ * std::inner_product(slope_.row(j), slope_.row(j) + n, slope_.row(k), 0.0);
  half_log_determinant_ = cholesky(factor_) / 2;
}

// d^T C^-1 d.
Real Auxiliary::distance(Index particle) {
  const auto p = static_cast<Index>(innovation_.size());
  std::copy_n(departure(particle), p, innovation_.begin());
  if (variance_ > 0) solve_lower(innovation_.data(), factor_, p);
  return std::inner_product(innovation_.begin(), innovation_.end(), innovation_.begin(), 0.0);
}

// Leaves R^(-1/2) (d - G u) in innovation_, and returns the square of its length.
Real Auxiliary::rest(Index particle, const Real* u) {
  const auto p = static_cast<Index>(innovation_.size());
  Real sum = 0;
  for (Index j = 0; j < p; ++j) {
    Real& left = innovation_[at(j)];
    left = departure(particle)[j];
    if (variance_ > 0) left -= std::inner_product(u, u + context_.dofs, slope_.row(j), 0.0);
    sum += left * left;
  }
  return sum;
}

// From eta to u.
void Auxiliary::adapt(Real* noise, Index particle, Index cycle) {
  rest(particle, noise);
  const auto p = static_cast<Index>(innovation_.size());
  const Stream stream(context_.seed, Purpose::particle_proposal,
                      static_cast<std::uint64_t>(context_.owned.begin + particle),
                      static_cast<std::uint64_t>(cycle));
  for (Index j = 0; j < p; ++j)
    if (precision_[at(j)] > 0) innovation_[at(j)] -= stream.normal(static_cast<std::uint64_t>(j));
  solve_lower(innovation_.data(), factor_, p);
  solve_upper(innovation_.data(), factor_, p);
  for (Index j = 0; j < p; ++j)
    for (Index k = 0; k < context_.dofs; ++k)
      noise[k] += variance_ * slope_(j, k) * innovation_[at(j)];
}

Report Auxiliary::look_ahead(const ParticleAnalysis& analysis, const ModelNoise& noise) {
  Report report;
  const Index mine = context_.owned.size(), n = context_.dofs, p = width_of(analysis.observed);
  std::iota(analysis.parents, analysis.parents + mine, context_.owned.begin);
  if (p == 0 || !check(analysis, context_).informative) return report;
  prepare(analysis, noise);
  for (Index i = 0; i < mine; ++i) analysis.log_weights[i] -= distance(i) / 2;
  const Real log_mean =
      weights_.renormalise(analysis.log_weights, analysis.cycle) - half_log_determinant_;
  report.effective_size = weights_.effective_size(analysis.log_weights);

  Real* x = analysis.particles.data();
  std::copy_n(noise.forecasts.data(), mine * n, forecasts_.data());
  for (Index k = 0; k < mine * n; ++k) x[k] -= forecasts_[at(k)];
  ParticleAnalysis forecasts = analysis;
  forecasts.particles = make_rows(forecasts_.data(), mine, n);
  selection_.apply(forecasts, report, make_rows(departures_.data(), mine, p));
  for (Index i = 0; i < mine; ++i) {
    Real* u = x + i * n;
    if (variance_ > 0) adapt(u, i, analysis.cycle);
    analysis.log_weights[i] += log_mean + rest(i, u) / 2;
    for (Index k = 0; k < n; ++k) u[k] += forecasts_[at(i * n + k)];
  }
  return report;
}

Report Auxiliary::weigh(const ParticleAnalysis& analysis) {
  return weigh_by_likelihood(analysis, context_, weights_);
}

Real Auxiliary::bytes() const {
  return 8 * static_cast<Real>(forecasts_.size() + departures_.size() +
                               static_cast<std::size_t>(slope_.rows() * slope_.stride() +
                                                        factor_.rows() * factor_.stride())) +
         weights_.bytes() + selection_.bytes();
}

FilterEntry Auxiliary::entry() {
  return {"auxiliary", "particle filter that looks ahead: selects forecasts by the observations",
          "pitt1999",
          Schema{Key::boolean("adapted",
                              "the noise of [model_error] is drawn given the observations too; "
                              "needs white noise at analyses and a model of grid-point values")
                     .otherwise(true)} +
              Selection::schema(),
          [](const Section& section,
             const ParticleContext& context) -> std::unique_ptr<ParticleFilter> {
            return std::make_unique<Auxiliary>(
                context, Options{section.boolean("adapted"), Selection::options(section)});
          }};
}

}  // namespace starling::filters
