// SPDX-License-Identifier: BSD-3-Clause
#include "steppers/phi.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <numbers>
#include <type_traits>

namespace starling::steppers {
namespace {

using C = std::complex<Real>;

constexpr int contour_points = 64;

}  // namespace

C contour_mean(const std::function<C(C)>& f, C z) {
  C sum = 0;
  for (int m = 0; m < contour_points; ++m)
    sum += f(z + std::polar(1.0, 2 * std::numbers::pi * (m + 0.5) / contour_points));
  return sum / static_cast<Real>(contour_points);
}

C phi1(C z) {
  return contour_mean([](C s) { return (std::exp(s) - 1.0) / s; }, z);
}

C phi2(C z) {
  return contour_mean([](C s) { return (std::exp(s) - 1.0 - s) / (s * s); }, z);
}

Symbol symbol_of(const Semilinear& system) {
  Symbol symbol = system.linear();
  if (symbol.empty()) symbol.resize(static_cast<std::size_t>(system.width()));
  const auto entries = static_cast<Index>(symbol.size());
  STARLING_ASSERT(entries == system.width() || 2 * entries == system.width());
  STARLING_ASSERT(entries != system.width() || is_real(symbol));
  return symbol;
}

bool is_real(const Symbol& symbol) {
  return std::all_of(symbol.begin(), symbol.end(), [](C l) { return l.imag() == 0; });
}

bool is_zero(const Symbol& symbol) {
  return std::all_of(symbol.begin(), symbol.end(), [](C l) { return l == 0.0; });
}

template <class T>
Array<T*> coefficients(const Symbol& symbol, Index width, const std::function<C(C)>& f) {
  const auto slots = symbol.size();
  const auto reals = static_cast<std::size_t>(width);
  if constexpr (std::is_same_v<T, Real>) {
    Array<Real*> table("steppers::coefficients", reals);
    for (std::size_t j = 0; j < reals; ++j) table(j) = f(symbol[j * slots / reals]).real();
    return table;
  } else {
    Array<Complex*> table("steppers::coefficients", slots);
    for (std::size_t j = 0; j < slots; ++j) {
      const C value = f(symbol[j]);
      table(j) = Complex(value.real(), value.imag());
    }
    return table;
  }
}

template Array<Real*> coefficients(const Symbol&, Index, const std::function<C(C)>&);
template Array<Complex*> coefficients(const Symbol&, Index, const std::function<C(C)>&);

}  // namespace starling::steppers
