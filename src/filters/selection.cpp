// SPDX-License-Identifier: BSD-3-Clause
#include "filters/selection.hpp"

#include "core/error.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace starling::filters {
namespace {

// The order of a matrix that only a jitter needs.
Index order_of(const ParticleContext& context, const Selection::Options& options) {
  return options.regularisation > 0 ? context.dofs : 0;
}

}  // namespace

Real scott_bandwidth(Index particles, Index dofs) {
  return std::pow(static_cast<Real>(particles), -1 / static_cast<Real>(dofs + 4));
}

void square_root(linalg::Matrix& root, linalg::Matrix& matrix, linalg::SymmetricEigen& eigen,
                 std::vector<Real>& roots) {
  eigen.solve(matrix);
  std::transform(eigen.values(), eigen.values() + eigen.size(), roots.begin(),
                 [](Real value) { return std::sqrt(std::max(value, 0.0)); });
  eigen.function(root, roots.data());
}

const Schema& Selection::schema() {
  static const Schema keys =
      Schema{
          Key::text("resampling", "how offspring are drawn")
              .one_of({"systematic", "stratified", "residual", "multinomial"})
              .otherwise("systematic"),
          Key::real("threshold",
                    "resample where the effective size is at most this fraction of the particles")
              .at_least(0)
              .at_most(1)
              .otherwise(0.5),
          Key::real("regularisation",
                    "jitter of resampled particles: factor on Scott's bandwidth; 0 = none")
              .at_least(0)
              .otherwise(0.0),
      } +
      Annealing::schema();
  return keys;
}

Selection::Options Selection::options(const Section& section) {
  return {resampler(section.text("resampling")), section.real("threshold"),
          section.real("regularisation"), Annealing(section)};
}

Selection::Selection(const ParticleContext& context, const Options& options)
    : context_(context),
      options_(options),
      weights_(context.comm, context.owned),
      resampling_(context.comm, context.particles, context.owned, context.seed, options.resampling),
      relocation_(context.comm, context.owned),
      counts_(static_cast<std::size_t>(context.owned.size())),
      tempered_(counts_.size()),
      matrix_(order_of(context, options), order_of(context, options)),
      root_(matrix_.rows(), matrix_.rows()) {
  if (options.regularisation == 0) return;
  covariance_ = std::make_unique<WeightedCovariance>(context.comm, context.particles, context.owned,
                                                     context.dofs);
  eigen_ = std::make_unique<linalg::SymmetricEigen>(context.dofs);
  roots_.resize(static_cast<std::size_t>(context.dofs));
  normals_.resize(roots_.size());
}

void Selection::apply(const ParticleAnalysis& analysis, Report& report, Rows beside) {
  const Index mine = context_.owned.size();
  std::iota(analysis.parents, analysis.parents + mine, context_.owned.begin);
  const auto n = static_cast<Real>(context_.particles);
  if (!(report.effective_size <= options_.threshold * n)) return;

  if (covariance_)
    covariance_->evaluate(matrix_, analysis.particles,
                          make_rows(static_cast<Real*>(nullptr), mine, 0),
                          weights_.linear(analysis.log_weights), report.effective_size);
  const Real temperature = options_.annealing.temperature(
      weights_, analysis.log_weights, report.effective_size, context_.particles, analysis.cycle);
  std::transform(analysis.log_weights, analysis.log_weights + mine, tempered_.begin(),
                 [&](Real log_weight) { return log_weight / temperature; });
  weights_.normalise(tempered_.data());
  resampling_.draw(counts_.data(), weights_.linear(tempered_.data()), analysis.cycle);
  relocation_.plan(counts_.data());
  relocation_.apply(analysis.particles);
  if (width_of(beside) > 0) relocation_.apply(beside);
  relocation_.parents(analysis.parents);
  report.copies = relocation_.copies();
  report.moves = relocation_.moves();
  reweight(analysis, temperature);
  if (covariance_) jitter(analysis);
}

// A particle that was drawn with another probability than its weight keeps the quotient.
void Selection::reweight(const ParticleAnalysis& analysis, Real temperature) {
  const Index mine = context_.owned.size();
  if (temperature == 1 || !options_.annealing.residual()) {
    std::fill_n(analysis.log_weights, mine, -std::log(static_cast<Real>(context_.particles)));
    return;
  }
  for (Index i = 0; i < mine; ++i) analysis.log_weights[i] *= 1 - 1 / temperature;
  relocation_.apply(make_rows(analysis.log_weights, mine, 1));
  weights_.normalise(analysis.log_weights);
}

void Selection::jitter(const ParticleAnalysis& analysis) {
  square_root(root_, matrix_, *eigen_, roots_);
  const Index dofs = context_.dofs;
  const Real width = options_.regularisation * scott_bandwidth(context_.particles, dofs);
  const auto& filled = relocation_.filled();
  auto next = filled.begin();
  for (Index i = 0; i < context_.owned.size(); ++i) {
    const bool copied = next != filled.end() && *next == i;
    if (copied) ++next;
    if (!copied && counts_[static_cast<std::size_t>(i)] < 2) continue;
    Stream(context_.seed, Purpose::particle_jitter,
           static_cast<std::uint64_t>(context_.owned.begin + i),
           static_cast<std::uint64_t>(analysis.cycle))
        .normals(normals_.data(), dofs);
    Real* x = analysis.particles.data() + i * dofs;
    for (Index j = 0; j < dofs; ++j) {
      const Real* row = root_.row(j);
      Real sum = 0;
      for (Index k = 0; k < dofs; ++k) sum += row[k] * normals_[static_cast<std::size_t>(k)];
      x[j] += width * sum;
    }
  }
}

Real Selection::bytes() const {
  const auto reals =
      static_cast<Real>(tempered_.size() + counts_.size() + roots_.size() + normals_.size()) +
      static_cast<Real>(5 * matrix_.rows() * matrix_.stride());
  return 8 * reals + weights_.bytes() + resampling_.bytes() + relocation_.bytes() +
         (covariance_ ? covariance_->bytes() : 0);
}

}  // namespace starling::filters
