// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/well_structure.hpp"

#include "core/error.hpp"
#include "io/disk.hpp"
#include "io/layout.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>

namespace starling::datasets {
namespace {

using io::Handle;

constexpr std::array<const char*, 3> axis_names = {"x", "y", "z"};
constexpr hsize_t largest_chunk = hsize_t{8} << 20;
constexpr hsize_t page = hsize_t{1} << 20, small_page = hsize_t{1} << 14;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

// h5py's booleans.
Handle boolean_type() {
  Handle type(H5Tenum_create(H5T_NATIVE_INT8));
  const std::int8_t no = 0, yes = 1;
  H5Tenum_insert(type, "FALSE", &no);
  H5Tenum_insert(type, "TRUE", &yes);
  return type;
}

Handle string_type() {
  Handle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

Handle simple_space(const std::vector<hsize_t>& extents) {
  return Handle(extents.empty()
                    ? H5Screate(H5S_SCALAR)
                    : H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr));
}

/// Collects failures: the structure of a file is many small calls.
class Builder {
 public:
  Builder(const std::string& path, Index bytes, bool small);

  Handle group(const std::string& name);
  Handle dataset(const std::string& name, hid_t type, const std::vector<hsize_t>& extents,
                 const void* data);
  Handle field(const std::string& name, const std::vector<hsize_t>& extents,
               const std::vector<hsize_t>& chunk);
  void text(const Handle& object, const std::string& name, const std::string& value) {
    note(io::set_text(object, name, value));
  }
  void texts(const Handle& object, const std::string& name, const std::vector<std::string>& values);
  void flag(const Handle& object, const std::string& name, bool value);
  void flags(const Handle& object, const std::string& name, Index count);
  void integer(const Handle& object, const std::string& name, std::int64_t value) {
    note(io::set_integer(object, name, value));
  }
  void real(const Handle& object, const std::string& name, Real value);
  void varying(const Handle& object, bool sample, bool time) {
    flag(object, "sample_varying", sample);
    flag(object, "time_varying", time);
  }

  const Handle& file() const { return file_; }
  void finish();

 private:
  void attribute(const Handle& object, const std::string& name, const Handle& type,
                 const Handle& space, const void* value);
  void note(bool done) {
    if (!done && problem_.empty()) problem_ = io::hdf5_message();
  }

  std::string path_, problem_;
  Handle file_;
};

Builder::Builder(const std::string& path, Index bytes, bool small) : path_(path) {
  io::silence_hdf5();
  io::take_space(path, bytes);
  const Handle creation(H5Pcreate(H5P_FILE_CREATE)), access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_file_space_strategy(creation, H5F_FSPACE_STRATEGY_PAGE, false, 1);
  H5Pset_file_space_page_size(creation, small ? small_page : page);
  H5Pset_obj_track_times(creation, false);
  // With this version the chunks of a dataset whose space is taken at once need no index: they lie
  // one after the other, where everybody can write without asking.
  H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110);
  // What the file says of its pages is an object that is made with the default list, whose times of
  // day would make every file another one.
  H5Pset_obj_track_times(H5P_GROUP_CREATE_DEFAULT, false);
  file_ = Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access));
  H5Pset_obj_track_times(H5P_GROUP_CREATE_DEFAULT, true);
  if (file_.valid()) return;
  const std::string why = io::hdf5_message();
  io::remove_if_there(path);
  throw IoError(fmt::format("{}: cannot be created: {}", path, why));
}

Handle Builder::group(const std::string& name) {
  const Handle creation(H5Pcreate(H5P_GROUP_CREATE));
  H5Pset_obj_track_times(creation, false);
  Handle made(H5Gcreate2(file_, name.c_str(), H5P_DEFAULT, creation, H5P_DEFAULT));
  note(made.valid());
  return made;
}

Handle Builder::dataset(const std::string& name, hid_t type, const std::vector<hsize_t>& extents,
                        const void* data) {
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_obj_track_times(creation, false);
  Handle made(H5Dcreate2(file_, name.c_str(), type, simple_space(extents), H5P_DEFAULT, creation,
                         H5P_DEFAULT));
  note(made.valid() && H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0);
  return made;
}

Handle Builder::field(const std::string& name, const std::vector<hsize_t>& extents,
                      const std::vector<hsize_t>& chunk) {
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_obj_track_times(creation, false);
  H5Pset_chunk(creation, static_cast<int>(chunk.size()), chunk.data());
  H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY);
  H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER);
  Handle made(H5Dcreate2(file_, name.c_str(), H5T_IEEE_F32LE, simple_space(extents), H5P_DEFAULT,
                         creation, H5P_DEFAULT));
  note(made.valid());
  return made;
}

