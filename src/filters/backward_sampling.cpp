// SPDX-License-Identifier: BSD-3-Clause
#include "filters/backward_sampling.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <string>

namespace starling::filters {

BackwardSampling::BackwardSampling(const ParticleContext& context, const TransitionDensity& density,
                                   Index generations)
    : own_(context.owned.size()),
      capacity_(generations),
      kernel_(context, density, context.dofs, 1),
      end_(context, anywhere_, context.dofs, 1) {
  const auto blocks = [&](const std::string& name, Index width) {
    return Array<Real**>(name, static_cast<std::size_t>(own_ * generations),
                         static_cast<std::size_t>(width));
  };
  particles_ = blocks("smoother::particles", context.dofs);
  forecasts_ = blocks("smoother::forecasts", context.dofs);
  paths_ = blocks("smoother::paths", context.dofs);
  log_weights_ = blocks("smoother::log_weights", 1);
}

Rows BackwardSampling::block(const Array<Real**>& all, Index generation) const {
  return row_range(Rows(all), generation * own_, own_);
}

void BackwardSampling::keep(ConstRows particles, const Real* log_weights) {
  STARLING_ASSERT(size_ < capacity_);
  ++size_;
  std::copy_n(particles.data(), particles.size(), block(particles_, size_ - 1).data());
  std::copy_n(log_weights, own_, block(log_weights_, size_ - 1).data());
}

void BackwardSampling::set_forecasts(ConstRows forecasts) {
  std::copy_n(forecasts.data(), forecasts.size(), block(forecasts_, size_ - 1).data());
}

void BackwardSampling::sample(Index first) {
  for (Index k = size_ - 1; k >= 0; --k) {
    const BackwardKernel::Generation from{block(forecasts_, k), block(log_weights_, k).data(),
                                          block(particles_, k)};
    if (k == size_ - 1) {
      end_.draw(block(paths_, k), block(particles_, k), from, first + k);
    } else {
      kernel_.draw(block(paths_, k), block(paths_, k + 1), from, first + k);
    }
  }
}

Real BackwardSampling::bytes() const {
  return 8 * static_cast<Real>(3 * particles_.size() + log_weights_.size()) + kernel_.bytes() +
         end_.bytes();
}

}  // namespace starling::filters
