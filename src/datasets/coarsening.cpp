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
  coarsen(fine);
  if (!walls_) return coarse_.to_values(coarse, result_.data());
  coarse_.to_values(coarse_values_.data(), result_.data());
  restrict_to_grid(coarse, coarse_values_);
}

void Coarsening::apply_divergence(Real* coarse, const std::vector<const Real*>& flux) {
  std::vector<Complex> divergence(spectrum_.size(), Complex(0, 0));
  for (int d = 0; d < dimensions_; ++d) {
    fine_.to_coefficients(spectrum_.data(), flux[at(d)]);
    fine_.add_derivative(divergence.data(), spectrum_.data(), d);
  }
  apply(coarse, divergence.data());
}

void Coarsening::coarse_divergence(Real* out, const std::vector<const Real*>& flux) {
  std::fill(result_.begin(), result_.end(), Complex(0, 0));
  add_divergence(flux);
  coarse_.to_values(out, result_.data());
}

void Coarsening::divergence_difference(Real* out, const std::vector<const Real*>& flux, Real factor,
                                       const Complex* fine) {
  coarsen(fine);
  for (Complex& c : result_) c *= -factor;
  add_divergence(flux);
  coarse_.to_values(out, result_.data());
}

void Coarsening::add_divergence(const std::vector<const Real*>& flux) {
  for (int d = 0; d < dimensions_; ++d) {
    coarse_.to_coefficients(spectrum_.data(), flux[at(d)]);
    coarse_.add_derivative(result_.data(), spectrum_.data(), d);
  }
}

void Coarsening::coarsen(const Complex* fine) {
  if (kind_ == CoarseOperator::box) return fold(fine);
  for (std::size_t i = 0; i < result_.size(); ++i) result_[i] = factor_[i] * fine[source_[i]];
}

// A coarse grid sees all fine modes that are the same at its points: of a row of modes those a
// multiple of mx apart, and with the opposite sign.
void Coarsening::fold(const Complex* fine) {
  std::fill(result_.begin(), result_.end(), Complex(0, 0));
  const auto [mx, my, mz] = points_;
  const Index nx = mx * ratio_[0], ny = my * ratio_[1], nz = mz * ratio_[2];
  const Real* factor = axis_factors_[0].data();
  for (Index z = 0; z < nz; ++z)
    for (Index y = 0; y < ny; ++y, fine += nx / 2 + 1) {
      const Real row = axis_factors_[2][at(z)] * axis_factors_[1][at(y)];
      Complex* to = result_.data() + (z % mz * my + y % my) * (mx / 2 + 1);
      Complex* mirrored = result_.data() + ((nz - z) % mz * my + (ny - y) % my) * (mx / 2 + 1);
      for (Index first = 0; first - mx / 2 <= nx / 2; first += mx) {
        // Modes first - m, then first + m.
        const Index begin = first == 0 ? mx : std::max<Index>(first - (nx - 1) / 2, 0);
        for (Index m = begin; m <= mx / 2; ++m)
          mirrored[m] += row * factor[first - m] * Kokkos::conj(fine[first - m]);
        for (Index m = 0; m <= std::min(mx / 2, nx / 2 - first); ++m)
          to[m] += row * factor[first + m] * fine[first + m];
      }
    }
}

}  // namespace starling::datasets
