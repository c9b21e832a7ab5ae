// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <cstdint>

namespace starling {

/// What a random number is for; part of its address, so that two uses never share numbers.
/// Values are written into results: append, never renumber.
enum class Purpose : std::uint64_t {
  initial_perturbation = 1,
  observation_noise = 2,
  observation_network = 3,
  perturbed_observations = 4,
  rotation = 5,
  truth_perturbation = 6,
  climatology = 7,
  lyapunov = 8,
  rank_ties = 9,
  additive_inflation = 10,
  observation_order = 11,
  resampling = 20,
  particle_jitter = 21,
  particle_proposal = 22,
  model_error = 30,
  truth_model_error = 31,
  backward_sampling = 32,
  observation_interval = 40,
  observation_number = 41,
  missing_observation = 42,
  gross_error = 43,
  extra_column = 50,
  random_walk = 51,
  member_replacement = 52,
  stochastic_forcing = 60,
  initial_condition = 61,
  parameter_sweep = 70,
  data_split = 71,
  probe_place = 72,
  sensor_place = 73,
  sensor_error = 74,
  closure_features = 80,
  closure_samples = 81,
};

/// Random numbers as pure functions: the number at (seed, purpose, member, step, index) is the same
/// on any rank, in any order, in an ensemble of any size. Philox4x64-10 (salmon2011) with the seed
/// as key and (index / 4, step, member, purpose) as counter; normals by Box and Muller (1958).
class Stream {
 public:
  Stream(std::uint64_t seed, Purpose purpose, std::uint64_t member, std::uint64_t step);

  /// 64 random bits.
  std::uint64_t bits(std::uint64_t index) const;
  /// Uniform on (0, 1).
  Real uniform(std::uint64_t index) const;
  /// Standard normal.
  Real normal(std::uint64_t index) const;
  /// out[i] = normal(first + i), four at a time.
  void normals(Real* out, Index count, std::uint64_t first = 0) const;

 private:
  std::uint64_t seed_, purpose_, member_, step_;
};

}  // namespace starling
