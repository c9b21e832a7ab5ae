// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/closure.hpp"

#include "core/error.hpp"
#include "core/random.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace starling::datasets {
namespace {

constexpr Index most_products = 200;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

std::vector<std::array<Index, 3>> stencil_of(int dimensions) {
  if (dimensions == 1) return {{0, 0, 0}, {-1, 0, 0}, {1, 0, 0}, {-2, 0, 0}, {2, 0, 0}};
  if (dimensions == 3)
    return {{0, 0, 0}, {-1, 0, 0}, {1, 0, 0}, {0, -1, 0}, {0, 1, 0}, {0, 0, -1}, {0, 0, 1}};
  std::vector<std::array<Index, 3>> offsets;
  for (const Index x : {0, -1, 1})
    for (const Index y : {0, -1, 1}) offsets.push_back({x, y, 0});
  return offsets;
}

}  // namespace

const std::vector<std::string>& Closure::names() {
  static const std::vector<std::string> all = {"linear", "quadratic", "random_features"};
  return all;
}

Closure::Closure(Kind kind, const Domain& grid, Index inputs, Index random_features,
                 std::uint64_t seed)
    : inputs_(inputs), random_(kind == Kind::random ? random_features : 0) {
  require(grid.periodic(), "closures between walls; allowed: periodic grids");
  for (int d = 0; d < grid.dimensions(); ++d) points_[at(d)] = grid.axis(d).points;
  offsets_ = stencil_of(grid.dimensions());
  const Index n = stencil();
  if (kind == Kind::quadratic)
    for (Index j = 0; j < n; ++j)
      for (Index i = 0; i <= j; ++i)
        if (static_cast<Index>(pairs_.size()) < most_products) pairs_.emplace_back(i, j);
  const Stream random(seed, Purpose::closure_features, 0, 0);
  for (Index i = 0; i < random_ * n; ++i)
    directions_.push_back(random.normal(static_cast<std::uint64_t>(i)));
  const Stream phases(seed, Purpose::closure_features, 1, 0);
  for (Index i = 0; i < random_; ++i)
    phases_.push_back(2 * std::numbers::pi * phases.uniform(static_cast<std::uint64_t>(i)));
  features_ = 1 + n + static_cast<Index>(pairs_.size()) + random_;
  means_.assign(at(inputs), 0);
  deviations_.assign(at(inputs), 1);
}

void Closure::standardise(std::vector<Real> means, std::vector<Real> deviations, Real bandwidth) {
  means_ = std::move(means);
  deviations_ = std::move(deviations);
  bandwidth_ = bandwidth;
}

void Closure::values(Real* z, const Inputs& inputs, Index point) const {
  const auto [nx, ny, nz] = points_;
  const Index x = point / (ny * nz), y = point / nz % ny, k = point % nz;
  // Offsets of one input after the other: products are of the first inputs.
  for (Index input = 0; input < inputs_; ++input) {
    const float* field = inputs[at(input)].data();
    for (const auto& [dx, dy, dz] : offsets_) {
      const Index where = ((x + dx + nx) % nx * ny + (y + dy + ny) % ny) * nz + (k + dz + nz) % nz;
      *z++ = (static_cast<Real>(field[where]) - means_[at(input)]) / deviations_[at(input)];
    }
  }
}

void Closure::evaluate(Real* phi, const Real* z) const {
  const Index n = stencil();
  *phi++ = 1;
  for (Index i = 0; i < n; ++i) *phi++ = z[i];
  for (const auto& [i, j] : pairs_) *phi++ = z[i] * z[j];
  const Real size = std::sqrt(2 / static_cast<Real>(std::max<Index>(1, random_)));
  for (Index r = 0; r < random_; ++r) {
    Real angle = 0;
    const Real* w = directions_.data() + r * n;
    for (Index i = 0; i < n; ++i) angle += w[i] * z[i];
    *phi++ = size * std::cos(angle / bandwidth_ + phases_[at(r)]);
  }
}

void Closure::set_weights(std::vector<Real> weights, Index targets) {
  STARLING_ASSERT(static_cast<Index>(weights.size()) == targets * features_);
  weights_ = std::move(weights);
  targets_ = targets;
}

void Closure::apply(std::vector<std::vector<Real>>& forcings, const Inputs& inputs) const {
  const Index points = points_[0] * points_[1] * points_[2];
  std::vector<Real> z(at(stencil())), phi(at(features_));
  for (Index p = 0; p < points; ++p) {
    values(z.data(), inputs, p);
    evaluate(phi.data(), z.data());
    for (Index t = 0; t < targets_; ++t) {
      const Real* w = weights_.data() + t * features_;
      Real sum = 0;
      for (Index i = 0; i < features_; ++i) sum += w[i] * phi[at(i)];
      forcings[at(t)][at(p)] = sum;
    }
  }
}

}  // namespace starling::datasets
