// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/check/spectral_check.hpp"

#include "datasets/check/spectrum.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace starling::datasets::check {
namespace {

constexpr Real rounding = 0x1.0p-24, smallest = 0x1.0p-150, margin = 2;
// Of products in double precision that cancel, in units of the terms.
constexpr Real noise = 1e-13;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

std::string digits_at_end(const std::string& name) {
  const std::size_t last = name.find_last_not_of("0123456789");
  return last == std::string::npos ? "" : name.substr(last + 1);
}

Real root_mean_square(const std::vector<float>& numbers) {
  Real sum = 0;
  for (const float number : numbers) sum += static_cast<Real>(number) * static_cast<Real>(number);
  return std::sqrt(sum / static_cast<Real>(std::max<std::size_t>(numbers.size(), 1)));
}

}  // namespace

SpectralCheck::SpectralCheck(const Shape& shape, const Origin* origin)
    : shape_(shape), transform_(shape.grid) {
  const Index coefficients = transform_.coefficients(), factor = resolution_factor(origin);
  for (Index i = 0; i < coefficients; ++i) {
    const std::array<Index, 3> mode = transform_.mode(i);
    weight_.push_back(weight_of(shape.grid, mode));
    unresolved_.push_back(!resolves(shape.grid, factor, mode));
  }
  for (int d = 0; d < shape.grid.dimensions(); ++d)
    largest_.push_back(std::numbers::pi / shape.grid.axis(d).spacing);
  // Of what is no model of this program nothing is known but the mode N/2, and that may be there.
  const bool spectral = origin != nullptr && origin->of_model<std::string>("dealiasing");
  for (std::size_t f = 0; f < shape.fields.size(); ++f) {
    const StoredField& field = shape.fields[f];
    if (field.target()) continue;
    if (spectral && !is_nonlinear(field.name)) of_state_.push_back(f);
    // Finite differences have another divergence.
    if ((spectral || origin == nullptr) && field.order == 1 && field.name.starts_with("velocity"))
      velocities_.push_back(f);
  }
  if (shape.coarse_operator == "op1" || shape.coarse_operator == "op2") find_pairs();
  values_.resize(at(transform_.points()));
  coefficients_.resize(at(coefficients));
  sum_.resize(at(coefficients));
}

void SpectralCheck::find_pairs() {
  const auto place = [&](const std::string& name) {
    for (std::size_t f = 0; f < shape_.fields.size(); ++f)
      if (shape_.fields[f].name == name) return f;
    return shape_.fields.size();
  };
  const std::size_t none = shape_.fields.size();
  for (std::size_t f = 0; f < none; ++f) {
    const std::string& name = shape_.fields[f].name;
    if (!name.ends_with("_forcing")) continue;
    const std::string carried = name.substr(0, name.size() - std::string("_forcing").size());
    const bool is_velocity = shape_.fields[f].order == 1;
    const std::string ending = digits_at_end(carried);
    const std::size_t flux = place(is_velocity ? "stress" + ending : carried + "_flux");
    if (flux == none || place(carried) == none) continue;
    Pair pair{f, flux, place(carried), {}};
    for (const std::string& each : {std::string("velocity"), "velocity" + ending})
      if (place(each) != none) pair.velocity.push_back(place(each));
    pairs_.push_back(pair);
  }
}

void SpectralCheck::transform(const std::vector<std::vector<float>>& fields, std::size_t which,
                              Index element) {
  take_element(values_.data(), fields[which].data(), shape_.grid, shape_.fields[which], element);
  transform_.to_coefficients(coefficients_.data(), values_.data());
}

Real SpectralCheck::square() const {
  Real sum = 0;
  for (std::size_t i = 0; i < coefficients_.size(); ++i)
    sum += weight_[i] * (coefficients_[i].real() * coefficients_[i].real() +
                         coefficients_[i].imag() * coefficients_[i].imag());
  return sum;
}

