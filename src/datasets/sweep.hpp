// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/types.hpp"

#include <string>
#include <vector>

namespace starling::datasets {

/// A parameter of a sweep, [sweep.NAME]: the key of the input that it sets, and its values or its
/// interval.
struct SweptParameter {
  std::string name;
  std::string key;  ///< "model.viscosity"
  std::vector<Real> values;
  Real low = 0, high = 0;
  bool logarithmic = false;

  /// The value at a fraction of [0, 1) of the interval, or of the list.
  Real at(Real fraction) const;
};

/// The parameter sets of a data set, from [sweep]:
///   "grid"             every combination of the values of all parameters, the last fastest;
///   "listed"           set i has value i of each;
///   "latin_hypercube"  `points` sets: of each parameter one in each of `points` equal parts of its
///                      interval (mckay1979), placed and paired by Philox random numbers;
///   "sobol"            points of Sobol's sequence (joe2008), the origin left out.
/// Without a section: one set that changes nothing. All are pure functions of the section.
class Sweep {
 public:
  static const Schema& schema();
  static const Schema& parameter_schema();

  /// Reads [sweep] and every [sweep.NAME]. Throws InputError.
  explicit Sweep(Config& config);

  const std::vector<SweptParameter>& parameters() const { return parameters_; }
  /// One row a set, one value a parameter.
  const std::vector<std::vector<Real>>& sets() const { return sets_; }

 private:
  void make_grid();
  void make_list(const Section& section);
  void make_latin_hypercube(Index points, std::uint64_t seed);
  void make_sobol(Index points);

  std::vector<SweptParameter> parameters_;
  std::vector<std::vector<Real>> sets_;
};

}  // namespace starling::datasets
