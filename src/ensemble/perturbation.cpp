// SPDX-License-Identifier: BSD-3-Clause
#include "ensemble/perturbation.hpp"

#include "core/error.hpp"

#include <fftw3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <functional>
#include <numbers>
#include <numeric>
#include <utility>

namespace starling::ensemble {
namespace {

// Modes of an axis below Nyquist: -(count - 1), ..., count - 1.
Index modes_below_nyquist(Index points) { return (points + 1) / 2; }

// 0, 1, 2, ... for modes 0, 1, -1, 2, -2, ...
std::uint64_t folded(Index mode) {
  return static_cast<std::uint64_t>(mode > 0 ? 2 * mode - 1 : -2 * mode);
}

// The number of the mode (0, y, z) of a component, before those of (1, y, z) and so on: the same on
// every grid.
std::uint64_t number_of(Index component, Index y, Index z) {
  return (static_cast<std::uint64_t>(component) << 54) + (folded(z) << 36) + (folded(y) << 18);
}

}  // namespace

// Coefficients of a real field in the order of FFTW, [z][y][x] with modes x = 0, 1, ... only, the
// other half being their complex conjugates.
struct Perturbation::Box {
  Box(const Domain& domain, const std::function<Real(Real)>& amplitude_of);
  ~Box();
  Box(const Box&) = delete;
  Box& operator=(const Box&) = delete;

  // field = the random field of a component with standard deviation 1.
  void draw(const Stream& stream, Index component);

