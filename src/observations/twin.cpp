// SPDX-License-Identifier: BSD-3-Clause
#include "observations/twin.hpp"

#include "core/error.hpp"
#include "core/geometry.hpp"
#include "core/random.hpp"
#include "observations/error_blocks.hpp"
#include "observations/kinds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace starling::observations {
namespace {

Twin::Settings settings_of(const Section& section) {
  Twin::Settings settings;
  settings.kinds.clear();
  bool averages = false;
  for (const std::string& name : section.texts("kinds")) {
    settings.kinds.push_back(find(name)->kind);
    averages = averages || find(name)->sampling == Sampling::average;
  }
  if (settings.kinds.empty()) section.fail("kinds", "is empty", "at least one kind");
  if (averages && !section.has("extent"))
    section.fail("extent", "is missing with averages", "the width of their boxes");
  if (!averages && section.has("extent"))
    section.fail("extent", "means nothing without averages", "no such key");
  if (averages) settings.extent = section.real("extent");

  if (section.has("error_std") == section.has("error_stds"))
    section.fail("error_std", "and error_stds are both there, or neither", "one of them");
  settings.error_std = section.has("error_stds") ? section.reals("error_stds")
                                                 : std::vector<Real>{section.real("error_std")};
  if (section.has("error_stds") && settings.error_std.size() != settings.kinds.size())
    section.fail("error_stds", "has another length than kinds",
                 fmt::format("{} numbers", settings.kinds.size()));

  if (section.has("error_block") != section.has("error_correlation_length"))
    section.fail("error_block", "and error_correlation_length go together", "both or neither");
  if (section.has("error_block")) {
    settings.error_block = section.integer("error_block");
    settings.correlation_length = section.real("error_correlation_length");
  }
  settings.missing = section.real("missing");
  settings.gross_errors = section.real("gross_errors");
  settings.gross_error_size = section.real("gross_error_size");
  return settings;
}

}  // namespace

Schema Twin::schema() {
  Schema keys =
      Network::schema() +
      Schema{
          Key::texts("kinds", "what is measured, in turn from observation to observation")
              .one_of(kind_names())
              .otherwise(Value(std::vector<std::string>{kinds().front().name})),
          Key::real("error_std",
                    "standard deviation of the observation errors [units of the observation]")
              .above(0)
              .optional(),
          Key::reals("error_stds", "in place of error_std: one for each of kinds")
              .above(0)
              .optional(),
          Key::integer("error_block",
                       "so many consecutive observations have correlated errors; independent if "
                       "absent")
              .at_least(2)
              .optional(),
          Key::real("error_correlation_length",
                    "their correlation is exp(-distance / this) [length units of the model]")
              .above(0)
              .optional(),
          Key::real("missing", "probability that a value is missing")
              .at_least(0)
              .at_most(1)
              .otherwise(0.0),
          Key::real("gross_errors", "probability of a gross error that the error_std ignores")
              .at_least(0)
              .at_most(1)
              .otherwise(0.0),
          Key::real("gross_error_size", "of gross errors [standard deviations]")
              .above(0)
              .otherwise(10.0),
      };
  for (const KindEntry& each : kinds()) keys = keys + each.schema;
  return keys;
}

Twin::Twin(const Section& section, const Domain& domain, std::uint64_t seed,
           std::vector<Sensor> sensors, const Sharing& sharing)
    : Twin(Network(section, domain, seed), settings_of(section), seed, std::move(sensors),
           sharing) {}

Twin::Twin(Network network, Real error_std, std::uint64_t seed)
    : Twin(std::move(network), Settings{.error_std = {error_std}}, seed) {}

Twin::Twin(Network network, Settings settings, std::uint64_t seed, std::vector<Sensor> sensors,
           const Sharing& sharing)
    : network_(std::move(network)),
      settings_(std::move(settings)),
      seed_(seed),
      sensors_(std::move(sensors)),
      here_(sharing.values ? sharing.values->count() : network_.domain().values()),
      calibration_(sensors_, {}, here_),
      operator_(network_.domain(), network_.size(),
                sharing.values.value_or(Columns(network_.domain().values())), sharing.space),
      errors_(static_cast<std::size_t>(network_.size())),
      factor_(static_cast<std::size_t>(settings_.error_block * settings_.error_block)) {
  for (const Real std : settings_.error_std)
    require(std > 0 && std::isfinite(std),
            "observations with errors of standard deviation {}; allowed: > 0", std);
  std::sort(sensors_.begin(), sensors_.end(),
            [](const Sensor& a, const Sensor& b) { return a.number < b.number; });
  // What cannot be observed is refused before the first step.
  Batch batch;
  describe(batch, 0);
  operator_.set(batch, name_);
  for (const Sensor& sensor : sensors_)
    require(network_.varies() ||
                std::count(batch.sensor.begin(), batch.sensor.end(), sensor.number) > 0,
            "sensor.{}: makes none of the {} observations; allowed: kinds, region, stride and "
            "offset that some have, and no sensor of a lower number",
            sensor.name, batch.size());
}

