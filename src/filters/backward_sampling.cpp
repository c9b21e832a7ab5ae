// SPDX-License-Identifier: BSD-3-Clause
#include "filters/backward_sampling.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace starling::filters {
namespace {

// Stands for x' where there is none: the end of a trajectory has the weights of the filter alone.
class Anywhere final : public TransitionDensity {
 public:
  Real log_density(const Real*, const Real*, Index) const override { return 0; }
};

}  // namespace

BackwardSampling::BackwardSampling(const ParticleContext& context, const TransitionDensity& density,
                                   Index generations)
    : context_(context), kernel_(context, density, context.dofs, 1), capacity_(generations) {
  const auto own = static_cast<std::size_t>(context.owned.size());
  const auto all = own * static_cast<std::size_t>(generations);
  const auto dofs = static_cast<std::size_t>(context.dofs);
  log_weights_.resize(all);
  particles_.resize(all * dofs);
  forecasts_.resize(all * dofs);
  paths_.resize(all * dofs);
}

Rows BackwardSampling::block(std::vector<Real>& all, Index generation) const {
  const Index own = context_.owned.size();
  return make_rows(all.data() + generation * own * context_.dofs, own, context_.dofs);
}

void BackwardSampling::keep(ConstRows particles, const Real* log_weights, ConstRows forecasts) {
  STARLING_ASSERT(size_ < capacity_);
  ++size_;
  std::copy_n(particles.data(), particles.size(), block(particles_, size_ - 1).data());
  std::copy_n(log_weights, context_.owned.size(),
              log_weights_.data() + (size_ - 1) * context_.owned.size());
  set_forecasts(forecasts);
}

void BackwardSampling::set_forecasts(ConstRows forecasts) {
  std::copy_n(forecasts.data(), forecasts.size(), block(forecasts_, size_ - 1).data());
}

void BackwardSampling::sample() {
  const Anywhere anywhere;
  BackwardKernel last(context_, anywhere, context_.dofs, 1);
  for (Index k = size_ - 1; k >= 0; --k) {
    const BackwardKernel::Generation from{block(forecasts_, k),
                                          log_weights_.data() + k * context_.owned.size(),
                                          block(particles_, k)};
    if (k == size_ - 1) {
      last.draw(block(paths_, k), block(particles_, k), from, k);
    } else {
      kernel_.draw(block(paths_, k), block(paths_, k + 1), from, k);
    }
  }
}

ConstRows BackwardSampling::path(Index generation) const {
  const Index own = context_.owned.size();
  return make_rows(paths_.data() + generation * own * context_.dofs, own, context_.dofs);
}

}  // namespace starling::filters
