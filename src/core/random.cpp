// SPDX-License-Identifier: BSD-3-Clause
#include "core/random.hpp"

#include <Random123/philox.h>

#include <array>
#include <cmath>
#include <numbers>

namespace starling {
namespace {

using Philox = r123::Philox4x64;

Philox::ctr_type block(std::uint64_t seed, std::uint64_t purpose, std::uint64_t member,
                       std::uint64_t step, std::uint64_t number) {
  return Philox{}({{number, step, member, purpose}}, {{seed, 0}});
}

// The midpoints of 2^53 equal cells of (0, 1): never 0, never 1.
Real to_uniform(std::uint64_t bits) { return (static_cast<Real>(bits >> 11) + 0.5) * 0x1.0p-53; }

std::array<Real, 4> to_normals(const Philox::ctr_type& bits) {
  std::array<Real, 4> z{};
  for (std::size_t pair = 0; pair < 2; ++pair) {
    const Real radius = std::sqrt(-2 * std::log(to_uniform(bits[2 * pair])));
    const Real angle = 2 * std::numbers::pi * to_uniform(bits[2 * pair + 1]);
    z[2 * pair] = radius * std::cos(angle);
    z[2 * pair + 1] = radius * std::sin(angle);
  }
  return z;
}

}  // namespace

Stream::Stream(std::uint64_t seed, Purpose purpose, std::uint64_t member, std::uint64_t step)
    : seed_(seed), purpose_(static_cast<std::uint64_t>(purpose)), member_(member), step_(step) {}

std::uint64_t Stream::bits(std::uint64_t index) const {
  return block(seed_, purpose_, member_, step_, index / 4)[index % 4];
}

Real Stream::uniform(std::uint64_t index) const { return to_uniform(bits(index)); }

Real Stream::normal(std::uint64_t index) const {
  return to_normals(block(seed_, purpose_, member_, step_, index / 4))[index % 4];
}

void Stream::normals(Real* out, Index count, std::uint64_t first) const {
  const std::uint64_t end = first + static_cast<std::uint64_t>(count);
  for (std::uint64_t number = first / 4; 4 * number < end; ++number) {
    const auto z = to_normals(block(seed_, purpose_, member_, step_, number));
    for (std::uint64_t lane = 0; lane < 4; ++lane) {
      const std::uint64_t index = 4 * number + lane;
      if (index >= first && index < end) out[index - first] = z[lane];
    }
  }
}

}  // namespace starling
