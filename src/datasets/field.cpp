// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/field.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace starling::datasets {
namespace {

constexpr std::array<const char*, 3> velocity = {"u", "v", "w"};
constexpr std::array<const char*, 3> direction = {"x", "y", "z"};

// Arrays that may be elements of one field: its name, and the names of all its elements.
struct Family {
  std::string name;
  int order;
  std::vector<std::string> members;
};

bool ends_with_digits_of(const std::string& ending) {
  return ending.empty() || ending.front() == '_' ||
         std::all_of(ending.begin(), ending.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<Family> vector_of(const std::string& name, std::size_t dimensions) {
  if (dimensions == 1) return std::nullopt;
  if (name.starts_with("u") && ends_with_digits_of(name.substr(1))) {
    Family family{"velocity" + name.substr(1), 1, {}};
    for (std::size_t d = 0; d < dimensions; ++d)
      family.members.push_back(velocity[d] + name.substr(1));
    return family;
  }
  return std::nullopt;
}

std::optional<Family> directed(const std::string& name, std::size_t dimensions) {
  const std::size_t cut = name.rfind('_');
  if (cut == std::string::npos || cut == 0) return std::nullopt;
  const std::string stem = name.substr(0, cut), ending = name.substr(cut + 1);
  Family family{stem, 1, {}};
  if (ending == "x" && dimensions > 1) {
    for (std::size_t d = 0; d < dimensions; ++d)
      family.members.push_back(stem + "_" + direction[d]);
    return family;
  }
  if (ending == "xx") {
    family.order = 2;
    for (std::size_t i = 0; i < dimensions; ++i)
      for (std::size_t j = 0; j < dimensions; ++j)
        family.members.push_back(stem + "_" + direction[std::min(i, j)] +
                                 direction[std::max(i, j)]);
    return family;
  }
  return std::nullopt;
}

// "velocity along x" of the first element without the direction.
std::string without_direction(std::string text) {
  for (const char* ending : {" along x", " in x"}) {
    const std::size_t found = text.find(ending);
    if (found != std::string::npos) text.erase(found, std::string(ending).size());
  }
  return text;
}

}  // namespace

std::vector<Field> group_fields(const std::vector<Component>& arrays, int dimensions) {
  std::map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < arrays.size(); ++i) place[arrays[i].name] = i;
  std::vector<bool> used(arrays.size(), false);
  std::vector<Field> fields;
  const auto count = static_cast<std::size_t>(dimensions);
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    if (used[i]) continue;
    const Component& first = arrays[i];
    Field field{first.name, first.long_name, first.units, 0, {i}, 1, ""};
    for (const auto& family : {vector_of(first.name, count), directed(first.name, count)}) {
      if (!family) continue;
      const auto known = [&](const std::string& name) { return place.count(name) > 0; };
      if (!std::all_of(family->members.begin(), family->members.end(), known)) continue;
      field.name = family->name;
      field.long_name = without_direction(first.long_name);
      field.order = family->order;
      field.arrays.clear();
      for (const std::string& member : family->members) field.arrays.push_back(place[member]);
    }
    for (const std::size_t array : field.arrays) used[array] = true;
    fields.push_back(std::move(field));
  }
  return fields;
}

std::string element_name(const std::string& field, Index element, Index elements) {
  if (elements == 1) return field;
  const auto e = static_cast<std::size_t>(element);
  if (elements <= 3) return field + "_" + direction[e];
  const std::size_t edge = elements == 4 ? 2 : 3;
  return field + "_" + direction[e / edge] + direction[e % edge];
}

Index transposed(const Domain& grid, Index point) {
  std::array<Index, 3> n = {1, 1, 1};
  for (int d = 0; d < grid.dimensions(); ++d) n[static_cast<std::size_t>(d)] = grid.axis(d).points;
  const Index x = point / (n[1] * n[2]), y = point / n[2] % n[1], z = point % n[2];
  return (z * n[1] + y) * n[0] + x;
}

void place_element(float* out, const Real* values, const Domain& grid, Index element,
                   Index elements, Real scale) {
  std::array<Index, 3> n = {1, 1, 1};
  for (int d = 0; d < grid.dimensions(); ++d) n[static_cast<std::size_t>(d)] = grid.axis(d).points;
  const auto [nx, ny, nz] = n;
  const auto put = [&](Index x, Index y, Index z) {
    out[((x * ny + y) * nz + z) * elements + element] =
        static_cast<float>(values[(z * ny + y) * nx + x] / scale);
  };
  // In squares that stay in cache, since x is contiguous on one side and not on the other.
  constexpr Index side = 16;
  for (Index z = 0; z < nz; ++z)
    for (Index ys = 0; ys < ny; ys += side)
      for (Index xs = 0; xs < nx; xs += side)
        for (Index x = xs; x < std::min(nx, xs + side); ++x)
          for (Index y = ys; y < std::min(ny, ys + side); ++y) put(x, y, z);
}

}  // namespace starling::datasets
