// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/check/point_check.hpp"

#include <algorithm>
#include <cmath>

namespace starling::datasets::check {
namespace {

// Both are rounded to single precision, times as well.
constexpr Real rounding = 0x1.0p-22;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

PointCheck::PointCheck(const StoredFile& file, const Shape& shape, Findings& findings)
    : shape_(shape) {
  for (const char* group : {"probes", "sensors"})
    if (file.file().has(std::string("/") + group)) read_group(file, group, findings);
  if (file.file().has("/probes")) read_probes(file, findings);
}

std::optional<std::vector<Real>> PointCheck::read(const StoredFile& file, const std::string& name,
                                                  Findings& findings) const {
  const StoredType type = file.dataset("/" + name);
  if (!findings.expect(type.there, "{}: is missing", name)) return std::nullopt;
  if (!findings.expect(
          type.single && type.extents.size() >= 2 && type.extents[0] == shape_.trajectories,
          "{}: is not a row of single precision for each trajectory", name))
    return std::nullopt;
  for (const char* attribute : {"units", "long_name"}) {
    const StoredType text = file.attribute("/" + name, attribute);
    findings.expect(text.text && text.scalar(), "{}: attribute {} is missing", name, attribute);
  }
  std::vector<Real> values = file.file().read_reals("/" + name);
  findings.expect(
      std::all_of(values.begin(), values.end(), [](Real v) { return std::isfinite(v); }),
      "{}: is not finite", name);
  return values;
}

void PointCheck::read_group(const StoredFile& file, const std::string& group, Findings& findings) {
  for (const std::string& name : file.file().datasets("/" + group)) {
    const auto values = read(file, group + "/" + name, findings);
    if (!values) continue;
    if (name == "time") {
      const Real late = shape_.times.back() * (1 + rounding);
      findings.expect(std::all_of(values->begin(), values->end(),
                                  [&](Real t) { return t >= shape_.times.front() && t <= late; }),
                      "{}/time: is outside the time of the frames", group);
    }
    if (name != "place") continue;
    const auto d = at(shape_.grid.dimensions());
    for (std::size_t i = 0; i < values->size(); ++i) {
      const Axis& axis = shape_.grid.axis(static_cast<int>(i % d));
      const Real reach = (1 + rounding) * axis.length();
      if (!findings.expect((*values)[i] >= axis.origin && (*values)[i] <= axis.origin + reach,
                           "{}/place: {} is outside the domain", group, (*values)[i]))
        break;
    }
  }
}

void PointCheck::read_probes(const StoredFile& file, Findings& findings) {
  Findings ignored;
  const auto time = read(file, "probes/time", findings.all().empty() ? findings : ignored);
  const auto place = read(file, "probes/place", ignored);
  if (!time || !place) return;
  looks_ = static_cast<Index>(time->size()) / shape_.trajectories;
  probes_ = static_cast<Index>(place->size()) / (shape_.trajectories * shape_.grid.dimensions());
  time_ = *time;
  place_ = *place;
  const std::string directions = "uvw";
  for (const std::string& name : file.file().datasets("/probes")) {
    if (name == "time" || name == "place") continue;
    Series series{name, shape_.fields.size(), 0, {}};
    for (std::size_t f = 0; f < shape_.fields.size(); ++f) {
      const StoredField& field = shape_.fields[f];
      if (field.name == name && field.order == 0) series.field = f;
      const std::size_t element = directions.find(name);
      if (field.name == "velocity" && field.order == 1 && name.size() == 1 &&
          element < at(field.elements)) {
        series.field = f;
        series.element = static_cast<Index>(element);
      }
    }
    const auto values = read(file, "probes/" + name, ignored);
    if (series.field == shape_.fields.size() || !values ||
        static_cast<Index>(values->size()) != shape_.trajectories * looks_ * probes_)
      continue;
    series.values = *values;
    series_.push_back(std::move(series));
  }
}

// In [x][y][z].
Index PointCheck::point(Index trajectory, Index probe) const {
  const int dimensions = shape_.grid.dimensions();
  Index index = 0;
  for (int d = 0; d < dimensions; ++d) {
    const Axis& axis = shape_.grid.axis(d);
    const Real place = place_[at((trajectory * probes_ + probe) * dimensions + d)];
    const Index i = std::lround((place - axis.origin) / axis.spacing);
    index = index * axis.points + std::clamp<Index>(i, 0, axis.points - 1);
  }
  return index;
}

void PointCheck::frame(Index trajectory, Index frame, const std::vector<std::vector<float>>& fields,
                       Tally& tally) {
  if (series_.empty()) return;
  const Real interval = shape_.times.size() > 1 ? shape_.times[1] - shape_.times[0] : 1;
  for (Index look = 0; look < looks_; ++look) {
    const Real time = time_[at(trajectory * looks_ + look)];
    if (std::abs(time - shape_.times[at(frame)]) > 1e-4 * interval) continue;
    for (const Series& series : series_) {
      const StoredField& field = shape_.fields[series.field];
      for (Index p = 0; p < probes_; ++p) {
        const Real seen = series.values[at((trajectory * looks_ + look) * probes_ + p)];
        const Real there =
            field.scale *
            static_cast<Real>(
                fields[series.field][at(point(trajectory, p) * field.elements + series.element)]);
        if (std::abs(seen - there) > rounding * std::abs(there) + 0x1.0p-140) {
          tally.note("probes/" + series.name + ": is not what the frame has there", trajectory,
                     frame, fmt::format("probe {}: {:.7g}, not {:.7g}", p, seen, there));
          break;
        }
      }
    }
  }
}

}  // namespace starling::datasets::check
