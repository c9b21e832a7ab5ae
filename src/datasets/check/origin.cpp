// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/check/origin.hpp"

#include "core/error.hpp"
#include "core/toml.hpp"
#include "datasets/settings.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace starling::datasets::check {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

bool close(Real a, Real b) { return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)); }

std::string provenance(const StoredFile& file, const std::string& name, Findings& findings) {
  const std::string path = "/provenance/" + name;
  const StoredType type = file.dataset(path);
  if (!findings.expect(type.there && type.text && type.scalar(), "provenance: {} is missing", name))
    return "";
  return file.file().read_text(path);
}

/// One of the products that a row makes, by the name of its data set.
struct ProductName {
  ProductName(std::string name, std::string of_level, std::string op, Origin::Kind what)
      : dataset(std::move(name)),
        level(std::move(of_level)),
        coarse_operator(std::move(op)),
        kind(what) {}
  std::string dataset, level, coarse_operator;
  Origin::Kind kind;
};

class Comparison {
 public:
  Comparison(const StoredFile& file, const Shape& shape, Origin& origin, Findings& findings)
      : file_(file), shape_(shape), origin_(origin), findings_(findings) {}

  void names();
  void grid();
  void times();
  void parameters();
  void scalars();
  void targets();

 private:
  std::vector<std::string> level_names() const;
  std::string resolution(const std::string& level) const;
  std::vector<ProductName> products() const;
  std::vector<Index> points(const std::string& level) const;
  void file_name();
  void scalar(const std::string& name, const std::vector<Real>& expected);
  Index segments() const;

  const StoredFile& file_;
  const Shape& shape_;
  Origin& origin_;
  Findings& findings_;
};

std::vector<std::string> Comparison::level_names() const {
  std::vector<std::string> names;
  for (const auto& [key, value] : origin_.settings) {
    const std::string ending = ".operators";
    if (key.starts_with("level.") && key.ends_with(ending))
      names.push_back(key.substr(6, key.size() - 6 - ending.size()));
  }
  return names;
}

std::vector<Index> Comparison::points(const std::string& level) const {
  const std::string key = level + "model.points";
  if (const auto one = origin_.setting<std::int64_t>(key)) return {static_cast<Index>(*one)};
  if (const auto all = origin_.setting<std::vector<std::int64_t>>(key))
    return {all->begin(), all->end()};
  return {};
}

std::string Comparison::resolution(const std::string& level) const {
  std::vector<Axis> axes;
  for (const Index n : points(level)) axes.push_back({n, 0, 1, true});
  if (axes.empty() || axes.size() > 3) return {};
  return resolution_of(Domain(std::move(axes), std::vector<Component>(1)));
}

std::vector<ProductName> Comparison::products() const {
  std::vector<ProductName> all;
  const std::string system = origin_.row.dataset + "_";
  if (origin_.row.kind == "sequence") {
    for (const char* kind : {"da", "members"})
      all.emplace_back(system + kind + resolution(""), "", "", Origin::Kind::sequence);
    return all;
  }
  std::string high = "hf";
  if (const auto named = origin_.setting<std::string>("dataset.high")) high = *named;
  const std::string fine = system + high + resolution("");
  all.emplace_back(fine, "", "", Origin::Kind::run);
  const std::vector<std::string> names = level_names();
  for (const std::string& name : names) {
    const std::string level = "level." + name + ".", size = resolution(level);
    const std::string low = system + name + size;
    all.emplace_back(low, level, "", Origin::Kind::run);
    if (origin_.setting<bool>(level + "restarted").value_or(false))
      all.emplace_back(low + "_restarted", level, "", Origin::Kind::restarted);
    // The resolution tells which level it is coarsened to, unless two levels have it.
    const auto same = std::count_if(names.begin(), names.end(), [&](const std::string& other) {
      return resolution("level." + other + ".") == size;
    });
    const std::string target = fine + "to" + (same > 1 ? name : "") + size + "_";
    if (const auto operators = origin_.setting<std::vector<std::string>>(level + "operators"))
      for (const std::string& op : *operators)
        all.emplace_back(target + op, level, op, Origin::Kind::coarsened);
  }
  return all;
}

