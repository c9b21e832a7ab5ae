// SPDX-License-Identifier: BSD-3-Clause
#include "models/box_model.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace starling::models {
namespace {

using spectral::BoxTransform;
using spectral::Dealiasing;
using spectral::Planning;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

BoxTransform::Settings transform_settings(const BoxModel::Settings& settings, Index most_fields,
                                          MPI_Comm space) {
  BoxTransform::Settings made;
  made.dealiasing = settings.dealiasing;
  made.degree = settings.degree;
  made.planning = settings.planning;
  made.space = space;
  made.most_fields = most_fields;
  return made;
}

const char* axes(int dimensions) { return dimensions == 2 ? "x and y" : "x, y and z"; }

template <class List>
const List& one_each(const Section& section, const char* key, const List& list, int dimensions) {
  if (std::ssize(list) != dimensions)
    section.fail(key, fmt::format("is not {} numbers", dimensions),
                 fmt::format("{}: of {}", dimensions, axes(dimensions)));
  return list;
}

}  // namespace

Schema BoxModel::keys(int dimensions) {
  const std::string of = axes(dimensions);
  return {
      Key::integers("points", "grid points of " + of).at_least(4).even(),
      Key::reals("lengths", "periods of " + of).above(0),
      Key::text("dealiasing",
                "truncation: fewer modes than points; padding: products on more points; none")
          .one_of({"truncation", "padding", "none"})
          .otherwise("truncation"),
      Key::text("fft", "FFTW planning; measured repeats bits only with its stored wisdom")
          .one_of({"estimate", "measured"})
          .otherwise("estimate"),
      Key::text("wisdom", "file of measured plans").otherwise("fftw.wisdom"),
  };
}

BoxModel::Settings BoxModel::settings(const Section& section, int dimensions) {
  const auto& n = one_each(section, "points", section.integers("points"), dimensions);
  const auto& l = one_each(section, "lengths", section.reals("lengths"), dimensions);
  Settings settings(dimensions == 2 ? spectral::Box(n[0], n[1], l[0], l[1])
                                    : spectral::Box(n[0], n[1], n[2], l[0], l[1], l[2]));
  const std::string& dealiasing = section.text("dealiasing");
  settings.dealiasing = dealiasing == "truncation" ? Dealiasing::truncation
                        : dealiasing == "padding"  ? Dealiasing::padding
                                                   : Dealiasing::none;
  settings.planning = section.text("fft") == "estimate" ? Planning::estimate : Planning::measured;
  return settings;
}

BoxModel::BoxModel(const Settings& settings, std::vector<Component> components, Index in, Index out,
                   MPI_Comm space)
    : components_(std::move(components)),
      in_(in),
      out_(out),
      space_(space),
      transform_(settings.box, transform_settings(settings, std::max({in, out, fields()}), space)) {
  const Index n = coefficients(), most = std::max({in_, out_, fields()});
  k_ = Array<Real*>("box_model::k", at(3 * n));
  for (Index i = 0; i < n; ++i)
    for (Index axis = 0; axis < 3; ++axis)
      k_(at(axis * n + i)) = transform_.wavenumber(i)[at(axis)];
  work_ = Array<Complex*>("box_model::work", at(most * n));
  values_ = Array<Real*>("box_model::values", at(most * transform_.points()));
}

Columns BoxModel::value_columns() const {
  return Columns(transform_.all_points(), transform_.point_pieces()).repeated(fields());
}

Columns BoxModel::state_columns() const {
  std::vector<Range> pieces = transform_.coefficient_pieces();
  for (Range& each : pieces) each = {2 * each.begin, 2 * each.end};
  return Columns(2 * transform_.all_coefficients(), pieces).repeated(fields());
}

Domain BoxModel::domain() const {
  const spectral::Box& box = transform_.box();
  std::vector<Axis> grid;
  for (int d = 0; d < box.dimensions; ++d)
    grid.push_back({box.points[at(d)], 0, box.spacing(d), true});
  return Domain(std::move(grid), components_);
}

void BoxModel::nonlinear(Rows out, ConstRows u, Real t) {
  for (Index s = 0; s < rows_of(u); ++s)
    rate(reinterpret_cast<Complex*>(out.data() + s * width()),
         reinterpret_cast<const Complex*>(u.data() + s * width()), t);
}

void BoxModel::to_physical(Rows members, ConstRows states) const {
  for (Index s = 0; s < rows_of(states); ++s)
    transform_.to_points(members.data() + s * dofs(),
                         reinterpret_cast<const Complex*>(states.data() + s * width()), fields());
}

void BoxModel::to_states(Rows states, ConstRows members) const {
  for (Index s = 0; s < rows_of(states); ++s)
    transform_.to_coefficients(reinterpret_cast<Complex*>(states.data() + s * width()),
                               members.data() + s * dofs(), fields());
}

Real BoxModel::flops() const {
  Real points = 1;
  for (int axis = 0; axis < transform_.box().dimensions; ++axis)
    points *= static_cast<Real>(transform_.product_points(axis));
  return static_cast<Real>(in_ + out_) * points * (2.5 * std::log2(points) + 4) +
         10 * static_cast<Real>(width());
}

std::vector<std::complex<Real>> BoxModel::diagonal(
    const std::function<std::complex<Real>(Index field, const std::array<Real, 3>& k)>& symbol)
    const {
  std::vector<std::complex<Real>> all;
  all.reserve(at(fields() * coefficients()));
  for (Index field = 0; field < fields(); ++field)
    for (Index i = 0; i < coefficients(); ++i)
      all.push_back(symbol(field, transform_.wavenumber(i)));
  return all;
}

void BoxModel::set_fields(Real* member,
                          const std::function<void(Real* fields, const Point& x)>& f) const {
  const Domain grid = domain();
  std::vector<Real> at_point(at(fields()));
  for (const Range& piece : transform_.point_pieces())
    for (Index i = piece.begin; i < piece.end; ++i, ++member) {
      f(at_point.data(), grid.point(i));
      for (Index field = 0; field < fields(); ++field)
        member[field * transform_.points()] = at_point[at(field)];
    }
}

void BoxModel::add_over_space(Real* sums, Index count) const {
  if (size_of(space_) == 1) return;
  STARLING_MPI(
      MPI_Allreduce(MPI_IN_PLACE, sums, static_cast<int>(count), MPI_DOUBLE, MPI_SUM, space_));
}

Real BoxModel::largest_over_space(Real mine) const {
  if (size_of(space_) > 1)
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &mine, 1, MPI_DOUBLE, MPI_MAX, space_));
  return mine;
}

Real BoxModel::response(const std::array<Index, 3>& mode) const {
  return transform_.keeps(mode) ? 1 : 0;
}

}  // namespace starling::models
