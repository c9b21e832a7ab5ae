// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/sweep.hpp"

#include "core/random.hpp"

#include <boost/random/sobol.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace starling::datasets {
namespace {

SweptParameter read_parameter(Config& config, const std::string& name) {
  const Section section = config.section("sweep." + name, Sweep::parameter_schema());
  SweptParameter parameter;
  parameter.name = name;
  parameter.key = section.text("key");
  if (parameter.key.find('.') == std::string::npos)
    section.fail("key", "is no key of a section", "section.key, model.viscosity say");
  parameter.values = section.reals("values");
  parameter.logarithmic = section.text("scale") == "log";
  const bool has_interval = section.has("low") && section.has("high");
  if (has_interval == !parameter.values.empty())
    section.fail("values", "and an interval are two ways to say one thing",
                 "either values, or low and high");
  if (!has_interval) return parameter;
  parameter.low = section.real("low");
  parameter.high = section.real("high");
  if (!(parameter.low < parameter.high)) section.fail("high", "is not above low", "a real > low");
  if (parameter.logarithmic && parameter.low <= 0)
    section.fail("low", "has no logarithm", "a real > 0 with scale = log");
  return parameter;
}

}  // namespace

Real SweptParameter::at(Real fraction) const {
  if (!values.empty()) {
    const auto count = static_cast<Real>(values.size());
    return values[static_cast<std::size_t>(std::min(fraction * count, count - 1))];
  }
  if (!logarithmic) return low + fraction * (high - low);
  return low * std::pow(high / low, fraction);
}

const Schema& Sweep::schema() {
  static const Schema keys = {
      Key::text("method",
                "grid: every combination; listed: value i of each; latin_hypercube, sobol: so many "
                "points of the intervals")
          .one_of({"grid", "listed", "latin_hypercube", "sobol"})
          .otherwise("grid"),
      Key::integer("points", "parameter sets of latin_hypercube and sobol").at_least(1).optional(),
      Key::integer("seed", "of latin_hypercube").at_least(0).otherwise(1),
  };
  return keys;
}

const Schema& Sweep::parameter_schema() {
  static const Schema keys = {
      Key::text("key", "what it sets: model.viscosity"),
      Key::reals("values", "all there are").otherwise(Value(std::vector<Real>{})),
      Key::real("low", "end of the interval").optional(),
      Key::real("high", "end of the interval").optional(),
      Key::text("scale", "of the interval").one_of({"linear", "log"}).otherwise("linear"),
  };
  return keys;
}

Sweep::Sweep(Config& config) {
  const Section section = config.section("sweep", schema());
  for (const std::string& name : config.sections_below("sweep"))
    parameters_.push_back(read_parameter(config, name));
  const std::string& method = section.text("method");
  const bool sampled = method == "latin_hypercube" || method == "sobol";
  if (sampled && !section.has("points"))
    section.fail("method", "needs points", "points = the number of parameter sets");
  for (const SweptParameter& parameter : parameters_)
    if (!sampled && parameter.values.empty())
      section.fail("method", "needs the values of " + parameter.name,
                   "[sweep." + parameter.name + "] with values, or latin_hypercube or sobol");
  if (method == "grid") make_grid();
  if (method == "listed") make_list(section);
  if (method == "latin_hypercube")
    make_latin_hypercube(section.integer("points"),
                         static_cast<std::uint64_t>(section.integer("seed")));
  if (method == "sobol") make_sobol(section.integer("points"));
}

void Sweep::make_grid() {
  sets_ = {{}};
  for (const SweptParameter& parameter : parameters_) {
    std::vector<std::vector<Real>> longer;
    for (const auto& set : sets_)
      for (const Real value : parameter.values) {
        longer.push_back(set);
        longer.back().push_back(value);
      }
    sets_ = std::move(longer);
  }
}

void Sweep::make_list(const Section& section) {
  const std::size_t count = parameters_.empty() ? 1 : parameters_.front().values.size();
  sets_.resize(count);
  for (const SweptParameter& parameter : parameters_) {
    if (parameter.values.size() != count)
      section.fail("method", "needs as many values of each parameter",
                   "lists of " + std::to_string(count));
    for (std::size_t i = 0; i < count; ++i) sets_[i].push_back(parameter.values[i]);
  }
}

void Sweep::make_latin_hypercube(Index points, std::uint64_t seed) {
  const auto count = static_cast<std::size_t>(points);
  sets_.assign(count, {});
  for (std::size_t p = 0; p < parameters_.size(); ++p) {
    const Stream random(seed, Purpose::parameter_sweep, p, 0);
    // Fisher and Yates' shuffle.
    std::vector<std::size_t> part(count);
    std::iota(part.begin(), part.end(), std::size_t{0});
    for (std::size_t i = count - 1; i > 0; --i)
      std::swap(part[i],
                part[static_cast<std::size_t>(random.uniform(2 * i) * static_cast<Real>(i + 1))]);
    for (std::size_t i = 0; i < count; ++i)
      sets_[i].push_back(parameters_[p].at(
          (static_cast<Real>(part[i]) + random.uniform(2 * i + 1)) / static_cast<Real>(count)));
  }
}

void Sweep::make_sobol(Index points) {
  if (parameters_.empty()) {
    sets_.assign(static_cast<std::size_t>(points), {});
    return;
  }
  boost::random::sobol sequence(parameters_.size());
  constexpr Real unit = 0x1.0p-64;
  for (Index i = 0; i < points; ++i) {
    std::vector<Real> set;
    for (const SweptParameter& parameter : parameters_)
      set.push_back(parameter.at(static_cast<Real>(sequence()) * unit));
    sets_.push_back(std::move(set));
  }
}

}  // namespace starling::datasets
