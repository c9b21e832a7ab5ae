// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace starling::models {

/// What [model] says of random initial states on [0, length); each family reads what it needs.
struct WaveKeys {
  Real length = 1;
  Real amplitude = 1;
  Index modes = 5;
  Real sigma = 1;
  Real tau = 1;  ///< [radians per unit length]
  Real exponent = 2;
  std::uint64_t seed = 1;
};

/// A family of random periodic functions of zero mean that an input can name, given by
/// coefficients: u(x) = sum over m = 1, 2, ... of u^_m exp(2 pi i m x / length) + conjugate. `make`
/// returns u^_1,
/// ..., u^_count of draw `number`. Each is a pure function of (seed, number, m): the same whatever
/// the count, so that draws on two grids agree in every mode that both resolve.
struct InitialWaves1d {
  std::string name;
  std::string summary;
  std::vector<Complex> (*make)(const WaveKeys& keys, Index number, Index count);
};
const std::vector<InitialWaves1d>& initial_waves1d();

}  // namespace starling::models