void Comparison::file_name() {
  const std::filesystem::path path(file_.file().path());
  const std::string name =
      with_parameters(shape_.dataset, origin_.row.parameters) + "_" + origin_.row.label() + ".hdf5";
  findings_.expect(path.filename() == name, "its name is not that of its parameters and row, {}",
                   name);
  const auto folder = std::filesystem::absolute(path).parent_path();
  if (folder.parent_path().filename() != "data") return;
  findings_.expect(folder.filename() == origin_.row.split,
                   "is in the folder {}, and its row is of the split {}",
                   folder.filename().string(), origin_.row.split);
  findings_.expect(folder.parent_path().parent_path().filename() == shape_.dataset,
                   "/: dataset_name is {}, which its folder is not called", shape_.dataset);
}

void Comparison::names() {
  const std::vector<ProductName> all = products();
  const auto found = std::find_if(all.begin(), all.end(), [&](const ProductName& product) {
    return product.dataset == shape_.dataset;
  });
  if (found == all.end()) {
    std::vector<std::string> allowed;
    for (const ProductName& product : all) allowed.push_back(product.dataset);
    findings_.add("/: dataset_name is {}; its row makes {}", shape_.dataset,
                  fmt::join(allowed, ", "));
  } else {
    origin_.level = found->level;
    origin_.kind = found->kind;
    findings_.expect(shape_.coarse_operator == found->coarse_operator,
                     "/: operator is '{}', that of the name '{}'", shape_.coarse_operator,
                     found->coarse_operator);
    if (found->kind == Origin::Kind::coarsened)
      findings_.expect(shape_.parent == all.front().dataset, "/: parent is {}, not {}",
                       shape_.parent, all.front().dataset);
  }
  findings_.expect(shape_.split == origin_.row.split, "/: split is {}, that of its row {}",
                   shape_.split, origin_.row.split);
  file_name();
}

void Comparison::grid() {
  std::vector<Index> made;
  for (int d = 0; d < shape_.grid.dimensions(); ++d) made.push_back(shape_.grid.axis(d).points);
  const std::vector<Index> expected = points(origin_.level);
  findings_.expect(expected.empty() || made == expected,
                   "dimensions: a grid of ({}) points, and ({}) in its config",
                   fmt::join(made, ", "), fmt::join(expected, ", "));
  std::vector<Real> lengths;
  if (const auto all = origin_.of_model<std::vector<Real>>("lengths")) lengths = *all;
  if (const auto one = origin_.of_model<Real>("length")) lengths = {*one};
  // Walls are beyond the first and the last point.
  if (!shape_.grid.periodic()) return;
  for (int d = 0; d < shape_.grid.dimensions() && at(d) < lengths.size(); ++d)
    findings_.expect(close(shape_.grid.axis(d).length(), lengths[at(d)]),
                     "dimensions: direction {} is {} long, and {} in its config", d,
                     shape_.grid.axis(d).length(), lengths[at(d)]);
}

Index Comparison::segments() const {
  const auto frames = static_cast<Index>(origin_.number("dataset.frames"));
  const auto segment = static_cast<Index>(origin_.number("dataset.segment"));
  return origin_.kind == Origin::Kind::restarted && segment > 0 ? frames / segment : 1;
}

void Comparison::times() {
  if (origin_.kind == Origin::Kind::sequence) return;
  const bool restarted = origin_.kind == Origin::Kind::restarted;
  const Real last = origin_.number(restarted ? "dataset.segment" : "dataset.frames");
  const Real interval = origin_.number("dataset.frame_interval");
  if (!findings_.expect(static_cast<Real>(shape_.frames()) == last + 1,
                        "dimensions/time: {} frames, and {} in its config", shape_.frames(),
                        last + 1))
    return;
  for (std::size_t f = 0; f < shape_.times.size(); ++f)
    if (!findings_.expect(
            std::abs(shape_.times[f] - interval * static_cast<Real>(f)) <= 1e-9 * interval * last,
            "dimensions/time: frame {} is at {}, and at {} in its config", f, shape_.times[f],
            interval * static_cast<Real>(f)))
      return;
}

