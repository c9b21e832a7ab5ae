// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/coarsening.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace starling::datasets {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

void add_derivative(std::vector<Complex>& sum, const std::vector<Complex>& field, const Real* k) {
  for (std::size_t i = 0; i < sum.size(); ++i)
    sum[i] += Complex(-k[i] * field[i].imag(), k[i] * field[i].real());
}

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

Coarsening::Coarsening(const Domain& fine_grid, const Domain& coarse_grid, CoarseOperator kind,
                       const Response& response)
    : kind_(kind),
      dimensions_(fine_grid.dimensions()),
      walls_(!fine_grid.periodic()),
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
  const Index coefficients =
      kind == CoarseOperator::box ? fine_.coefficients() : coarse_.coefficients();
  for (Index i = 0; i < coefficients; ++i) {
    const auto mode = kind == CoarseOperator::box ? fine_.mode(i) : coarse_.mode(i);
    Real factor = 1, exponent = 0, angle = 0;
    for (int d = 0; d < dimensions_; ++d) {
      const auto n = static_cast<Real>(fine.axis(d).points);
      const Real k = 2 * std::numbers::pi * static_cast<Real>(mode[at(d)]) / n;
      const auto r = static_cast<Real>(ratio_[at(d)]);
      if (kind == CoarseOperator::box) {
        exponent += r * r * 2 * (1 - std::cos(k));
        if (2 * mode[at(d)] != fine.axis(d).points) angle -= k * (r - 1) / 2;
      } else {
        // The coarse Nyquist mode belongs to no side.
        if (2 * mode[at(d)] == points_[at(d)]) factor = 0;
        const Real length = n / static_cast<Real>(points_[at(d)]);
        exponent += k * k * 4 * length * length;
      }
    }
    if (kind == CoarseOperator::sharp) factor *= response(mode);
    if (kind != CoarseOperator::sharp) factor *= std::exp(-exponent / 24);
    factor_.push_back(factor);
    if (kind == CoarseOperator::box)
      phase_.emplace_back(factor * std::cos(angle), factor * std::sin(angle));
    else
      source_.push_back(fine_.place(mode));
  }
  spectrum_.resize(at(fine_.coefficients()));
  sum_.resize(spectrum_.size());
  result_.resize(at(coarse_.coefficients()));
  values_.resize(at(fine_.points()));
  if (!walls_) return;
  extended_.resize(values_.size());
  coarse_values_.resize(at(coarse_.points()));
}

// Odd in each direction that has walls, zero there.
const Real* Coarsening::extended(const Real* fine) {
  if (!walls_) return fine;
  const auto [nx, ny, nz] = fine_size_;
  std::array<Index, 3> all = {1, 1, 1};
  for (int d = 0; d < dimensions_; ++d) all[at(d)] = points_[at(d)] * ratio_[at(d)];
  const auto place = [](Index i, Index n, Index size, Real& sign) -> Index {
    if (n == size) return i;
    if (i == 0 || i == n + 1) sign = 0;
    if (i > n + 1) sign = -sign;
    return i <= n ? std::max<Index>(i - 1, 0) : std::min(n - 1, 2 * n + 1 - i);
  };
  Real* out = extended_.data();
  for (Index k = 0; k < all[2]; ++k)
    for (Index j = 0; j < all[1]; ++j)
      for (Index i = 0; i < all[0]; ++i) {
        Real sign = 1;
        const Index x = place(i, nx, all[0], sign), y = place(j, ny, all[1], sign);
        const Index z = place(k, nz, all[2], sign);
        *out++ = sign * fine[(z * ny + y) * nx + x];
      }
  return extended_.data();
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
  fine_.to_coefficients(sum_.data(), extended(fine));
  if (!walls_) return finish(coarse);
  finish(coarse_values_.data());
  restrict_to_grid(coarse, coarse_values_);
}

void Coarsening::apply_divergence(Real* coarse, const std::vector<const Real*>& flux) {
  std::fill(sum_.begin(), sum_.end(), Complex(0, 0));
  for (int d = 0; d < dimensions_; ++d) {
    fine_.to_coefficients(spectrum_.data(), flux[at(d)]);
    add_derivative(sum_, spectrum_, fine_.wavenumber(d));
  }
  finish(coarse);
}

void Coarsening::coarse_divergence(Real* out, const std::vector<const Real*>& flux) {
  std::fill(result_.begin(), result_.end(), Complex(0, 0));
  std::vector<Complex>& field = spectrum_;
  for (int d = 0; d < dimensions_; ++d) {
    coarse_.to_coefficients(field.data(), flux[at(d)]);
    add_derivative(result_, field, coarse_.wavenumber(d));
  }
  coarse_.to_values(out, result_.data());
}

void Coarsening::finish(Real* coarse) {
  if (kind_ == CoarseOperator::box) {
    for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] *= phase_[i];
    fine_.to_values(values_.data(), sum_.data());
    return block_means(coarse);
  }
  for (std::size_t i = 0; i < result_.size(); ++i) result_[i] = factor_[i] * sum_[at(source_[i])];
  coarse_.to_values(coarse, result_.data());
}

void Coarsening::block_means(Real* coarse) const {
  const auto [nx, ny, nz] = points_;
  const auto [rx, ry, rz] = ratio_;
  const Index row = nx * rx, plane = row * ny * ry;
  const Real share = 1 / static_cast<Real>(rx * ry * rz);
  for (Index z = 0; z < nz; ++z)
    for (Index y = 0; y < ny; ++y)
      for (Index x = 0; x < nx; ++x) {
        Real sum = 0;
        for (Index c = z * rz; c < (z + 1) * rz; ++c)
          for (Index b = y * ry; b < (y + 1) * ry; ++b)
            for (Index a = x * rx; a < (x + 1) * rx; ++a)
              sum += values_[at(c * plane + b * row + a)];
        *coarse++ = share * sum;
      }
}

}  // namespace starling::datasets
