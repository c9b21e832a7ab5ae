// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/check/spectrum.hpp"

#include "models/terms.hpp"

#include <algorithm>
#include <cmath>

namespace starling::datasets::check {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

bool has_spectrum(const Domain& grid) {
  for (int d = 0; d < grid.dimensions(); ++d)
    if (grid.axis(d).points % 2 != 0) return false;
  return grid.periodic();
}

Index resolution_factor(const Origin* origin) {
  if (origin == nullptr) return 2;
  if (origin->of_model<std::string>("dealiasing").value_or("") != "truncation") return 2;
  Index degree = 2;
  if (const auto terms = origin->of_model<Table>("terms")) {
    degree = 1;
    for (const auto& [name, value] : *terms)
      degree = std::max<Index>(degree, models::parse_term(name, value).power + 1);
  }
  return std::max<Index>(degree + 1, 2);
}

bool resolves(const Domain& grid, Index factor, const std::array<Index, 3>& mode) {
  for (int d = 0; d < grid.dimensions(); ++d)
    if (factor * std::abs(mode[at(d)]) >= grid.axis(d).points) return false;
  return true;
}

Real weight_of(const Domain& grid, const std::array<Index, 3>& mode) {
  return mode[0] == 0 || 2 * mode[0] == grid.axis(0).points ? 1 : 2;
}

bool is_nonlinear(const std::string& name) {
  return name == "q_criterion" || name == "vorticity_magnitude";
}

void take_element(Real* out, const float* numbers, const Domain& grid, const StoredField& field,
                  Index element) {
  std::array<Index, 3> n = {1, 1, 1};
  for (int d = 0; d < grid.dimensions(); ++d) n[at(d)] = grid.axis(d).points;
  Index i = element;
  for (Index x = 0; x < n[0]; ++x)
    for (Index y = 0; y < n[1]; ++y)
      for (Index z = 0; z < n[2]; ++z, i += field.elements)
        out[(z * n[1] + y) * n[0] + x] = field.scale * static_cast<Real>(numbers[i]);
}

}  // namespace starling::datasets::check
