// SPDX-License-Identifier: BSD-3-Clause
#include "models/model.hpp"

#include "core/error.hpp"

namespace starling::models {

void Model::to_physical(Rows members, ConstRows states) const {
  STARLING_ASSERT(members_per_state() == 1);
  Kokkos::deep_copy(members, states);
}

void Model::to_states(Rows states, ConstRows members) const {
  STARLING_ASSERT(members_per_state() == 1);
  Kokkos::deep_copy(states, members);
}

}  // namespace starling::models
