// SPDX-License-Identifier: BSD-3-Clause
#include "models/linear_gaussian.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

namespace starling::models {
namespace {

Index side_of(const std::vector<Real>& matrix) {
  return static_cast<Index>(std::llround(std::sqrt(static_cast<Real>(matrix.size()))));
}

struct Matrix {
  explicit Matrix(Index n) : size(n), rows(static_cast<std::size_t>(n * n)) {}
  Real& operator()(Index i, Index j) { return rows[static_cast<std::size_t>(i * size + j)]; }

  Index size;
  std::vector<Real> rows;
};

Real needed(const Section& section, const char* key) {
  if (!section.has(key))
    section.fail("family", std::string("needs ") + key, std::string(key) + " beside it");
  return section.real(key);
}

Index several(const Section& section, Index least) {
  const Index n = section.integer("variables");
  if (n < least) section.fail("variables", "too few for this family", fmt::format(">= {}", least));
  return n;
}

std::vector<Real> given(const Section& section) {
  if (!section.has("matrix")) section.fail("family", "needs matrix", "matrix beside it");
  const std::vector<Real>& rows = section.reals("matrix");
  const Index n = side_of(rows);
  if (n < 1 || n * n != static_cast<Index>(rows.size()))
    section.fail("matrix", fmt::format("{} numbers are no square matrix", rows.size()),
                 "n * n numbers, row after row");
  return rows;
}

std::vector<Real> ar1(const Section& section) {
  const Index n = several(section, 1);
  Matrix a(n);
  const Real rate = needed(section, "rate");
  for (Index i = 0; i < n; ++i) a(i, i) = -rate;
  return a.rows;
}

std::vector<Real> oscillator(const Section& section) {
  const Real frequency = needed(section, "frequency");
  return {0, 1, -frequency * frequency, -needed(section, "rate")};
}

std::vector<Real> advection(const Section& section) {
  const Index n = several(section, 3);
  Matrix a(n);
  const Real speed = needed(section, "speed"), rate = needed(section, "rate");
  for (Index i = 0; i < n; ++i) {
    a(i, i) = -rate;
    a(i, (i + 1) % n) = -speed / 2;
    a(i, (i + n - 1) % n) = speed / 2;
  }
  return a.rows;
}

using Make = std::vector<Real> (*)(const Section&);
const std::map<std::string, Make> families = {
    {"matrix", given}, {"ar1", ar1}, {"oscillator", oscillator}, {"advection", advection}};

}  // namespace

LinearGaussian::LinearGaussian(std::vector<Real> matrix, bool periodic, Real mean)
    : matrix_(std::move(matrix)), size_(side_of(matrix_)), periodic_(periodic), mean_(mean) {}

void LinearGaussian::nonlinear(Rows out, ConstRows u, Real) {
  for (Index r = 0; r < rows_of(u); ++r) {
    const Real* x = u.data() + r * size_;
    for (Index i = 0; i < size_; ++i) {
      const Real* a = matrix_.data() + i * size_;
      Real sum = 0;
      for (Index j = 0; j < size_; ++j) sum += a[j] * x[j];
      out(r, i) = sum;
    }
  }
}

void LinearGaussian::reference(Real* member) const { std::fill_n(member, size_, mean_); }

ModelEntry LinearGaussian::entry() {
  return {"linear_gaussian",
          "du/dt = A u with a dense A: Gaussian with [model_error], the Kalman filter is exact",
          "kalman1960",
          {Key::text("family",
                     "ar1: -rate u; oscillator: p' = -frequency^2 q - rate p; advection: centred "
                     "differences, periodic; matrix: A itself")
               .one_of({"matrix", "ar1", "oscillator", "advection"}),
           Key::integer("variables", "ar1, advection: how many").at_least(1).otherwise(1),
           Key::reals("matrix", "matrix: A, row after row [1/time unit]").optional(),
           Key::real("rate", "of damping [1/time unit]").optional(),
           Key::real("frequency", "oscillator: angular [1/time unit]").optional(),
           Key::real("speed", "advection: variables per time unit").optional(),
           Key::real("mean", "of the initial state, all variables").otherwise(0.0)},
          [](const Section& section, MPI_Comm) -> std::unique_ptr<Model> {
            const std::string& family = section.text("family");
            return std::make_unique<LinearGaussian>(families.at(family)(section),
                                                    family == "advection", section.real("mean"));
          },
          false,
          "u_1, ..., u_n; measured: mean square / 2, mean, largest value"};
}

}  // namespace starling::models