void Comparison::parameters() {
  const auto find = [&](const std::string& name) {
    return std::find_if(shape_.parameters.begin(), shape_.parameters.end(),
                        [&](const auto& each) { return each.first == name; });
  };
  for (const auto& [name, value] : origin_.row.parameters) {
    const auto found = find(name);
    if (findings_.expect(found != shape_.parameters.end(),
                         "/: simulation_parameters lacks {}, which its row has", name))
      // A level may have a value of its own, which is in the config.
      findings_.expect(close(found->second, value) || origin_.of_model<Real>(name).has_value(),
                       "/: {} is {}, and {} in its row", name, found->second, value);
  }
  for (const auto& [name, value] : shape_.parameters) {
    const std::string key = (name == "dt" ? "stepper." : "model.") + name;
    if (origin_.settings.count(origin_.level + key) == 0) continue;
    const Real expected = origin_.number(origin_.level + key);
    findings_.expect(close(value, expected), "/: {} is {}, and {} in its config", name, value,
                     expected);
  }
  std::string licence;
  if (const auto stated = origin_.setting<std::string>("dataset.licence")) licence = *stated;
  const StoredType stored = file_.attribute("/", "licence");
  if (stored.text && stored.scalar())
    findings_.expect(file_.texts("/", "licence").front() == licence,
                     "/: licence is not that of its config, {}", licence);
}

void Comparison::scalar(const std::string& name, const std::vector<Real>& expected) {
  const StoredType type = file_.dataset("/scalars/" + name);
  if (!findings_.expect(type.there && type.real && type.list(), "scalars: {} is missing", name))
    return;
  findings_.expect(file_.file().read_reals("/scalars/" + name) == expected,
                   "scalars/{}: is not what its row says", name);
}

void Comparison::scalars() {
  const bool members = origin_.kind == Origin::Kind::sequence &&
                       shape_.dataset.find("_members") != std::string::npos;
  const Index segments_each =
      members ? static_cast<Index>(origin_.number("ensemble.members")) : segments();
  if (!findings_.expect(shape_.trajectories == origin_.row.count * segments_each,
                        "/: n_trajectories is {}, and {} in its row", shape_.trajectories,
                        origin_.row.count * segments_each))
    return;
  std::vector<Real> pair, segment, start;
  const Real length = origin_.number("dataset.segment") * origin_.number("dataset.frame_interval");
  for (Index t = 0; t < shape_.trajectories; ++t) {
    pair.push_back(static_cast<Real>(origin_.row.first + t / segments_each));
    segment.push_back(static_cast<Real>(t % segments_each));
    start.push_back(length * segment.back());
  }
  scalar("pair_id", pair);
  if (origin_.kind == Origin::Kind::restarted) scalar("segment_id", segment);
}

void Comparison::targets() {
  for (const StoredField& field : shape_.fields) {
    std::string expected;
    if (field.name.find("_forcing") != std::string::npos)
      expected = "add_to_tendency";
    else if (field.name.find("_flux") != std::string::npos || field.name.starts_with("stress"))
      expected = "flux";
    if (origin_.kind != Origin::Kind::coarsened) expected = "";
    findings_.expect(field.sign_convention == expected, "{}: sign_convention is '{}', not '{}'",
                     field.path, field.sign_convention, expected);
  }
}

}  // namespace

Real Origin::number(const std::string& key) const {
  const auto found = settings.find(key);
  if (found == settings.end()) return 0;
  if (const auto* real = std::get_if<Real>(&found->second)) return *real;
  if (const auto* integer = std::get_if<std::int64_t>(&found->second))
    return static_cast<Real>(*integer);
  return 0;
}

std::optional<Origin> check_origin(const StoredFile& file, const Shape& shape, Findings& findings) {
  if (!findings.expect(file.file().has("/provenance"), "provenance: is missing"))
    return std::nullopt;
  for (const char* name : {"git_hash", "version", "compiler", "libraries", "seed"})
    provenance(file, name, findings);
  const std::string row = provenance(file, "row", findings);
  const std::string config = provenance(file, "config", findings);
  if (row.empty() || config.empty()) return std::nullopt;
  Origin origin;
  try {
    origin.row = Row::from_json(row, "provenance/row");
    for (const toml::Leaf& leaf : toml::leaves(config, "provenance/config"))
      if (leaf.value)
        origin.settings[leaf.section.empty() ? leaf.key : leaf.section + "." + leaf.key] =
            *leaf.value;
  } catch (const InputError& error) {
    findings.add("{}", error.what());
    return std::nullopt;
  }
  Comparison comparison(file, shape, origin, findings);
  comparison.names();
  comparison.grid();
  comparison.times();
  comparison.parameters();
  comparison.scalars();
  comparison.targets();
  return origin;
}

}  // namespace starling::datasets::check
