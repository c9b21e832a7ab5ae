// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/statistics.hpp"

#include <nlohmann/json.hpp>

namespace starling::datasets {

/// Moments as a list of numbers, empty for those of no numbers, whose extremes JSON does not have.
inline nlohmann::ordered_json list_of(const Moments& m) {
  if (m.count == 0) return nlohmann::ordered_json::array();
  return {m.count, m.mean, m.squares, m.least, m.largest};
}

inline Moments moments_in(const nlohmann::ordered_json& list) {
  if (list.empty()) return {};
  return {list.at(0).get<Real>(), list.at(1).get<Real>(), list.at(2).get<Real>(),
          list.at(3).get<Real>(), list.at(4).get<Real>()};
}

}  // namespace starling::datasets
