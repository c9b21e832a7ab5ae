// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/observing.hpp"

#include "core/error.hpp"

#include <cmath>

namespace starling::campaigns {

const Schema& TwinObservations::schema() {
  static const Schema keys =
      Schema{
          Key::text("source", "a truth that is run beside the ensemble").one_of({"twin"}),
          Key::integer("interval", "steps from one analysis to the next").at_least(1).otherwise(1),
          Key::text("save", "observation file to write; none if empty").otherwise(""),
      } +
      observations::Twin::schema();
  return keys;
}

const Schema& FileObservations::schema() {
  static const Schema keys = {
      Key::text("source", "an observation file").one_of({"file"}),
      Key::text("file", "path of the observation file"),
  };
  return keys;
}

TwinObservations::TwinObservations(const Section& section, const Domain& domain, Real dt,
                                   Index batches, std::uint64_t seed)
    : twin_(section, domain, seed),
      dt_(dt),
      interval_(section.integer("interval")),
      batches_(batches) {}

void TwinObservations::read(observations::Batch& out, Index n, const Real* truth) {
  twin_.observe(out, truth, n, dt_ * static_cast<Real>(step(n)));
}

FileObservations::FileObservations(const Section& section, const Domain& domain, Real dt,
                                   MPI_Comm world)
    : reader_(world, section.text("file"), domain), dt_(dt) {
  Index before = 0;
  for (Index n = 0; n < batches(); ++n) {
    require(std::abs(static_cast<Real>(step(n)) * dt - reader_.time(n)) <= 1e-6 * dt &&
                step(n) > before,
            "{}: batch {} at time {} is not at the end of a step of {}, after the one before; "
            "allowed: multiples of stepper.dt, ascending, > 0",
            reader_.path(), n, reader_.time(n), dt);
    before = step(n);
  }
}

Index FileObservations::step(Index n) const {
  return static_cast<Index>(std::llround(reader_.time(n) / dt_));
}

void FileObservations::read(observations::Batch& out, Index n, const Real*) {
  reader_.read(out, n);
}

}  // namespace starling::campaigns
