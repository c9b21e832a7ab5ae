// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/pair_file.hpp"

#include "core/error.hpp"
#include "datasets/field.hpp"
#include "datasets/subgrid.hpp"
#include "datasets/well_file.hpp"

#include <algorithm>
#include <cmath>

namespace starling::datasets {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

Domain grid_of(const io::File& file) {
  std::vector<Axis> axes;
  for (const char* axis : {"x", "y", "z"}) {
    const std::string name = std::string("/dimensions/") + axis;
    if (!file.has(name)) continue;
    const auto places = file.read_reals(name);
    require(places.size() >= 2, "{}: {} has no two points", file.path(), name);
    const auto periodic = file.groups("/boundary_conditions");
    const bool is_periodic = std::find(periodic.begin(), periodic.end(),
                                       std::string(axis) + "_periodic") != periodic.end();
    axes.push_back(
        {static_cast<Index>(places.size()), places[0], places[1] - places[0], is_periodic});
  }
  require(!axes.empty(), "{}: has no /dimensions", file.path());
  return Domain(axes, {{}});
}

}  // namespace

PairFile::PairFile(const std::string& path) : file_(io::File::open(path)), grid_(grid_of(file_)) {
  trajectories_ = static_cast<Index>(file_.integer_attribute("/", "n_trajectories"));
  times_ = file_.read_reals("/dimensions/time");
  std::vector<std::pair<std::string, int>> forcings, totals;
  for (const int order : {0, 1}) {
    const std::string group = fmt::format("/{}", group_of(order));
    for (const std::string& field : file_.datasets(group)) {
      const std::string convention = Subgrid::sign_convention(field);
      if (convention.empty()) add(group + "/" + field, order, false);
      if (convention != "add_to_tendency") continue;
      (field.ends_with("_total") ? totals : forcings).emplace_back(group + "/" + field, order);
    }
  }
  for (const auto& [name, order] : forcings.empty() ? totals : forcings) add(name, order, true);
  require(!targets_.empty() && !inputs_.empty(),
          "{}: has no subgrid forcing to learn; allowed: files of coarsened data sets", path);
}

void PairFile::add(const std::string& dataset, int order, bool target) {
  const Index elements = order == 0 ? 1 : grid_.dimensions();
  const Real scale = file_.real_attribute(dataset, "scale");
  for (Index e = 0; e < elements; ++e) {
    const std::string name = element_name(dataset.substr(dataset.rfind('/') + 1), e, elements);
    (target ? targets_ : inputs_).push_back({dataset, e, elements});
    (target ? fields_.targets : fields_.inputs).push_back(name);
    (target ? fields_.target_scales : fields_.input_scales).push_back(scale);
  }
}

void PairFile::load(Index trajectory) {
  for (auto* all : {&inputs_, &targets_})
    for (Element& element : *all) {
      const std::vector<Real> whole =
          file_.read_reals(element.dataset, {trajectory, trajectory + 1});
      element.numbers.assign(whole.begin(), whole.end());
    }
}

Inputs PairFile::arrays(const std::vector<Element>& elements, Index frame) const {
  Inputs out;
  const Index points = grid_.points();
  for (const Element& element : elements) {
    std::vector<float> array(at(points));
    const float* from = element.numbers.data() + frame * points * element.elements;
    for (Index p = 0; p < points; ++p) array[at(p)] = from[p * element.elements + element.element];
    out.push_back(std::move(array));
  }
  return out;
}

}  // namespace starling::datasets
