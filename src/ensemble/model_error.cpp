// SPDX-License-Identifier: BSD-3-Clause
#include "ensemble/model_error.hpp"

#include <algorithm>
#include <utility>

namespace starling::ensemble {

const Schema& ModelError::schema() {
  static const Schema keys =
      Schema{
          Key::real("std",
                    "standard deviation of what is added at every point, each time [units of "
                    "the field]")
              .at_least(0),
          Key::integer("interval", "steps between two additions").at_least(1).otherwise(1),
      } +
      Perturbation::spectrum_schema();
  return keys;
}

ModelError::ModelError(const Section& section, const Domain& domain, std::uint64_t seed,
                       Purpose purpose)
    : ModelError(section, domain, seed, purpose, Columns(domain.values())) {}

ModelError::ModelError(const Section& section, const Domain& domain, std::uint64_t seed,
                       Purpose purpose, Columns values)
    : perturbation_(section, domain, std::move(values)),
      std_(section.real("std")),
      interval_(section.integer("interval")),
      white_(section.text("spectrum") == "white"),
      seed_(seed),
      purpose_(purpose) {}

bool ModelError::is_due(Index step) const { return step % interval_ == 0; }

Index ModelError::next(Index step, Index end) const {
  // Rounds down, also below zero.
  const Index whole = step >= 0 ? step / interval_ : -((interval_ - 1 - step) / interval_);
  return std::min((whole + 1) * interval_, end);
}

void ModelError::add(Real* member, Index number, Index s) const {
  perturbation_.add(member, Stream(seed_, purpose_, static_cast<std::uint64_t>(number),
                                   static_cast<std::uint64_t>(s)));
}

}  // namespace starling::ensemble
