// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/check/well_format.hpp"

#include "datasets/well_file.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace starling::datasets::check {
namespace {

constexpr std::array<const char*, 3> axis_names = {"x", "y", "z"};
constexpr Index largest_chunk = Index{8} << 20;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

/// Reads a file piece by piece; what is not as it must be becomes a finding and is left out.
class Reader {
 public:
  Reader(const StoredFile& file, Findings& findings) : file_(file), findings_(findings) {}
  std::optional<Shape> read();

 private:
  std::string text(const std::string& object, const std::string& name, bool may_be_empty = false);
  std::optional<std::vector<std::string>> texts(const std::string& object, const std::string& name);
  std::optional<bool> flag(const std::string& object, const std::string& name);
  std::optional<Index> integer(const std::string& object, const std::string& name);
  void root();
  bool dimensions();
  bool time();
  bool axis(int d);
  void boundaries();
  void boundary(const std::string& group, std::set<std::string>& with_boundary);
  void scalars();
  void scalar(const std::string& name);
  void fields(int order);
  void field(const std::string& name, int order);
  bool field_shape(const StoredField& field, const StoredType& type);
  void field_chunks(const StoredField& field, const StoredType& type);
  void names_agree(const std::string& group, const std::vector<std::string>& names);

  const StoredFile& file_;
  Findings& findings_;
  Shape shape_;
  int count_ = 0;
  std::vector<Axis> axes_;
};

std::string Reader::text(const std::string& object, const std::string& name, bool may_be_empty) {
  const StoredType type = file_.attribute(object, name);
  if (!findings_.expect(type.there, "{}: attribute {} is missing", object, name)) return "";
  if (!findings_.expect(type.text && type.scalar(),
                        "{}: attribute {} is not one UTF-8 string of variable length", object,
                        name))
    return "";
  const std::string value = file_.texts(object, name).front();
  findings_.expect(may_be_empty || !value.empty(), "{}: attribute {} is empty", object, name);
  return value;
}

std::optional<std::vector<std::string>> Reader::texts(const std::string& object,
                                                      const std::string& name) {
  const StoredType type = file_.attribute(object, name);
  if (!findings_.expect(type.there, "{}: attribute {} is missing", object, name))
    return std::nullopt;
  if (!findings_.expect(type.text && type.list(),
                        "{}: attribute {} is no list of UTF-8 strings of variable length", object,
                        name))
    return std::nullopt;
  return file_.texts(object, name);
}

std::optional<bool> Reader::flag(const std::string& object, const std::string& name) {
  const StoredType type = file_.attribute(object, name);
  if (!findings_.expect(type.there, "{}: attribute {} is missing", object, name))
    return std::nullopt;
  if (!findings_.expect(type.boolean && type.scalar(),
                        "{}: attribute {} is no boolean (enumeration FALSE, TRUE of one byte)",
                        object, name))
    return std::nullopt;
  return file_.booleans(object, name).front();
}

std::optional<Index> Reader::integer(const std::string& object, const std::string& name) {
  const StoredType type = file_.attribute(object, name);
  if (!findings_.expect(type.there, "{}: attribute {} is missing", object, name))
    return std::nullopt;
  if (!findings_.expect(type.integer && type.scalar(), "{}: attribute {} is no integer", object,
                        name))
    return std::nullopt;
  return static_cast<Index>(file_.file().integer_attribute(object, name));
}

void Reader::names_agree(const std::string& group, const std::vector<std::string>& names) {
  const std::vector<std::string> there = file_.file().datasets("/" + group);
  const std::set<std::string> listed(names.begin(), names.end());
  findings_.expect(listed.size() == names.size(), "{}: field_names has a name twice", group);
  for (const std::string& name : names)
    findings_.expect(std::find(there.begin(), there.end(), name) != there.end(),
                     "{}: field_names has {}, which is not there", group, name);
  for (const std::string& name : there)
    findings_.expect(listed.count(name) > 0, "{}: {} is not in field_names", group, name);
}

void Reader::root() {
  shape_.dataset = text("/", "dataset_name");
  text("/", "grid_type");
  for (const char* name : {"title", "licence"}) text("/", name);
  text("/", "reference", true);
  const std::string schema = text("/", "schema_version");
  findings_.expect(schema.empty() || schema == "1", "/: schema_version is {}, not 1", schema);
  shape_.split = text("/", "split");
  findings_.expect(flag("/", "normalised") != std::optional<bool>(true),
                   "/: normalised is true: fields are not as the scale says");
  const bool of_pairs = file_.attribute("/", "operator").there;
  if (of_pairs) {
    shape_.coarse_operator = text("/", "operator");
    shape_.parent = text("/", "parent");
  }
  const auto names = texts("/", "simulation_parameters");
  for (const std::string& name : names.value_or(std::vector<std::string>{})) {
    const StoredType type = file_.attribute("/", name);
    if (!findings_.expect(type.there && (type.real || type.integer) && type.scalar(),
                          "/: simulation_parameters has {}, which is no number of the root", name))
      continue;
    const Real value = file_.real("/", name);
    shape_.parameters.emplace_back(name, value);
    const StoredType scalar = file_.dataset("/scalars/" + name);
    if (!findings_.expect(scalar.there, "scalars: the parameter {} is missing", name)) continue;
    if (!scalar.scalar() || !(scalar.real || scalar.integer)) continue;  // scalars() says so
    findings_.expect(file_.file().read_reals("/scalars/" + name).front() == value,
                     "scalars/{}: is another number than that of the root, {}", name, value);
  }
}

bool Reader::time() {
  const StoredType type = file_.dataset("/dimensions/time");
  if (!findings_.expect(type.there, "dimensions: time is missing")) return false;
  flag("/dimensions/time", "sample_varying");
  findings_.expect(flag("/dimensions/time", "time_varying").value_or(true),
                   "dimensions/time: time_varying is false");
  if (!findings_.expect(type.real && type.list(), "dimensions/time: is no list of reals"))
    return false;
  shape_.times = file_.file().read_reals("/dimensions/time");
  for (std::size_t f = 0; f < shape_.times.size(); ++f)
    if (!findings_.expect(
            std::isfinite(shape_.times[f]) && (f == 0 || shape_.times[f] > shape_.times[f - 1]),
            "dimensions/time: does not increase at frame {}", f))
      break;
  return findings_.expect(!shape_.times.empty(), "dimensions/time: has no frames");
}

bool Reader::axis(int d) {
  const std::string name = std::string("/dimensions/") + axis_names[at(d)];
  const StoredType type = file_.dataset(name);
  if (!findings_.expect(type.there && type.real && type.list() && type.extents[0] > 1,
                        "{}: is no list of coordinates", name.substr(1)))
    return false;
  flag(name, "sample_varying");
  findings_.expect(!flag(name, "time_varying").value_or(false), "{}: time_varying is true",
                   name.substr(1));
  const std::vector<Real> places = file_.file().read_reals(name);
  Axis axis;
  axis.points = type.extents[0];
  axis.origin = places[0];
  axis.spacing = places[1] - places[0];
  Real worst = 0;
  for (Index i = 0; i < axis.points; ++i)
    worst = std::max(worst, std::abs(places[at(i)] - axis.coordinate(i)));
  findings_.expect(axis.spacing > 0 && worst <= 1e-9 * axis.length(),
                   "{}: coordinates are not evenly spaced and increasing", name.substr(1));
  const StoredType length = file_.attribute(name, "length");
  if (length.there && length.real && length.scalar())
    findings_.expect(std::abs(file_.real(name, "length") - axis.length()) <= 1e-9 * axis.length(),
                     "{}: length is not that of its points", name.substr(1));
  else
    findings_.add("{}: attribute length is missing", name.substr(1));
  axes_.push_back(axis);
  return true;
}

bool Reader::dimensions() {
  const auto stated = integer("/", "n_spatial_dims");
  const auto names = texts("/dimensions", "spatial_dims");
  if (!stated || !names) return false;
  count_ = static_cast<int>(*stated);
  if (!findings_.expect(count_ >= 1 && count_ <= 3 && names->size() == at(count_),
                        "/: n_spatial_dims is {}, and spatial_dims are [{}]", *stated,
                        fmt::join(*names, ", ")))
    return false;
  for (int d = 0; d < count_; ++d)
    if (!findings_.expect((*names)[at(d)] == axis_names[at(d)],
                          "dimensions: spatial_dims are [{}], not x, y, z in that order",
                          fmt::join(*names, ", ")))
      return false;
  if (!time()) return false;
  for (int d = 0; d < count_; ++d)
    if (!axis(d)) return false;
  return true;
}

void Reader::boundary(const std::string& name, std::set<std::string>& with_boundary) {
  const std::string group = "/boundary_conditions/" + name;
  const auto dims = texts(group, "associated_dims");
  texts(group, "associated_fields");
  const std::string kind = text(group, "bc_type");
  findings_.expect(kind.empty() || kind == "PERIODIC" || kind == "WALL" || kind == "OPEN",
                   "{}: bc_type is {}; allowed: PERIODIC, WALL, OPEN", group.substr(1), kind);
  flag(group, "sample_varying");
  flag(group, "time_varying");
  if (!dims) return;
  if (!findings_.expect(dims->size() == 1, "{}: associated_dims is not one dimension",
                        group.substr(1)))
    return;
  int d = 0;
  while (d < count_ && axis_names[at(d)] != dims->front()) ++d;
  if (!findings_.expect(d < count_, "{}: associated_dims has {}, which is no dimension",
                        group.substr(1), dims->front()))
    return;
  with_boundary.insert(dims->front());
  axes_[at(d)].periodic = kind == "PERIODIC";
  const StoredType mask = file_.dataset(group + "/mask");
  if (!findings_.expect(
          mask.there && mask.boolean && mask.list() && mask.extents[0] == axes_[at(d)].points,
          "{}/mask: is not one boolean for each point", group.substr(1)))
    return;
  std::vector<bool> expected(at(axes_[at(d)].points), false);
  expected.front() = expected.back() = true;
  findings_.expect(file_.booleans(group + "/mask") == expected,
                   "{}/mask: is not true at the first and the last point alone", group.substr(1));
}

void Reader::boundaries() {
  std::set<std::string> with_boundary;
  for (const std::string& name : file_.file().groups("/boundary_conditions"))
    boundary(name, with_boundary);
  for (int d = 0; d < count_; ++d)
    findings_.expect(with_boundary.count(axis_names[at(d)]) > 0,
                     "boundary_conditions: there is none for {}", axis_names[at(d)]);
}

void Reader::scalar(const std::string& name) {
  const std::string path = "/scalars/" + name;
  const StoredType type = file_.dataset(path);
  const auto sample = flag(path, "sample_varying"), time = flag(path, "time_varying");
  if (!findings_.expect(type.real || type.integer, "scalars/{}: is no number", name)) return;
  if (!sample || !time) return;
  std::vector<Index> expected;
  if (*sample) expected.push_back(shape_.trajectories);
  if (*time) expected.push_back(shape_.frames());
  if (!findings_.expect(type.has_space && type.extents == expected,
                        "scalars/{}: has the shape ({}), not ({})", name,
                        fmt::join(type.extents, ", "), fmt::join(expected, ", ")))
    return;
  auto values = file_.file().read_reals(path);
  // Scores begin with the first analysis.
  while (*time && values.size() > 1 && std::isnan(values.front())) values.erase(values.begin());
  findings_.expect(
      std::all_of(values.begin(), values.end(), [](Real v) { return std::isfinite(v); }),
      "scalars/{}: is not finite", name);
}

void Reader::scalars() {
  const auto names = texts("/scalars", "field_names");
  if (!names) return;
  names_agree("scalars", *names);
  for (const std::string& name : *names)
    if (file_.dataset("/scalars/" + name).there) scalar(name);
}

bool Reader::field_shape(const StoredField& field, const StoredType& type) {
  std::vector<Index> expected = {shape_.trajectories, shape_.frames()};
  for (const Axis& axis : axes_) expected.push_back(axis.points);
  for (int d = 0; d < field.order; ++d) expected.push_back(count_);
  return findings_.expect(type.extents == expected, "{}: has the shape ({}), not ({})", field.path,
                          fmt::join(type.extents, ", "), fmt::join(expected, ", "));
}

void Reader::field_chunks(const StoredField& field, const StoredType& type) {
  std::vector<Index> frame = type.extents;
  frame[0] = frame[1] = 1;
  Index bytes = sizeof(float);
  for (const Index extent : frame) bytes *= extent;
  const Index parts = (bytes + largest_chunk - 1) / largest_chunk;
  frame[2] = (frame[2] + parts - 1) / parts;
  const std::vector<Index> chunk = file_.chunk("/" + field.path);
  findings_.expect(chunk == frame, "{}: chunks are ({}), not one frame, ({})", field.path,
                   fmt::join(chunk, ", "), fmt::join(frame, ", "));
  findings_.expect(file_.plain_filters("/" + field.path),
                   "{}: has a filter that not every reader has", field.path);
  findings_.expect(file_.complete("/" + field.path), "{}: frames were never written", field.path);
}

void Reader::field(const std::string& name, int order) {
  StoredField field{name, group_of(order) + "/" + name, order, 1, 1, ""};
  const std::string path = "/" + field.path;
  const StoredType type = file_.dataset(path);
  if (!type.there) return;
  for (int d = 0; d < order; ++d) field.elements *= count_;
  const StoredType varying = file_.attribute(path, "dim_varying");
  if (findings_.expect(
          varying.there && varying.boolean && varying.list() && varying.extents[0] == count_,
          "{}: dim_varying is not one boolean for each dimension", field.path)) {
    const auto all = file_.booleans(path, "dim_varying");
    findings_.expect(std::all_of(all.begin(), all.end(), [](bool each) { return each; }),
                     "{}: dim_varying is false, and it is on all points", field.path);
  }
  for (const char* each : {"sample_varying", "time_varying"})
    findings_.expect(flag(path, each).value_or(true), "{}: {} is false", field.path, each);
  for (const char* each : {"units", "long_name"}) text(path, each);
  const StoredType scale = file_.attribute(path, "scale");
  if (findings_.expect(scale.there && scale.real && scale.scalar(),
                       "{}: attribute scale is missing", field.path)) {
    field.scale = file_.real(path, "scale");
    if (!findings_.expect(field.scale > 0 && std::isfinite(field.scale),
                          "{}: scale is {}, not above 0", field.path, field.scale))
      field.scale = 1;
  }
  if (file_.attribute(path, "sign_convention").there)
    field.sign_convention = text(path, "sign_convention");
  if (!findings_.expect(type.single, "{}: numbers are not of single precision", field.path)) return;
  if (!field_shape(field, type)) return;
  field_chunks(field, type);
  shape_.fields.push_back(std::move(field));
}

void Reader::fields(int order) {
  const std::string group = group_of(order);
  if (!findings_.expect(file_.file().has("/" + group), "{}: is missing", group)) return;
  const auto names = texts("/" + group, "field_names");
  if (!names) return;
  names_agree(group, *names);
  for (const std::string& name : *names) field(name, order);
}

std::optional<Shape> Reader::read() {
  root();
  const auto trajectories = integer("/", "n_trajectories");
  if (!dimensions() || !trajectories) return std::nullopt;
  if (!findings_.expect(*trajectories > 0, "/: n_trajectories is {}", *trajectories))
    return std::nullopt;
  shape_.trajectories = *trajectories;
  boundaries();
  scalars();
  for (const int order : {0, 1, 2}) fields(order);
  if (!findings_.expect(!shape_.fields.empty(), "/: there is no field that can be read"))
    return std::nullopt;
  shape_.grid = Domain(axes_, {Component{}});
  return std::move(shape_);
}

}  // namespace

const StoredField* Shape::find(const std::string& name) const {
  for (const StoredField& field : fields)
    if (field.name == name) return &field;
  return nullptr;
}

std::optional<Shape> check_format(const StoredFile& file, Findings& findings) {
  return Reader(file, findings).read();
}

}  // namespace starling::datasets::check