  Index width, height, depth;   // points along x, y, z
  Index row;                    // coefficients along x
  std::vector<Real> amplitude;  // of coefficients, divided by 2
  std::vector<Real> normals;    // of one row
  std::complex<Real>* coefficients;
  Real* field;
  fftw_plan plan;
};

Perturbation::Box::Box(const Domain& domain, const std::function<Real(Real)>& amplitude_of)
    : width(domain.axis(0).points),
      height(domain.axis(1).points),
      depth(domain.dimensions() > 2 ? domain.axis(2).points : 1),
      row(width / 2 + 1),
      amplitude(static_cast<std::size_t>(row * height * depth)),
      normals(static_cast<std::size_t>(2 * row)) {
  const auto squared = [&](int d, Index mode) {
    const Real k = d < domain.dimensions()
                       ? 2 * std::numbers::pi / domain.axis(d).length() * static_cast<Real>(mode)
                       : 0;
    return k * k;
  };
  Real variance = 0;
  for (Index z = 0; z < depth; ++z)
    for (Index y = 0; y < height; ++y)
      for (Index x = 0; x < modes_below_nyquist(width); ++x) {
        const Index mode_y = y <= height / 2 ? y : y - height;
        const Index mode_z = z <= depth / 2 ? z : z - depth;
        if (std::abs(mode_y) >= modes_below_nyquist(height) ||
            std::abs(mode_z) >= modes_below_nyquist(depth) ||
            (x == 0 && mode_y == 0 && mode_z == 0))
          continue;
        const Real k = std::sqrt(squared(0, x) + squared(1, mode_y) + squared(2, mode_z));
        Real& each = amplitude[static_cast<std::size_t>((z * height + y) * row + x)];
        each = amplitude_of(k);
        // Both x = 0 and its conjugate are among the coefficients.
        variance += x == 0 ? each * each / 2 : each * each;
      }
  const Real scale = variance > 0 ? 0.5 / std::sqrt(variance) : 0;
  for (Real& each : amplitude) each *= scale;
  coefficients = reinterpret_cast<std::complex<Real>*>(fftw_alloc_complex(amplitude.size()));
  field = fftw_alloc_real(static_cast<std::size_t>(width * height * depth));
  const std::array<int, 3> sizes = {static_cast<int>(depth), static_cast<int>(height),
                                    static_cast<int>(width)};
  const int rank = domain.dimensions();
  plan = fftw_plan_dft_c2r(rank, sizes.data() + (3 - rank),
                           reinterpret_cast<fftw_complex*>(coefficients), field, FFTW_ESTIMATE);
  require(plan != nullptr, "FFTW has no transform of {} x {} x {} points", width, height, depth);
}

Perturbation::Box::~Box() {
  fftw_destroy_plan(plan);
  fftw_free(field);
  fftw_free(coefficients);
}

void Perturbation::Box::draw(const Stream& stream, Index component) {
  const Index modes = modes_below_nyquist(width);
  for (Index z = 0; z < depth; ++z)
    for (Index y = 0; y < height; ++y) {
      const Index mode_y = y <= height / 2 ? y : y - height;
      const Index mode_z = z <= depth / 2 ? z : z - depth;
      const Index first = (z * height + y) * row;
      stream.normals(normals.data(), 2 * modes, 2 * number_of(component, mode_y, mode_z));
      std::fill_n(coefficients + first, row, 0);
      for (Index x = 0; x < modes; ++x) {
        const auto at = static_cast<std::size_t>(2 * x);
        coefficients[first + x] = amplitude[static_cast<std::size_t>(first + x)] *
                                  std::complex<Real>(normals[at], -normals[at + 1]);
      }
    }
  // Of (0, y, z) and (0, -y, -z), the one drawn last is the conjugate of the other.
  for (Index z = 0; z < depth; ++z)
    for (Index y = 0; y < height; ++y) {
      const Index other = ((depth - z) % depth * height + (height - y) % height) * row;
      const Index one = (z * height + y) * row;
      const Index mode_y = y <= height / 2 ? y : y - height;
      const Index mode_z = z <= depth / 2 ? z : z - depth;
      if (mode_z < 0 || (mode_z == 0 && mode_y < 0))
        coefficients[one] = std::conj(coefficients[other]);
    }
  fftw_execute(plan);
}

const Schema& Perturbation::schema() {
  static const Schema keys =
      Schema{
          Key::real("std", "standard deviation of the perturbations [units of the field]")
              .at_least(0)
              .otherwise(1.0),
      } +
      spectrum_schema();
  return keys;
}

const Schema& Perturbation::spectrum_schema() {
  static const Schema keys = {
      Key::text("spectrum", "of the perturbations: white, gaussian exp(-(k l)^2/2), power k^-slope")
          .one_of({"white", "gaussian", "power"})
          .otherwise("white"),
      Key::real("correlation_length", "l of the gaussian spectrum [length units]")
          .above(0)
          .otherwise(1.0),
      Key::real("slope", "of the power spectrum").at_least(0).otherwise(3.0),
  };
  return keys;
}

Perturbation::Perturbation(const Section& section, const Domain& domain)
    : Perturbation(section, domain, Columns(domain.values())) {}

Perturbation::Perturbation(const Section& section, const Domain& domain, Columns values)
    : domain_(domain),
      values_(std::move(values)),
      std_(section.real("std")),
      white_(section.text("spectrum") == "white") {
  STARLING_ASSERT(values_.all() == domain.values());
  if (white_) return;
  if (!domain.periodic()) section.fail("spectrum", "the domain is not periodic", "white");
  const Real length = section.real("correlation_length"), slope = section.real("slope");
  const bool power = section.text("spectrum") == "power";
  const auto amplitude_of = [=](Real k) {
    return power ? std::pow(k, -slope / 2) : std::exp(-k * length * k * length / 4);
  };
  Real variance = 0;
  if (domain.dimensions() == 1) {
    for (Index mode = 1; mode < modes_below_nyquist(domain.axis().points); ++mode)
      amplitude_.push_back(
          amplitude_of(2 * std::numbers::pi / domain.axis().length() * static_cast<Real>(mode)));
    // The variance at a point is the sum of the squared amplitudes.
    variance = std::inner_product(amplitude_.begin(), amplitude_.end(), amplitude_.begin(), 0.0);
    for (Real& a : amplitude_) a *= std_ / std::sqrt(variance);
  } else {
    box_ = std::make_shared<Box>(domain, amplitude_of);
    variance = *std::max_element(box_->amplitude.begin(), box_->amplitude.end());
  }
  if (!(variance > 0))
    section.fail("correlation_length", "no mode of this domain has any variance",
                 "less than the length of the domain");
}

void Perturbation::add(Real* member, const Stream& stream) const {
  if (white_) {
    add_white(member, stream);
  } else if (box_) {
    add_box(member, stream);
  } else {
    add_line(member, stream);
  }
}

void Perturbation::add_white(Real* member, const Stream& stream) const {
  std::array<Real, 64> some;  // a multiple of the four that are drawn together
  for (const Range& piece : values_.pieces())
    for (Index first = piece.begin; first < piece.end;) {
      const Index count = std::min(64 - first % 64, piece.end - first);
      stream.normals(some.data(), count, static_cast<std::uint64_t>(first));
      for (Index j = 0; j < count; ++j) *member++ += std_ * some[static_cast<std::size_t>(j)];
      first += count;
    }
}

void Perturbation::add_line(Real* member, const Stream& stream) const {
  const Index n = domain_.axis().points;
  for (const Range& piece : values_.pieces())
    for (Index begin = piece.begin; begin < piece.end;) {
      const Index component = begin / n, count = std::min(piece.end, (component + 1) * n) - begin;
      const std::uint64_t numbers = 2 * amplitude_.size() * static_cast<std::uint64_t>(component);
      for (std::size_t i = 0; i < amplitude_.size(); ++i) {
        const Real a = amplitude_[i] * stream.normal(numbers + 2 * i),
                   b = amplitude_[i] * stream.normal(numbers + 2 * i + 1);
        const auto mode = static_cast<Index>(i) + 1;
        for (Index j = 0; j < count; ++j) {
          const Real angle = 2 * std::numbers::pi * static_cast<Real>(mode * (begin % n + j) % n) /
                             static_cast<Real>(n);
          member[j] += a * std::cos(angle) + b * std::sin(angle);
        }
      }
      member += count;
      begin += count;
    }
}

void Perturbation::add_box(Real* member, const Stream& stream) const {
  const Index points = domain_.points();
  Index drawn = -1;  // the component that is in the field
  for (const Range& piece : values_.pieces())
    for (Index begin = piece.begin; begin < piece.end;) {
      const Index component = begin / points;
      const Index count = std::min(piece.end, (component + 1) * points) - begin;
      if (component != drawn) box_->draw(stream, component);
      drawn = component;
      const Real* field = box_->field + begin % points;
      for (Index j = 0; j < count; ++j) member[j] += std_ * field[j];
      member += count;
      begin += count;
    }
}

}  // namespace starling::ensemble
