// SPDX-License-Identifier: BSD-3-Clause
#include "filters/optimal_proposal.hpp"

#include "core/random.hpp"
#include "filters/cholesky.hpp"
#include "filters/likelihood.hpp"
#include "linalg/dense.hpp"

#include <algorithm>
#include <cmath>

namespace starling::filters {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

OptimalProposal::OptimalProposal(const ParticleContext& context, const Options& options)
    : context_(context),
      width_(options.kernel * scott_bandwidth(context.particles, context.dofs)),
      weights_(context.comm, context.owned),
      covariance_(context.comm, context.particles, context.owned, context.dofs,
                  context.observations),
      selection_(context, options.selection),
      eigen_(context.dofs + context.observations),
      joint_(eigen_.size(), eigen_.size()),
      root_(eigen_.size(), eigen_.size()),
      inverse_(context.observations, context.observations),
      factor_(context.observations, context.observations),
      gain_(context.dofs, context.observations),
      roots_(at(eigen_.size())),
      whitened_(at(context.observations)),
      precision_(at(context.observations)),
      normals_(at(eigen_.size() + context.observations)),
      kick_(at(eigen_.size())) {}

// Covariances of this analysis; returns log det C over that of the observation errors. Observations
// are divided by their standard deviations, so that infinite ones become 0; those that this
// analysis lacks have no covariance.
Real OptimalProposal::prepare(const ParticleAnalysis& analysis) {
  const Index n = context_.dofs, most = context_.observations, p = width_of(analysis.observed);
  const Real size = weights_.effective_size(analysis.log_weights);
  for (Index j = 0; j < joint_.rows(); ++j) std::fill_n(joint_.row(j), joint_.rows(), 0.0);
  covariance_.evaluate(joint_, analysis.particles, analysis.observed,
                       weights_.linear(analysis.log_weights), size);
  for (Index j = 0; j < n + p; ++j)
    for (Index k = 0; k < n + p; ++k) joint_(j, k) *= width_ * width_;
  for (Index j = 0; j < p; ++j) precision_[at(j)] = 1 / std::sqrt(analysis.variance[j]);

  const auto set_c = [&](linalg::Matrix& c) {
    for (Index j = 0; j < most; ++j)
      for (Index k = 0; k < most; ++k)
        c(j, k) =
            (j == k ? 1 : 0) +
            (j < p && k < p ? precision_[at(j)] * joint_(n + j, n + k) * precision_[at(k)] : 0);
  };
  set_c(factor_);
  const Real log_determinant_c = cholesky(factor_);
  set_c(factor_);
  for (Index j = 0; j < most; ++j)
    for (Index k = 0; k < most; ++k) inverse_(j, k) = j == k ? 1 : 0;
  linalg::divide_by_positive(inverse_, factor_);
  for (Index i = 0; i < n; ++i)
    for (Index k = 0; k < p; ++k) {
      Real sum = 0;
      for (Index j = 0; j < p; ++j) sum += joint_(i, n + j) * precision_[at(j)] * inverse_(j, k);
      gain_(i, k) = sum;
    }
  square_root(root_, joint_, eigen_, roots_);
  return log_determinant_c;
}

void OptimalProposal::whiten(const ParticleAnalysis& analysis, Index particle) {
  const Index p = width_of(analysis.observed);
  for (Index j = 0; j < p; ++j)
    whitened_[at(j)] =
        (analysis.value[j] - analysis.observed.data()[particle * p + j]) * precision_[at(j)];
  std::fill(whitened_.begin() + p, whitened_.end(), 0.0);
}

Real OptimalProposal::distance() const {
  Real sum = 0;
  for (Index j = 0; j < inverse_.rows(); ++j) {
    Real row = 0;
    for (Index k = 0; k < inverse_.rows(); ++k) row += inverse_(j, k) * whitened_[at(k)];
    sum += row * whitened_[at(j)];
  }
  return sum;
}

void OptimalProposal::move(const ParticleAnalysis& analysis, Index particle) {
  const Index n = context_.dofs, p = width_of(analysis.observed);
  Stream(context_.seed, Purpose::particle_proposal,
         static_cast<std::uint64_t>(context_.owned.begin + particle),
         static_cast<std::uint64_t>(analysis.cycle))
      .normals(normals_.data(), n + 2 * p);
  for (Index j = 0; j < n + p; ++j) {
    Real sum = 0;
    for (Index k = 0; k < n + p; ++k) sum += root_(j, k) * normals_[at(k)];
    kick_[at(j)] = sum;
  }
  for (Index j = 0; j < p; ++j)
    whitened_[at(j)] -= kick_[at(n + j)] * precision_[at(j)] +
                        (precision_[at(j)] > 0 ? normals_[at(n + p + j)] : 0);
  Real* x = analysis.particles.data() + particle * n;
  for (Index i = 0; i < n; ++i) {
    Real sum = kick_[at(i)];
    for (Index k = 0; k < p; ++k) sum += gain_(i, k) * whitened_[at(k)];
    x[i] += sum;
  }
}

Report OptimalProposal::weigh(const ParticleAnalysis& analysis) {
  Report report;
  if (width_of(analysis.observed) == 0) return report;
  const ObservationErrors errors = check(analysis, context_);
  if (!errors.informative) return report;
  const Real log_determinant_c = prepare(analysis);
  for (Index i = 0; i < context_.owned.size(); ++i) {
    whiten(analysis, i);
    analysis.log_weights[i] -= distance() / 2;
    move(analysis, i);
  }
  report.log_likelihood = weights_.renormalise(analysis.log_weights, analysis.cycle) +
                          errors.log_scale - log_determinant_c / 2;
  report.effective_size = weights_.effective_size(analysis.log_weights);
  return report;
}

void OptimalProposal::resample(const ParticleAnalysis& analysis, Report& report) {
  selection_.apply(analysis, report);
}

Real OptimalProposal::bytes() const {
  const auto matrix = [](const linalg::Matrix& a) {
    return 8 * static_cast<Real>(a.rows() * a.stride());
  };
  return weights_.bytes() + covariance_.bytes() + selection_.bytes() + 5 * matrix(joint_) +
         matrix(inverse_) + matrix(factor_) + matrix(gain_);
}

FilterEntry OptimalProposal::entry() {
  return {"optimal_proposal", "particle filter that draws each particle from its own posterior",
          "doucet2000",
          Schema{Key::real("kernel",
                           "width of the kernel about each particle: factor on Scott's bandwidth")
                     .at_least(0)
                     .otherwise(0.3)} +
              Selection::schema(),
          [](const Section& section,
             const ParticleContext& context) -> std::unique_ptr<ParticleFilter> {
            return std::make_unique<OptimalProposal>(
                context, Options{section.real("kernel"), Selection::options(section)});
          }};
}

}  // namespace starling::filters