void Builder::attribute(const Handle& object, const std::string& name, const Handle& type,
                        const Handle& space, const void* value) {
  const Handle made(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT));
  const bool empty = H5Sget_simple_extent_npoints(space) == 0;
  note(made.valid() && (empty || H5Awrite(made, type, value) >= 0));
}

void Builder::texts(const Handle& object, const std::string& name,
                    const std::vector<std::string>& values) {
  std::vector<const char*> pointers;
  for (const std::string& value : values) pointers.push_back(value.c_str());
  attribute(object, name, string_type(), simple_space({values.size()}), pointers.data());
}

void Builder::flag(const Handle& object, const std::string& name, bool value) {
  const std::int8_t byte = value ? 1 : 0;
  attribute(object, name, boolean_type(), simple_space({}), &byte);
}

void Builder::flags(const Handle& object, const std::string& name, Index count) {
  const std::vector<std::int8_t> bytes(at(count), 1);
  attribute(object, name, boolean_type(), simple_space({static_cast<hsize_t>(count)}),
            bytes.data());
}

void Builder::real(const Handle& object, const std::string& name, Real value) {
  attribute(object, name, Handle(H5Tcopy(H5T_NATIVE_DOUBLE)), simple_space({}), &value);
}

void Builder::finish() {
  if (problem_.empty() && H5Fflush(file_, H5F_SCOPE_LOCAL) < 0) problem_ = io::hdf5_message();
  if (problem_.empty()) {
    file_.close();
    io::take_space(path_);
    return;
  }
  io::abandon(file_);
  io::remove_if_there(path_);
  throw IoError(fmt::format("{}: cannot be written: {}", path_, problem_));
}

void make_dimensions(Builder& file, const WellLayout& layout) {
  const Handle group = file.group("dimensions");
  std::vector<std::string> names;
  for (int d = 0; d < layout.grid.dimensions(); ++d) names.emplace_back(axis_names[at(d)]);
  file.texts(group, "spatial_dims", names);
  const Handle time = file.dataset("dimensions/time", H5T_NATIVE_DOUBLE, {layout.times.size()},
                                   layout.times.data());
  file.varying(time, false, true);
  for (int d = 0; d < layout.grid.dimensions(); ++d) {
    const Axis& axis = layout.grid.axis(d);
    std::vector<Real> places(at(axis.points));
    for (Index i = 0; i < axis.points; ++i) places[at(i)] = axis.coordinate(i);
    const Handle made = file.dataset("dimensions/" + names[at(d)], H5T_NATIVE_DOUBLE,
                                     {places.size()}, places.data());
    file.varying(made, false, false);
    file.real(made, "length", axis.length());
  }
}

void make_boundaries(Builder& file, const WellLayout& layout) {
  file.group("boundary_conditions");
  for (int d = 0; d < layout.grid.dimensions(); ++d) {
    const Axis& axis = layout.grid.axis(d);
    const std::string name = std::string("boundary_conditions/") + axis_names[at(d)] +
                             (axis.periodic ? "_periodic" : "_wall");
    const Handle group = file.group(name);
    file.texts(group, "associated_dims", {axis_names[at(d)]});
    file.texts(group, "associated_fields", {});
    file.text(group, "bc_type", axis.periodic ? "PERIODIC" : "WALL");
    file.varying(group, false, false);
    std::vector<std::int8_t> mask(at(axis.points), 0);
    mask.front() = mask.back() = 1;
    file.dataset(name + "/mask", boolean_type(), {mask.size()}, mask.data());
  }
}

void make_scalars(Builder& file, const WellLayout& layout) {
  const Handle group = file.group("scalars");
  std::vector<std::string> names;
  for (const auto& [name, value] : layout.parameters) {
    names.push_back(name);
    file.varying(file.dataset("scalars/" + name, H5T_NATIVE_DOUBLE, {}, &value), false, false);
  }
  for (const auto& [name, values] : layout.scalars) {
    names.push_back(name);
    STARLING_ASSERT(static_cast<Index>(values.size()) == layout.trajectories);
    file.varying(file.dataset("scalars/" + name, H5T_NATIVE_DOUBLE, {values.size()}, values.data()),
                 true, false);
  }
  for (const auto& [name, values] : layout.series) {
    names.push_back(name);
    STARLING_ASSERT(static_cast<Index>(values.size()) == layout.frames());
    file.varying(file.dataset("scalars/" + name, H5T_NATIVE_DOUBLE, {values.size()}, values.data()),
                 false, true);
  }
  file.texts(group, "field_names", names);
}

