// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "steppers/semilinear.hpp"

#include <complex>
#include <functional>
#include <vector>

namespace starling::steppers {

using Symbol = std::vector<std::complex<Real>>;

/// The mean of f over a circle of radius 1 around z: f(z) for f analytic there, without the
/// cancellation that spoils differences of exponentials near z = 0 (kassam2005, section 3).
std::complex<Real> contour_mean(const std::function<std::complex<Real>(std::complex<Real>)>& f,
                                std::complex<Real> z);

/// (e^z - 1) / z and (e^z - 1 - z) / z^2.
std::complex<Real> phi1(std::complex<Real> z);
std::complex<Real> phi2(std::complex<Real> z);

/// The symbol of a system as the steppers use it: one entry a coefficient, with L = 0 spelled out.
Symbol symbol_of(const Semilinear& system);

/// Whether the symbol acts on real and imaginary parts alike.
bool is_real(const Symbol& symbol);

/// Whether L = 0.
bool is_zero(const Symbol& symbol);

/// f(symbol) as a table over the Ts of a state: T = Real repeats the coefficient for real and
/// imaginary part, so that a kernel over states is a plain loop over Reals; T = Complex is needed
/// when the symbol is complex.
template <class T>
Array<T*> coefficients(const Symbol& symbol, Index width,
                       const std::function<std::complex<Real>(std::complex<Real>)>& f);

}  // namespace starling::steppers
