// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/check/parent_check.hpp"

#include "core/error.hpp"
#include "datasets/check/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>
#include <system_error>

namespace starling::datasets::check {
namespace {

namespace fs = std::filesystem;

constexpr Real rounding = 0x1.0p-24, smallest = 0x1.0p-150, margin = 2;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

// The file of the same row in the data set beside this one.
std::string parent_path(const std::string& path, const Shape& shape) {
  const fs::path file = fs::absolute(path);
  const fs::path folder = file.parent_path();  // .../NAME/data/train
  const std::string name = file.filename().string();
  if (!name.starts_with(shape.dataset)) return "";
  return (folder.parent_path().parent_path().parent_path() / shape.parent / "data" /
          folder.filename() / (shape.parent + name.substr(shape.dataset.size())))
      .string();
}

Real square(const Complex& c) { return c.real() * c.real() + c.imag() * c.imag(); }

}  // namespace

std::unique_ptr<ParentCheck> ParentCheck::make(const StoredFile& file, const Shape& shape,
                                               const Origin& origin) {
  if (shape.coarse_operator != "op1" && shape.coarse_operator != "op2") return nullptr;
  const std::string path = parent_path(file.file().path(), shape);
  std::error_code failure;
  if (path.empty() || !fs::exists(path, failure)) return nullptr;
  try {
    auto parent = std::make_unique<StoredFile>(path);
    Findings of_parent(path);
    auto fine = check_format(*parent, of_parent);
    if (!fine || fine->trajectories != shape.trajectories || fine->frames() != shape.frames() ||
        fine->grid.dimensions() != shape.grid.dimensions() || !has_spectrum(fine->grid) ||
        !has_spectrum(shape.grid))
      return nullptr;
    for (int d = 0; d < shape.grid.dimensions(); ++d)
      if (fine->grid.axis(d).points < shape.grid.axis(d).points) return nullptr;
    return std::unique_ptr<ParentCheck>(
        new ParentCheck(std::move(parent), std::move(*fine), shape, origin));
  } catch (const InputError&) {
    return nullptr;
  }
}

ParentCheck::ParentCheck(std::unique_ptr<StoredFile> parent, Shape fine, const Shape& shape,
                         const Origin& origin)
    : shape_(shape),
      parent_(std::move(parent)),
      fine_shape_(std::move(fine)),
      fine_(fine_shape_.grid),
      coarse_(shape.grid) {
  const Index factor = resolution_factor(&origin);
  // exp(-a (K - 0.65 pi)^4) where K = |(kx dx, ky dy)| > 0.65 pi.
  const Real cut = origin.of_model<Real>("filter").value_or(0);
  for (Index i = 0; i < coarse_.coefficients(); ++i) {
    const auto mode = coarse_.mode(i);
    const bool resolved = resolves(shape.grid, factor, mode);
    place_.push_back(resolved ? fine_.place(mode) : -1);
    weight_.push_back(weight_of(shape.grid, mode));
    Real square_of_k = 0, exponent = 0;
    for (int d = 0; d < shape.grid.dimensions(); ++d) {
      const Real k = 2 * std::numbers::pi * static_cast<Real>(mode[at(d)]) /
                     static_cast<Real>(shape.grid.axis(d).points);
      square_of_k += k * k;
    }
    if (shape.coarse_operator == "op2") exponent = 4 * square_of_k / 24;
    const Real beyond = std::sqrt(square_of_k) - 0.65 * std::numbers::pi;
    if (shape.coarse_operator == "op1" && beyond > 0) exponent = cut * std::pow(beyond, 4);
    factor_.push_back(std::exp(-exponent));
  }
  for (std::size_t f = 0; f < shape.fields.size(); ++f) {
    const StoredField& field = shape.fields[f];
    const StoredField* of_parent = fine_shape_.find(field.name);
    if (!field.target() && !is_nonlinear(field.name) && of_parent != nullptr &&
        of_parent->order == field.order)
      fields_.push_back(f);
  }
  fine_values_.resize(at(fine_.points()));
  coarse_values_.resize(at(coarse_.points()));
  fine_coefficients_.resize(at(fine_.coefficients()));
  coarse_coefficients_.resize(at(coarse_.coefficients()));
}

void ParentCheck::frame(Index trajectory, Index frame,
                        const std::vector<std::vector<float>>& fields, Tally& tally) {
  for (const std::size_t f : fields_) {
    const StoredField& field = shape_.fields[f];
    const StoredField& of_parent = *fine_shape_.find(field.name);
    numbers_.resize(at(fine_.points() * of_parent.elements));
    parent_->read_frame(numbers_.data(), of_parent.path, trajectory, frame);
    for (Index e = 0; e < field.elements; ++e) {
      take_element(fine_values_.data(), numbers_.data(), fine_shape_.grid, of_parent, e);
      take_element(coarse_values_.data(), fields[f].data(), shape_.grid, field, e);
      fine_.to_coefficients(fine_coefficients_.data(), fine_values_.data());
      coarse_.to_coefficients(coarse_coefficients_.data(), coarse_values_.data());
      Real error = 0, fine = 0, coarse = 0;
      for (const Real value : fine_values_) fine += value * value;
      for (const Real value : coarse_values_) coarse += value * value;
      fine = std::sqrt(fine / static_cast<Real>(fine_values_.size()));
      coarse = std::sqrt(coarse / static_cast<Real>(coarse_values_.size()));
      for (std::size_t i = 0; i < place_.size(); ++i) {
        if (place_[i] < 0) continue;
        const Complex& above = fine_coefficients_[at(place_[i])];
        error += weight_[i] *
                 square(Complex(coarse_coefficients_[i].real() - factor_[i] * above.real(),
                                coarse_coefficients_[i].imag() - factor_[i] * above.imag()));
      }
      error = std::sqrt(error);
      const Real bound = rounding * (fine + coarse) + smallest * (field.scale + of_parent.scale);
      if (!(error <= margin * bound)) {
        tally.note(field.path + ": is not " + shape_.coarse_operator + " of its parent", trajectory,
                   frame,
                   fmt::format("off by {:.2g} of it, rounding makes {:.2g}", error / coarse,
                               bound / coarse));
        break;
      }
    }
  }
}

}  // namespace starling::datasets::check
