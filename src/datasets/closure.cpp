// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/closure.hpp"

#include "core/error.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace starling::datasets {
namespace {

constexpr Index most_products = 200;
constexpr Index block = 64;  // points: z of them stays in the first cache

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

Closure::Closure(Kind kind, const Domain& grid, std::vector<Index> inputs, Index random_features,
                 std::uint64_t seed)
    : inputs_(std::move(inputs)),
      points_(grid.points()),
      random_(kind == Kind::random ? random_features : 0) {
  require(grid.periodic(), "closures between walls; allowed: periodic grids");
  std::array<Index, 3> n = {1, 1, 1};
  for (int d = 0; d < grid.dimensions(); ++d) n[at(d)] = grid.axis(d).points;
  for (const auto& [dx, dy, dz] : stencil_of(grid.dimensions())) {
    std::vector<Index>& list = neighbours_.emplace_back();
    for (Index x = 0; x < n[0]; ++x)
      for (Index y = 0; y < n[1]; ++y)
        for (Index z = 0; z < n[2]; ++z)
          list.push_back(((x + dx + n[0]) % n[0] * n[1] + (y + dy + n[1]) % n[1]) * n[2] +
                         (z + dz + n[2]) % n[2]);
  }
  const Index places = stencil();
  if (kind == Kind::quadratic)
    for (Index j = 0; j < places; ++j)
      for (Index i = 0; i <= j; ++i)
        if (static_cast<Index>(pairs_.size()) < most_products) pairs_.emplace_back(i, j);
  const Stream random(seed, Purpose::closure_features, 0, 0);
  for (Index i = 0; i < random_ * places; ++i)
    directions_.push_back(random.normal(static_cast<std::uint64_t>(i)));
  const Stream phases(seed, Purpose::closure_features, 1, 0);
  for (Index i = 0; i < random_; ++i)
    phases_.push_back(2 * std::numbers::pi * phases.uniform(static_cast<std::uint64_t>(i)));
  features_ = 1 + places + static_cast<Index>(pairs_.size()) + random_;
  means_.assign(inputs_.size(), 0);
  deviations_.assign(inputs_.size(), 1);
}

void Closure::standardise(std::vector<Real> means, std::vector<Real> deviations, Real bandwidth) {
  means_ = std::move(means);
  deviations_ = std::move(deviations);
  bandwidth_ = bandwidth;
}

// z of `count` points, [place][point]. Places of one input come one after the other: products are
// of the first inputs.
void Closure::gather(Real* z, const Inputs& inputs, Index first, Index count) const {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const float* field = inputs[at(inputs_[i])].data();
    const Real mean = means_[i], scale = 1 / deviations_[i];
    for (const std::vector<Index>& list : neighbours_) {
      const Index* where = list.data() + first;
      for (Index p = 0; p < count; ++p) *z++ = (static_cast<Real>(field[where[p]]) - mean) * scale;
    }
  }
}

void Closure::values(Real* z, const Inputs& inputs, Index point) const {
  gather(z, inputs, point, 1);
}

// Each feature of `count` points in a row, at most `block`, from their z, [place][point].
template <class Use>
void Closure::for_features(const Real* z, Index count, const Use& use) const {
  std::array<Real, block> phi;
  const Index places = stencil();
  std::fill_n(phi.data(), count, 1.0);
  use(phi.data());
  for (Index i = 0; i < places; ++i) use(z + i * count);
  for (const auto& [i, j] : pairs_) {
    const Real *first = z + i * count, *second = z + j * count;
    for (Index p = 0; p < count; ++p) phi[at(p)] = first[p] * second[p];
    use(phi.data());
  }
  const Real size = std::sqrt(2 / static_cast<Real>(std::max<Index>(1, random_)));
  for (Index r = 0; r < random_; ++r) {
    std::fill_n(phi.data(), count, 0.0);
    for (Index i = 0; i < places; ++i) {
      const Real w = directions_[at(r * places + i)];
      const Real* from = z + i * count;
      for (Index p = 0; p < count; ++p) phi[at(p)] += w * from[p];
    }
    for (Index p = 0; p < count; ++p)
      phi[at(p)] = size * std::cos(phi[at(p)] / bandwidth_ + phases_[at(r)]);
    use(phi.data());
  }
}

void Closure::evaluate(Real* phi, const Real* z) const {
  for_features(z, 1, [&](const Real* feature) { *phi++ = *feature; });
}

void Closure::set_weights(std::vector<Real> weights, Index targets) {
  STARLING_ASSERT(static_cast<Index>(weights.size()) == targets * features_);
  weights_ = std::move(weights);
  targets_ = targets;
}

void Closure::apply(std::vector<std::vector<Real>>& forcings, const Inputs& inputs) const {
  std::vector<Real> z(at(stencil() * block));
  for (Index first = 0; first < points_; first += block) {
    const Index count = std::min(block, points_ - first);
    gather(z.data(), inputs, first, count);
    for (std::vector<Real>& forcing : forcings) std::fill_n(forcing.data() + first, count, 0.0);
    const Real* weight = weights_.data();
    for_features(z.data(), count, [&](const Real* feature) {
      for (Index t = 0; t < targets_; ++t) {
        const Real w = weight[t * features_];
        Real* to = forcings[at(t)].data() + first;
        for (Index p = 0; p < count; ++p) to[p] += w * feature[p];
      }
      ++weight;
    });
  }
}

}  // namespace starling::datasets
