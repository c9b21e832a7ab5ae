// SPDX-License-Identifier: BSD-3-Clause
#include "models/model.hpp"

#include "core/error.hpp"

#include <fmt/format.h>

namespace starling::models {

void Model::to_physical(Rows members, ConstRows states) const {
  STARLING_ASSERT(members_per_state() == 1);
  Kokkos::deep_copy(members, states);
}

void Model::to_states(Rows states, ConstRows members) const {
  STARLING_ASSERT(members_per_state() == 1);
  Kokkos::deep_copy(states, members);
}

void Model::kick(Rows, Index, Index, Real) {}

void Model::draw(Real* member, Index) const { reference(member); }

Real Model::response(const std::array<Index, 3>&) const { return 1; }

Real* Model::vary(const std::string& name) {
  throw LogicError(fmt::format("nothing in this model varies, nor does '{}'", name));
}

std::optional<Real> parameter_of(const Model& model, const std::string& name) {
  for (const auto& [key, value] : model.parameters())
    if (key == name) return value;
  return std::nullopt;
}

}  // namespace starling::models
