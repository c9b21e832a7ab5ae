// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "core/types.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace starling::datasets {

/// Fields at the points of a grid, [x][y][z] each: what a closure sees, one array an input.
using Inputs = std::vector<std::vector<float>>;

/// What a closure is between, elements of fields: "velocity_x", "velocity_forcing_x". A published
/// number times its scale is the model's.
struct ClosureFields {
  std::vector<std::string> inputs, targets;
  std::vector<Real> input_scales, target_scales;
};

/// A law for the subgrid forcing at a point as a function of the coarse state near it, the same at
/// all points of a periodic grid: forcing = W phi(z), z the standardised values of the inputs in a
/// stencil (5 points in one dimension, 9 in two, 7 in three), and phi
///   linear      1 and z;
///   quadratic   1, z and products of pairs of z, of the first inputs as far as they are at most
///               200;
///   random      1, z and sqrt(2/D) cos(w.z + b): random Fourier features of a Gaussian kernel
///               (rahimi2007), w normal over a bandwidth, b uniform, pure functions of the seed.
class Closure {
 public:
  enum class Kind { linear, quadratic, random };
  static const std::vector<std::string>& names();

  /// Sees `inputs` of all, by number. Throws InputError on a grid with walls.
  Closure(Kind kind, const Domain& grid, std::vector<Index> inputs, Index random_features,
          std::uint64_t seed);

  Index stencil() const { return static_cast<Index>(neighbours_.size() * inputs_.size()); }
  Index features() const { return features_; }
  /// Mean and deviation of each input that it sees, and the bandwidth (the median distance of two
  /// z).
  void standardise(std::vector<Real> means, std::vector<Real> deviations, Real bandwidth);
  /// z at a point of the grid.
  void values(Real* z, const Inputs& inputs, Index point) const;
  /// phi(z).
  void evaluate(Real* phi, const Real* z) const;

  /// targets x features.
  void set_weights(std::vector<Real> weights, Index targets);
  Index targets() const { return targets_; }
  const Real* weights() const { return weights_.data(); }
  /// The forcings at every point, [target][x][y][z].
  void apply(std::vector<std::vector<Real>>& forcings, const Inputs& inputs) const;

 private:
  void gather(Real* z, const Inputs& inputs, Index first, Index count) const;
  template <class Use>
  void for_features(const Real* z, Index count, const Use& use) const;

  std::vector<Index> inputs_;
  Index points_, random_, features_ = 0, targets_ = 0;
  std::vector<std::vector<Index>>
      neighbours_;  // of each point, a list for each place of the stencil
  std::vector<std::pair<Index, Index>> pairs_;
  std::vector<Real> means_, deviations_, weights_, directions_, phases_;
  Real bandwidth_ = 1;
};

}  // namespace starling::datasets
