// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/observing.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/random.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace starling::campaigns {
namespace {

std::vector<Index> steps_of(const Section& section, Index batches, std::uint64_t seed) {
  const bool drawn = section.has("interval_range"), listed = section.has("intervals");
  if (drawn + listed + (section.integer("interval") > 1 ? 1 : 0) > 1)
    section.fail(listed ? "intervals" : "interval_range", "is there beside another interval",
                 "one of interval, interval_range and intervals");
  const std::vector<std::int64_t> list =
      listed ? section.integers("intervals")
             : std::vector<std::int64_t>{section.integer("interval")};
  std::vector<std::int64_t> range = {1, 1};
  if (drawn) range = section.integers("interval_range");
  if (list.empty()) section.fail("intervals", "is empty", "at least one interval");
  if (range.size() != 2 || range[0] > range[1])
    section.fail("interval_range", "is no range", "two intervals, the shorter one first");

  std::vector<Index> steps;
  Index step = 0;
  for (Index n = 0; n < batches; ++n) {
    Index interval = list[static_cast<std::size_t>(n) % list.size()];
    if (drawn) {
      const Stream stream(seed, Purpose::observation_interval, 0, static_cast<std::uint64_t>(n));
      interval = range[0] +
                 static_cast<Index>(stream.uniform(0) * static_cast<Real>(range[1] - range[0] + 1));
    }
    steps.push_back(step += interval);
  }
  return steps;
}

}  // namespace

const Schema& TwinObservations::schema() {
  static const Schema keys =
      Schema{
          Key::text("source", "a truth that is run beside the ensemble").one_of({"twin"}),
          Key::integer("interval", "steps from one analysis to the next").at_least(1).otherwise(1),
          Key::integers(
              "interval_range",
              "[shortest, longest]: each interval is drawn from it, all as likely [steps]")
              .at_least(1)
              .optional(),
          Key::integers("intervals", "a list of intervals, repeated as often as need be [steps]")
              .at_least(1)
              .optional(),
          Key::text("save", "observation file to write; none if empty").otherwise(""),
      } +
      observations::Twin::schema();
  return keys;
}

const Schema& FileObservations::schema() {
  static const Schema keys = {
      Key::text("source", "an observation file").one_of({"file"}),
      Key::text("file", "path of the observation file"),
      Key::real(
          "time_tolerance",
          "batches up to this from the end of a step are assimilated there [time units of the "
          "model]; none if absent")
          .at_least(0)
          .optional(),
  };
  return keys;
}

TwinObservations::TwinObservations(const Section& section, const Domain& domain, Real dt,
                                   Index batches, std::uint64_t seed,
                                   std::vector<observations::Sensor> sensors,
                                   const observations::Sharing& sharing)
    : twin_(section, domain, seed, std::move(sensors), sharing),
      dt_(dt),
      steps_(steps_of(section, batches, seed)) {}

observations::Writer::Size TwinObservations::file_size(Index batches) const {
  const Domain& domain = twin_.domain();
  std::vector<std::string> names;
  for (const Component& each : domain.components()) names.push_back(each.name);
  return {batches,
          batches * twin_.size(),
          batches * twin_.blocks(),
          batches * twin_.covariances(),
          !twin_.sensors().empty(),
          domain.dimensions(),
          std::move(names)};
}

void TwinObservations::read(observations::Batch& out, Index n, const Real* truth) {
  twin_.observe(out, truth, n, dt_ * static_cast<Real>(step(n)));
}

FileObservations::FileObservations(const Section& section, const Domain& domain, Real dt,
                                   MPI_Comm world, const std::vector<observations::Sensor>& sensors)
    : reader_(world, section.text("file"), domain) {
  for (const observations::Sensor& sensor : sensors)
    require(std::binary_search(reader_.sensors().begin(), reader_.sensors().end(), sensor.number),
            "sensor.{}.number = {}: {} has no observation of it; allowed: {}", sensor.name,
            sensor.number, reader_.path(),
            reader_.sensors().empty() ? "no section [sensor.NAME], since the file has no /sensor"
                                      : fmt::format("{}", fmt::join(reader_.sensors(), ", ")));
  const bool tolerant = section.has("time_tolerance");
  const Real tolerance = std::max(1e-6 * dt, tolerant ? section.real("time_tolerance") : 0);
  Index moved = 0;
  for (Index n = 0; n < batches(); ++n) {
    const auto step = static_cast<Index>(std::llround(reader_.time(n) / dt));
    const Real distance = std::abs(static_cast<Real>(step) * dt - reader_.time(n));
    const Index least = n == 0 ? 1 : steps_.back() + (tolerant ? 0 : 1);
    require(distance <= tolerance && step >= least,
            "{}: batch {} at time {} is not at the end of a step of {}, after the one before; "
            "allowed: multiples of stepper.dt, ascending, > 0{}",
            reader_.path(), n, reader_.time(n), dt,
            tolerant ? fmt::format(", or up to {} from them", tolerance)
                     : ", or near them with observations.time_tolerance");
    moved += distance > 1e-6 * dt ? 1 : 0;
    steps_.push_back(step);
  }
  if (moved > 0)
    log::info("{}: {} of {} batches are assimilated at the nearest end of a step", reader_.path(),
              moved, batches());
}

void FileObservations::read(observations::Batch& out, Index n, const Real*) {
  reader_.read(out, n);
}

}  // namespace starling::campaigns
