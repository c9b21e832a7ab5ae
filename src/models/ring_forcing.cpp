// SPDX-License-Identifier: BSD-3-Clause
#include "models/ring_forcing.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "core/random.hpp"
#include "models/initial_flow2d.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace starling::models {

RingForcing::RingForcing(const spectral::BoxTransform& transform, const Settings& settings,
                         MPI_Comm space)
    : settings_(settings), space_(space) {
  for (Index i = 0; i < transform.coefficients(); ++i) {
    const auto m = transform.mode(i);
    const auto k = transform.wavenumber(i);
    const Real size = std::hypot(k[0], k[1]);
    if (size == 0 || std::abs(size - settings.wavenumber) > settings.half_width) continue;
    const bool conjugate = m[0] == 0 && m[1] < 0;
    modes_.push_back(
        {i, mode_number(m[0], conjugate ? -m[1] : m[1]), conjugate, size, transform.weight(i)});
  }
  kicks_.resize(modes_.size());
  auto count = static_cast<long>(modes_.size());
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &count, 1, MPI_LONG, MPI_SUM, space));
  require(count > 0, "no mode is between wavenumbers {} and {}; allowed: a ring with modes in it",
          settings.wavenumber - settings.half_width, settings.wavenumber + settings.half_width);
}

void RingForcing::kick(Complex* vorticity, Index member, Index step, Real dt) {
  const Stream random(settings_.seed, Purpose::stochastic_forcing,
                      static_cast<std::uint64_t>(member), static_cast<std::uint64_t>(step));
  // Twice the energies of the flow in the ring and of the kick, and their product.
  std::array<Real, 3> sums = {0, 0, 0};
  for (std::size_t n = 0; n < modes_.size(); ++n) {
    const Mode& mode = modes_[n];
    const Real phase = 2 * std::numbers::pi * random.uniform(mode.number);
    const Complex kick(std::cos(phase), mode.conjugate ? -std::sin(phase) : std::sin(phase));
    const Complex flow = vorticity[mode.coefficient] / mode.wavenumber;
    kicks_[n] = kick;
    sums[0] += mode.weight * (flow.real() * flow.real() + flow.imag() * flow.imag());
    sums[1] += mode.weight * (flow.real() * kick.real() + flow.imag() * kick.imag());
    sums[2] += mode.weight;
  }
  if (size_of(space_) > 1)
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, sums.data(), 3, MPI_DOUBLE, MPI_SUM, space_));
  // Where next to nothing would be left (a ring of one mode), the parallel part stays, and A solves
  // A product + A^2 kick / 2 = energy_input dt.
  const Real left = sums[0] > 0 ? sums[2] - sums[1] * sums[1] / sums[0] : sums[2];
  const bool project = sums[0] > 0 && left > 1e-6 * sums[2];
  const Real parallel = project ? sums[1] / sums[0] : 0;
  const Real b = project ? 0 : sums[1], c = project ? left : sums[2];
  const Real amplitude = (std::sqrt(b * b + 2 * c * settings_.energy_input * dt) - b) / c;
  for (std::size_t n = 0; n < modes_.size(); ++n) {
    Complex& w = vorticity[modes_[n].coefficient];
    w += amplitude * (modes_[n].wavenumber * kicks_[n] - parallel * w);
  }
}

}  // namespace starling::models