void SpectralCheck::divergence(std::size_t which, const std::vector<std::vector<float>>& fields,
                               const std::string& what, Index trajectory, Index frame,
                               Tally& tally) {
  std::fill(sum_.begin(), sum_.end(), Complex(0, 0));
  Real bound = 0, gradient = 0;
  for (int d = 0; d < shape_.grid.dimensions(); ++d) {
    transform(fields, which, d);
    bound +=
        largest_[at(d)] * (rounding * std::sqrt(square()) + smallest * shape_.fields[which].scale);
    const Real* k = transform_.wavenumber(d);
    for (std::size_t i = 0; i < sum_.size(); ++i) {
      sum_[i] += Complex(-k[i] * coefficients_[i].imag(), k[i] * coefficients_[i].real());
      for (int e = 0; e < shape_.grid.dimensions(); ++e) {
        const Real q = transform_.wavenumber(e)[i];
        gradient += weight_[i] * q * q *
                    (coefficients_[i].real() * coefficients_[i].real() +
                     coefficients_[i].imag() * coefficients_[i].imag());
      }
    }
  }
  coefficients_ = sum_;
  const Real size = std::sqrt(square());
  if (size > margin * bound)
    tally.note(what, trajectory, frame,
               fmt::format("{:.2g} of the gradient, rounding makes {:.2g}",
                           size / std::sqrt(gradient), bound / std::sqrt(gradient)));
}

void SpectralCheck::spectrum(std::size_t which, const std::vector<std::vector<float>>& fields,
                             Index trajectory, Index frame, Tally& tally) {
  const StoredField& field = shape_.fields[which];
  for (Index e = 0; e < field.elements; ++e) {
    transform(fields, which, e);
    const Real all = square();
    Real above = 0;
    for (std::size_t i = 0; i < coefficients_.size(); ++i)
      if (unresolved_[i])
        above += weight_[i] * (coefficients_[i].real() * coefficients_[i].real() +
                               coefficients_[i].imag() * coefficients_[i].imag());
    const Real bound = rounding * std::sqrt(all) + smallest * field.scale;
    if (std::sqrt(above) > margin * bound) {
      tally.note(
          field.path + ": has energy in modes that its model does not resolve", trajectory, frame,
          fmt::format("{:.2g} of it, rounding makes {:.2g}", above / all, bound * bound / all));
      return;
    }
  }
}

void SpectralCheck::pair(const Pair& pair, const std::vector<std::vector<float>>& fields,
                         Index trajectory, Index frame, Tally& tally) {
  const StoredField &forcing = shape_.fields[pair.forcing], &flux = shape_.fields[pair.flux];
  const int dimensions = shape_.grid.dimensions();
  // The size of the terms whose difference the targets are.
  const auto size_of_field = [&](std::size_t f) {
    return shape_.fields[f].scale * root_mean_square(fields[f]);
  };
  Real carrier = pair.velocity.empty() ? size_of_field(pair.carried) : 0;
  for (const std::size_t f : pair.velocity) carrier = std::max(carrier, size_of_field(f));
  const Real steepest = *std::max_element(largest_.begin(), largest_.end());
  const Real floor = noise * steepest * carrier * size_of_field(pair.carried);
  for (Index e = 0; e < forcing.elements; ++e) {
    std::fill(sum_.begin(), sum_.end(), Complex(0, 0));
    Real bound = floor;
    for (int d = 0; d < dimensions; ++d) {
      transform(fields, pair.flux, e * dimensions + d);
      bound += largest_[at(d)] * (rounding * std::sqrt(square()) + smallest * flux.scale);
      const Real* k = transform_.wavenumber(d);
      for (std::size_t i = 0; i < sum_.size(); ++i)
        sum_[i] += Complex(-k[i] * coefficients_[i].imag(), k[i] * coefficients_[i].real());
    }
    transform(fields, pair.forcing, e);
    const Real size = std::sqrt(square());
    bound += rounding * size + smallest * forcing.scale;
    for (std::size_t i = 0; i < sum_.size(); ++i) coefficients_[i] += sum_[i];
    const Real error = std::sqrt(square());
    if (error > margin * bound) {
      tally.note(
          fmt::format("{}: is not -div({})", forcing.path, flux.name), trajectory, frame,
          fmt::format("off by {:.2g} of it, rounding makes {:.2g}", error / size, bound / size));
      return;
    }
  }
}

void SpectralCheck::frame(Index trajectory, Index frame,
                          const std::vector<std::vector<float>>& fields, Tally& tally) {
  for (const std::size_t f : velocities_)
    divergence(f, fields, shape_.fields[f].path + ": has a divergence", trajectory, frame, tally);
  for (const std::size_t f : of_state_) spectrum(f, fields, trajectory, frame, tally);
  for (const Pair& each : pairs_) pair(each, fields, trajectory, frame, tally);
}

}  // namespace starling::datasets::check
