// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/types.hpp"
#include "steppers/semilinear.hpp"

#include <memory>
#include <string>
#include <vector>

namespace starling::steppers {

/// A time integrator of a semilinear system: one step of a tile of states through all its stages
/// while they are in cache. Knows no equation. Holds the workspace of one tile and allocates
/// nothing after construction.
class Stepper {
 public:
  virtual ~Stepper() = default;
  /// Order of accuracy in dt.
  virtual int order() const = 0;
  /// Evaluations of N in a step.
  virtual int evaluations() const = 0;
  /// Rows of history a state keeps between steps (multistep schemes).
  virtual Index history() const { return 0; }
  /// u(t) -> u(t + dt). `history` is rows x (history() * width), `age` the number of its rows that
  /// are known (0: start afresh). At most tile() rows.
  virtual void step(Rows u, Rows history, Index age, Real t) = 0;

  /// The most equal parts that a step was made of so far, on this rank.
  virtual Index most_parts() const { return 1; }

  Real dt() const { return dt_; }
  /// Rows of a tile: a few on a host, so that all stages stay in cache.
  Index tile() const { return tile_; }

 protected:
  Stepper(Real dt, Index tile) : dt_(dt), tile_(tile) {}

 private:
  Real dt_;
  Index tile_;
};

/// How many states of `width` Reals a step should take through its stages together.
Index tile_rows(Index width);

/// A scheme as the registry knows it: what `describe` prints and how one is made.
struct Scheme {
  std::string name;
  int order;  ///< with the default keys
  std::string summary;
  std::string reference;  ///< key in docs/papers.bib
  std::unique_ptr<Stepper> (*maker)(Semilinear&, Real dt, const Section& keys);
  Schema schema = {};  ///< the keys of [stepper] that are the scheme's own

  /// As [stepper] says, which was read with a schema that has `dt` and this one.
  std::unique_ptr<Stepper> make(Semilinear& system, const Section& stepper) const;
  /// With `keys` of its own, as in an input ("robert_coefficient = 0.0"), and defaults for others.
  std::unique_ptr<Stepper> make(Semilinear& system, Real dt, const std::string& keys = "") const;
};
/// The schemes that come with Starling.
const std::vector<Scheme>& builtin();

}  // namespace starling::steppers