Index Twin::blocks() const {
  return settings_.error_block == 0 ? 0
                                    : (size() + settings_.error_block - 1) / settings_.error_block;
}

Index Twin::covariances() const { return blocks() * settings_.error_block * settings_.error_block; }

// Everything but the values.
void Twin::describe(Batch& out, Index n) {
  const std::vector<Point>& places = network_.places(n);
  const std::vector<std::int32_t>& components = network_.components(n);
  out.first = n * size();
  out.resize(static_cast<Index>(places.size()));
  for (std::size_t j = 0; j < places.size(); ++j) {
    out.location[j] = places[j];
    out.component[j] = components[j];
    out.kind[j] = settings_.kinds[j % settings_.kinds.size()];
    if (find(out.kind[j])->sampling == Sampling::average) out.extent[j] = settings_.extent;
    out.variance[j] = std_of(j) * std_of(j);
    const auto maker = std::find_if(sensors_.begin(), sensors_.end(), [&](const Sensor& sensor) {
      return sensor.makes(out, static_cast<Index>(j));
    });
    if (maker != sensors_.end()) out.sensor[j] = maker->number;
  }
}

void Twin::observe(Batch& out, const Real* truth, Index n, Real time) {
  describe(out, n);
  out.time = time;
  operator_.set(out, name_);
  const Rows values = make_rows(out.value.data(), 1, out.size());
  const ConstRows state = make_rows(truth, 1, here_);
  operator_.apply(values, state);
  calibration_.set(out);
  calibration_.apply(values, state);
  const Stream noise(seed_, Purpose::observation_noise, 0, static_cast<std::uint64_t>(n));
  noise.normals(errors_.data(), out.size());
  if (settings_.error_block > 0) {
    correlate(out);
  } else {
    for (std::size_t j = 0; j < out.value.size(); ++j) errors_[j] *= std_of(j);
  }
  for (std::size_t j = 0; j < out.value.size(); ++j) out.value[j] += errors_[j];
  spoil(out, n);
}

// Blocks with their covariances; errors_ from standard normals to errors.
void Twin::correlate(Batch& out) {
  const Domain& domain = network_.domain();
  const Geometry geometry = geometry_of(domain);
  for (Index first = 0; first < out.size(); first += settings_.error_block) {
    const Index count = std::min(settings_.error_block, out.size() - first);
    const auto offset = static_cast<Index>(out.covariance.size());
    out.blocks.push_back({first, count, offset});
    out.covariance.resize(out.covariance.size() + static_cast<std::size_t>(count * count));
    Real* covariance = out.covariance.data() + offset;
    for (Index i = 0; i < count; ++i)
      for (Index k = 0; k < count; ++k) {
        const auto at_i = static_cast<std::size_t>(first + i);
        const auto at_k = static_cast<std::size_t>(first + k);
        const Real distance =
            geometry.distance(place_at(domain, out.location[at_i], out.component[at_i]),
                              place_at(domain, out.location[at_k], out.component[at_k]));
        // What is measured of different fields has errors of its own.
        const Real correlation = out.component[at_i] == out.component[at_k]
                                     ? std::exp(-distance / settings_.correlation_length)
                                     : 0;
        covariance[i * count + k] = std_of(at_i) * std_of(at_k) * correlation;
      }
    std::copy_n(covariance, count * count, factor_.begin());
    require(cholesky(factor_.data(), count),
            "{}: at time {} two observations of a block of correlated errors are at one place; "
            "allowed: different places",
            name_, out.time);
    Real* error = errors_.data() + first;
    for (Index i = count - 1; i >= 0; --i) {
      Real sum = 0;
      for (Index k = 0; k <= i; ++k)
        sum += factor_[static_cast<std::size_t>(i * count + k)] * error[k];
      error[i] = sum;
    }
  }
}

void Twin::spoil(Batch& out, Index n) const {
  const auto cycle = static_cast<std::uint64_t>(n);
  const Stream gross(seed_, Purpose::gross_error, 0, cycle);
  const Stream missing(seed_, Purpose::missing_observation, 0, cycle);
  for (std::size_t j = 0; j < out.value.size(); ++j) {
    if (settings_.gross_errors > 0 && gross.uniform(2 * j) < settings_.gross_errors) {
      const Real size = settings_.gross_error_size * std_of(j);
      out.value[j] += gross.uniform(2 * j + 1) < 0.5 ? size : -size;
    }
    if (settings_.missing > 0 && missing.uniform(j) < settings_.missing)
      out.value[j] = std::numeric_limits<Real>::quiet_NaN();
  }
}

}  // namespace starling::observations
