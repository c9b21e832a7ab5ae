// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/coarsening.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace starling::datasets {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

const std::vector<std::string>& coarse_operators() {
  static const std::vector<std::string> all = {"op1", "op2", "op3"};
  return all;
}

std::string name_of(CoarseOperator kind) {
  return coarse_operators()[static_cast<std::size_t>(kind)];
}

CoarseOperator coarse_operator(const std::string& name) {
  const auto& all = coarse_operators();
  const auto found = std::find(all.begin(), all.end(), name);
  STARLING_ASSERT(found != all.end());
  return static_cast<CoarseOperator>(found - all.begin());
}

Domain odd_extension(const Domain& grid) {
  std::vector<Axis> axes;
  for (int d = 0; d < grid.dimensions(); ++d) {
    Axis axis = grid.axis(d);
    if (!axis.periodic)
      axis = {2 * (axis.points + 1), axis.origin - axis.spacing, axis.spacing, true};
    axes.push_back(axis);
  }
  return Domain(axes, grid.components());
}

// Odd in each direction that has walls, zero there.
void extend_oddly(Real* out, const Real* values, const Domain& grid) {
  std::array<Index, 3> n = {1, 1, 1}, all = {1, 1, 1};
  for (int d = 0; d < grid.dimensions(); ++d) {
    n[at(d)] = all[at(d)] = grid.axis(d).points;
    if (!grid.axis(d).periodic) all[at(d)] = 2 * (n[at(d)] + 1);
  }
  const auto place = [](Index i, Index points, Index size, Real& sign) -> Index {
    if (points == size) return i;
    if (i == 0 || i == points + 1) sign = 0;
    if (i > points + 1) sign = -sign;
    return i <= points ? std::max<Index>(i - 1, 0) : std::min(points - 1, 2 * points + 1 - i);
  };
  for (Index k = 0; k < all[2]; ++k)
    for (Index j = 0; j < all[1]; ++j)
      for (Index i = 0; i < all[0]; ++i) {
        Real sign = 1;
        const Index x = place(i, n[0], all[0], sign), y = place(j, n[1], all[1], sign);
        const Index z = place(k, n[2], all[2], sign);
        *out++ = sign * values[(z * n[1] + y) * n[0] + x];
      }
}

Coarsening::Coarsening(const Domain& fine_grid, const Domain& coarse_grid, CoarseOperator kind,
                       const Response& response)
    : kind_(kind),
      dimensions_(fine_grid.dimensions()),
      walls_(!fine_grid.periodic()),
      fine_grid_(fine_grid),
      fine_(odd_extension(fine_grid)),
      coarse_(odd_extension(coarse_grid)) {
  const Domain fine = odd_extension(fine_grid), coarse = odd_extension(coarse_grid);
  for (int d = 0; d < dimensions_; ++d) {
    fine_size_[at(d)] = fine_grid.axis(d).points;
    coarse_size_[at(d)] = coarse_grid.axis(d).points;
    require(fine_grid.axis(d).periodic == coarse_grid.axis(d).periodic,
            "a periodic grid for one between walls; allowed: both the same");
  }
  for (int d = 0; d < dimensions_; ++d) {
    const Index n = fine.axis(d).points, m = coarse.axis(d).points;
    require(coarse.dimensions() == dimensions_ && m <= n &&
                std::abs(coarse.axis(d).length() / fine.axis(d).length() - 1) < 1e-12,
            "a grid of {} points on a length {} is to be coarsened to {} points on a length {}; "
            "allowed: as many or fewer points, on the same length",
            n, fine.axis(d).length(), m, coarse.axis(d).length());
    require(kind != CoarseOperator::box || n % m == 0,
            "op3 of a grid of {} points for one of {}; allowed: a whole ratio", n, m);
    points_[at(d)] = m;
    ratio_[at(d)] = n / m;
  }
  result_.resize(at(coarse_.coefficients()));
  spectrum_.resize(at(fine_.coefficients()));
  if (kind == CoarseOperator::box)
    find_axis_factors();
  else
    find_factors(response);
  if (!walls_) return;
  extended_.resize(at(fine_.points()));
  coarse_values_.resize(at(coarse_.points()));
}

void Coarsening::find_factors(const Response& response) {
  for (Index i = 0; i < coarse_.coefficients(); ++i) {
    const auto mode = coarse_.mode(i);
    Real factor = kind_ == CoarseOperator::sharp ? response(mode) : 1, squares = 0;
    for (int d = 0; d < dimensions_; ++d) {
      // The coarse Nyquist mode belongs to no side.
      if (2 * mode[at(d)] == points_[at(d)]) factor = 0;
      const Real k =
          2 * std::numbers::pi * static_cast<Real>(mode[at(d)]) / static_cast<Real>(points_[at(d)]);
      squares += k * k * 4;
    }
    if (kind_ == CoarseOperator::gaussian) factor *= std::exp(-squares / 24);
    factor_.push_back(factor);
    source_.push_back(fine_.place(mode));
  }
}

