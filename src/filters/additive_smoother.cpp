// SPDX-License-Identifier: BSD-3-Clause
#include "filters/additive_smoother.hpp"

#include "core/error.hpp"

#include <string>
#include <utility>

namespace starling::filters {
namespace {

Index checked(Index draws) {
  require(draws >= 1, "filter.draws = {}: a smoother draws from the past; allowed: >= 1", draws);
  return draws;
}

}  // namespace

AdditiveSmoother::AdditiveSmoother(const ParticleContext& context, const TransitionDensity& density,
                                   Method method, Index draws)
    : dofs_(context.dofs),
      method_(method),
      kernel_(context, density, 2 * context.dofs, checked(draws)),
      moments_(context.comm, context.owned, 2 * context.dofs),
      variance_(static_cast<std::size_t>(2 * context.dofs)) {
  const auto block = [&](const std::string& name, Index rows) {
    return Array<Real**>(name, static_cast<std::size_t>(rows),
                         static_cast<std::size_t>(2 * context.dofs));
  };
  const Index own = context.owned.size();
  statistics_ = block("smoother::statistics", own);
  next_ = block("smoother::next", own);
  drawn_ = block("smoother::drawn", method == Method::paris ? own * draws : 0);
}

void AdditiveSmoother::advance(ConstRows particles, ConstRows forecasts, const Real* log_weights,
                               Index step) {
  const BackwardKernel::Generation past{forecasts, log_weights, statistics_};
  const Index own = rows_of(particles), width = 2 * dofs_;
  if (method_ == Method::forward) {
    kernel_.average(next_, particles, past, step);
    std::swap(statistics_, next_);
  } else if (method_ == Method::paris) {
    kernel_.draw(drawn_, particles, past, step);
    const Index draws = kernel_.draws();
    for (Index i = 0; i < own; ++i)
      for (Index c = 0; c < width; ++c) {
        Real sum = 0;
        for (Index d = 0; d < draws; ++d) sum += drawn_(i * draws + d, c);
        statistics_(i, c) = sum / static_cast<Real>(draws);
      }
  }
  for (Index i = 0; i < own; ++i)
    for (Index j = 0; j < dofs_; ++j) {
      statistics_(i, j) += particles(i, j);
      statistics_(i, dofs_ + j) += particles(i, j) * particles(i, j);
    }
}

void AdditiveSmoother::estimate(Real* out, const Real* weights, Real effective_size) {
  moments_.evaluate(out, variance_.data(), statistics_, weights, effective_size);
}

void AdditiveSmoother::resample(const std::int64_t* parents) {
  kernel_.fetch(next_, parents, statistics_);
  std::swap(statistics_, next_);
}

Real AdditiveSmoother::bytes() const {
  return 8 * static_cast<Real>(statistics_.size() + next_.size() + drawn_.size()) + kernel_.bytes();
}

}  // namespace starling::filters