void make_fields(Builder& file, const WellLayout& layout, int order) {
  const Handle group = file.group(group_of(order));
  std::vector<std::string> names;
  for (const Field& field : layout.fields) {
    if (field.order != order) continue;
    names.push_back(field.name);
    const Handle made = file.field(group_of(order) + "/" + field.name, extents_of(layout, field),
                                   chunk_of(layout, field));
    file.flags(made, "dim_varying", layout.grid.dimensions());
    file.varying(made, true, true);
    file.text(made, "long_name", field.long_name);
    file.text(made, "units", field.units);
    file.real(made, "scale", field.scale);
    if (!field.sign_convention.empty()) file.text(made, "sign_convention", field.sign_convention);
  }
  file.texts(group, "field_names", names);
}

// A row a trajectory, in groups that readers of The Well do not look into.
void make_extras(Builder& file, const WellLayout& layout) {
  std::set<std::string> groups;
  for (const Extra& extra : layout.extras) {
    const std::string group = extra.name.substr(0, extra.name.find('/'));
    if (groups.insert(group).second) file.group(group);
    std::vector<hsize_t> extents = {static_cast<hsize_t>(layout.trajectories)}, chunk = {1};
    for (const Index extent : extra.extents) {
      extents.push_back(static_cast<hsize_t>(extent));
      chunk.push_back(extents.back());
    }
    const Handle made = file.field(extra.name, extents, chunk);
    file.text(made, "long_name", extra.long_name);
    file.text(made, "units", extra.units);
  }
}

}  // namespace

std::vector<hsize_t> extents_of(const WellLayout& layout, const Field& field) {
  std::vector<hsize_t> extents = {static_cast<hsize_t>(layout.trajectories),
                                  static_cast<hsize_t>(layout.frames())};
  const int dimensions = layout.grid.dimensions();
  for (int d = 0; d < dimensions; ++d)
    extents.push_back(static_cast<hsize_t>(layout.grid.axis(d).points));
  for (int d = 0; d < field.order; ++d) extents.push_back(static_cast<hsize_t>(dimensions));
  return extents;
}

std::vector<hsize_t> chunk_of(const WellLayout& layout, const Field& field) {
  std::vector<hsize_t> chunk = extents_of(layout, field);
  chunk[0] = chunk[1] = 1;
  hsize_t bytes = sizeof(float);
  for (const hsize_t extent : chunk) bytes *= extent;
  const hsize_t parts = (bytes + largest_chunk - 1) / largest_chunk;
  chunk[2] = (chunk[2] + parts - 1) / parts;
  return chunk;
}

Chunks chunks_of(const WellLayout& layout, const Field& field) {
  const auto extents = extents_of(layout, field), chunk = chunk_of(layout, field);
  Chunks chunks{static_cast<Index>((extents[2] + chunk[2] - 1) / chunk[2]), 1};
  for (const hsize_t extent : chunk) chunks.size *= static_cast<Index>(extent);
  return chunks;
}

void make_well_file(const std::string& path, const WellLayout& layout) {
  const Real bytes = layout.bytes();
  Builder file(path, static_cast<Index>(bytes), bytes < static_cast<Real>(4 * page));
  const Handle root(H5Gopen2(file.file(), "/", H5P_DEFAULT));
  file.text(root, "dataset_name", layout.name);
  file.text(root, "grid_type", "cartesian");
  file.integer(root, "n_spatial_dims", layout.grid.dimensions());
  file.integer(root, "n_trajectories", layout.trajectories);
  file.flag(root, "normalised", false);
  std::vector<std::string> names;
  for (const auto& [name, value] : layout.parameters) {
    names.push_back(name);
    file.real(root, name, value);
  }
  file.texts(root, "simulation_parameters", names);
  for (const auto& [name, value] : layout.texts) file.text(root, name, value);
  make_dimensions(file, layout);
  make_boundaries(file, layout);
  make_scalars(file, layout);
  for (const int order : {0, 1, 2}) make_fields(file, layout, order);
  make_extras(file, layout);
  file.group("provenance");
  for (const auto& [name, value] : layout.provenance) {
    const char* text = value.c_str();
    file.dataset("provenance/" + name, string_type(), {}, &text);
  }
  file.finish();
}

}  // namespace starling::datasets