// Of a mode of one direction: the discrete Gaussian, and the mean over r points with its centre at
// the first of them, sin(k r/2) / (r sin(k/2)).
void Coarsening::find_axis_factors() {
  for (int d = 0; d < 3; ++d) {
    const Index n = points_[at(d)] * ratio_[at(d)];
    const auto r = static_cast<Real>(ratio_[at(d)]);
    for (Index m = 0; m < n; ++m) {
      const Real k =
          2 * std::numbers::pi * static_cast<Real>(m <= n / 2 ? m : m - n) / static_cast<Real>(n);
      Real mean = m == 0 ? 1 : std::sin(k * r / 2) / (r * std::sin(k / 2));
      // No shift of the fine Nyquist mode.
      if (d < dimensions_ && 2 * m == n) mean = ratio_[at(d)] % 2 == 0 ? 0 : 1 / r;
      axis_factors_[at(d)].push_back(mean * std::exp(-r * r * 2 * (1 - std::cos(k)) / 24));
    }
  }
}

void Coarsening::restrict_to_grid(Real* out, const std::vector<Real>& values) const {
  const auto [nx, ny, nz] = coarse_size_;
  std::array<Index, 3> first = {0, 0, 0};
  for (int d = 0; d < dimensions_; ++d)
    if (points_[at(d)] != coarse_size_[at(d)]) first[at(d)] = 1;
  for (Index z = 0; z < nz; ++z)
    for (Index y = 0; y < ny; ++y)
      for (Index x = 0; x < nx; ++x)
        *out++ =
            values[at(((z + first[2]) * points_[1] + y + first[1]) * points_[0] + x + first[0])];
}

void Coarsening::apply(Real* coarse, const Real* fine) {
  if (walls_) {
    extend_oddly(extended_.data(), fine, fine_grid_);
    fine = extended_.data();
  }
  fine_.to_coefficients(spectrum_.data(), fine);
  apply(coarse, spectrum_.data());
}

void Coarsening::apply(Real* coarse, const Complex* fine) {
  const auto value = [&](Index i) { return fine[i]; };
  if (!walls_) return finish(coarse, value);
  finish(coarse_values_.data(), value);
  restrict_to_grid(coarse, coarse_values_);
}

void Coarsening::apply_divergence(Real* coarse, const std::vector<const Real*>& flux) {
  std::vector<std::vector<Complex>> spectra;
  std::vector<const Complex*> pointers;
  for (int d = 0; d < dimensions_; ++d) {
    spectra.emplace_back(spectrum_.size());
    fine_.to_coefficients(spectra.back().data(), flux[at(d)]);
    pointers.push_back(spectra.back().data());
  }
  apply_divergence(coarse, pointers);
}

void Coarsening::apply_divergence(Real* coarse, const std::vector<const Complex*>& flux) {
  finish(coarse, [&](Index i) {
    Complex sum(0, 0);
    for (int d = 0; d < dimensions_; ++d) {
      const Real k = fine_.wavenumber(d)[i];
      const Complex value = flux[at(d)][i];
      sum += Complex(-k * value.imag(), k * value.real());
    }
    return sum;
  });
}

void Coarsening::coarse_divergence(Real* out, const std::vector<const Real*>& flux) {
  std::fill(result_.begin(), result_.end(), Complex(0, 0));
  std::vector<Complex>& field = spectrum_;
  for (int d = 0; d < dimensions_; ++d) {
    coarse_.to_coefficients(field.data(), flux[at(d)]);
    const Real* k = coarse_.wavenumber(d);
    for (std::size_t i = 0; i < result_.size(); ++i)
      result_[i] += Complex(-k[i] * field[i].imag(), k[i] * field[i].real());
  }
  coarse_.to_values(out, result_.data());
}

// `value` gives coefficients on the fine grid by their number.
template <class Value>
void Coarsening::finish(Real* coarse, const Value& value) {
  if (kind_ == CoarseOperator::box)
    fold(value);
  else
    for (std::size_t i = 0; i < result_.size(); ++i) result_[i] = factor_[i] * value(source_[i]);
  coarse_.to_values(coarse, result_.data());
}

// A coarse grid sees all fine modes that are the same at its points.
template <class Value>
void Coarsening::fold(const Value& value) {
  std::fill(result_.begin(), result_.end(), Complex(0, 0));
  const auto [mx, my, mz] = points_;
  const Index nx = mx * ratio_[0], ny = my * ratio_[1], nz = mz * ratio_[2];
  const Index half = mx / 2 + 1;
  Index from = 0;
  for (Index z = 0; z < nz; ++z)
    for (Index y = 0; y < ny; ++y) {
      const Real factor = axis_factors_[2][at(z)] * axis_factors_[1][at(y)];
      Complex* to = result_.data() + (z % mz * my + y % my) * half;
      // Of the modes with the opposite sign.
      Complex* mirrored = result_.data() + ((nz - z) % mz * my + (ny - y) % my) * half;
      for (Index x = 0, place = 0; x <= nx / 2; ++x, ++from) {
        const Complex c = factor * axis_factors_[0][at(x)] * value(from);
        if (place < half) to[place] += c;
        const Index other = place == 0 ? 0 : mx - place;
        if (other < half && x > 0 && 2 * x < nx) mirrored[other] += Kokkos::conj(c);
        if (++place == mx) place = 0;
      }
    }
}

}  // namespace starling::datasets
