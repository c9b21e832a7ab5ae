// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/check/parent_check.hpp"

#include "core/error.hpp"
#include "datasets/check/spectrum.hpp"

#include <algorithm>
#include <array>
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
  if (shape.coarse_operator.empty()) return nullptr;
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
      if (fine->grid.axis(d).points < shape.grid.axis(d).points ||
          (shape.coarse_operator == "op3" &&
           fine->grid.axis(d).points % shape.grid.axis(d).points != 0))
        return nullptr;
    return std::unique_ptr<ParentCheck>(
        new ParentCheck(std::move(parent), std::move(*fine), shape, origin));
  } catch (const InputError&) {
    return nullptr;
  }
}

ParentCheck::ParentCheck(std::unique_ptr<StoredFile> parent, Shape fine, const Shape& shape,
                         const Origin& origin)
    : shape_(shape),
      blocks_(shape.coarse_operator == "op3"),
      parent_(std::move(parent)),
      fine_shape_(std::move(fine)),
      fine_(fine_shape_.grid),
      coarse_(shape.grid) {
  fine_values_.resize(at(fine_.points()));
  coarse_values_.resize(at(coarse_.points()));
  fine_coefficients_.resize(at(fine_.coefficients()));
  coarse_coefficients_.resize(at(coarse_.coefficients()));
  expected_.resize(coarse_coefficients_.size());
  find_factors(origin);
  if (blocks_) find_shifts();
  for (std::size_t f = 0; f < shape.fields.size(); ++f)
    if (is_compared(shape.fields[f], origin)) fields_.push_back(f);
}

bool ParentCheck::is_compared(const StoredField& field, const Origin& origin) const {
  const StoredField* of_parent = fine_shape_.find(field.name);
  if (field.target() || is_nonlinear(field.name) || of_parent == nullptr ||
      of_parent->order != field.order)
    return false;
  if (!blocks_) return true;
  const auto derived = origin.setting<std::vector<std::string>>("dataset.derived");
  return field.order == 0 &&
         (!derived || std::find(derived->begin(), derived->end(), field.name) == derived->end());
}

// What becomes of each coarse coefficient; of op3 only whether it is resolved.
void ParentCheck::find_factors(const Origin& origin) {
  const Index resolution = resolution_factor(&origin);
  // exp(-a (K - 0.65 pi)^4) where K = |(kx dx, ky dy)| > 0.65 pi.
  const Real cut = origin.of_model<Real>("filter").value_or(0);
  for (Index i = 0; i < coarse_.coefficients(); ++i) {
    const auto mode = coarse_.mode(i);
    place_.push_back(resolves(shape_.grid, resolution, mode) ? fine_.place(mode) : -1);
    weight_.push_back(weight_of(shape_.grid, mode));
    Real square_of_k = 0, exponent = 0;
    for (int d = 0; d < shape_.grid.dimensions(); ++d) {
      const Real k = 2 * std::numbers::pi * static_cast<Real>(mode[at(d)]) /
                     static_cast<Real>(shape_.grid.axis(d).points);
      square_of_k += k * k;
    }
    if (shape_.coarse_operator == "op2") exponent = 4 * square_of_k / 24;
    const Real beyond = std::sqrt(square_of_k) - 0.65 * std::numbers::pi;
    if (shape_.coarse_operator == "op1" && beyond > 0) exponent = cut * std::pow(beyond, 4);
    factor_.push_back(std::exp(-exponent));
  }
}

void ParentCheck::find_shifts() {
  for (Index i = 0; i < fine_.coefficients(); ++i) {
    const auto mode = fine_.mode(i);
    Real exponent = 0, angle = 0;
    for (int d = 0; d < shape_.grid.dimensions(); ++d) {
      const Index n = fine_shape_.grid.axis(d).points;
      const auto r = static_cast<Real>(n / shape_.grid.axis(d).points);
      const Real k = 2 * std::numbers::pi * static_cast<Real>(mode[at(d)]) / static_cast<Real>(n);
      exponent += r * r * 2 * (1 - std::cos(k)) / 24;
      if (2 * mode[at(d)] != n) angle -= k * (r - 1) / 2;
    }
    shift_.emplace_back(std::exp(-exponent) * std::cos(angle),
                        std::exp(-exponent) * std::sin(angle));
  }
}

// The coefficients that the coarse field should have, from fine_values_, which op3 spoils.
void ParentCheck::coarsen() {
  fine_.to_coefficients(fine_coefficients_.data(), fine_values_.data());
  if (!blocks_) {
    for (std::size_t i = 0; i < place_.size(); ++i)
      if (place_[i] >= 0) expected_[i] = factor_[i] * fine_coefficients_[at(place_[i])];
    return;
  }
  for (std::size_t i = 0; i < shift_.size(); ++i) fine_coefficients_[i] *= shift_[i];
  fine_.to_values(fine_values_.data(), fine_coefficients_.data());
  std::array<Index, 3> n = {1, 1, 1}, m = {1, 1, 1};
  for (int d = 0; d < shape_.grid.dimensions(); ++d) {
    n[at(d)] = fine_shape_.grid.axis(d).points;
    m[at(d)] = shape_.grid.axis(d).points;
  }
  std::vector<Real> means(at(coarse_.points()), 0);
  const Real share = static_cast<Real>(coarse_.points()) / static_cast<Real>(fine_.points());
  std::size_t from = 0;
  for (Index z = 0; z < n[2]; ++z)
    for (Index y = 0; y < n[1]; ++y)
      for (Index x = 0; x < n[0]; ++x) {
        const Index row = z * m[2] / n[2] * m[1] + y * m[1] / n[1];
        means[at(row * m[0] + x * m[0] / n[0])] += share * fine_values_[from++];
      }
  coarse_.to_coefficients(expected_.data(), means.data());
}

// Root mean square, of the modes that the coarse model resolves.
Real ParentCheck::error() const {
  Real squares = 0;
  for (std::size_t i = 0; i < place_.size(); ++i)
    if (place_[i] >= 0) squares += weight_[i] * square(coarse_coefficients_[i] - expected_[i]);
  return std::sqrt(squares);
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
      coarse_.to_coefficients(coarse_coefficients_.data(), coarse_values_.data());
      Real fine = 0, coarse = 0;
      for (const Real value : fine_values_) fine += value * value;
      for (const Real value : coarse_values_) coarse += value * value;
      fine = std::sqrt(fine / static_cast<Real>(fine_values_.size()));
      coarse = std::sqrt(coarse / static_cast<Real>(coarse_values_.size()));
      coarsen();
      const Real error = this->error();
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
