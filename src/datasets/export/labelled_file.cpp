// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/export/labelled_file.hpp"

#include "io/disk.hpp"

namespace starling::datasets {
namespace {

using io::Handle;

Handle attribute(const Handle& object, const char* name, const Handle& type, const Handle& space) {
  return Handle(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT));
}

// Of fixed length, as scales have it.
bool fixed_text(const Handle& object, const char* name, const std::string& value) {
  const Handle type(H5Tcopy(H5T_C_S1)), space(H5Screate(H5S_SCALAR));
  H5Tset_size(type, value.size() + 1);
  const Handle made = attribute(object, name, type, space);
  return made.valid() && H5Awrite(made, type, value.c_str()) >= 0;
}

// What REFERENCE_LIST consists of.
struct Reference {
  hobj_ref_t field;
  int direction;
};

Handle reference_type() {
  Handle type(H5Tcreate(H5T_COMPOUND, sizeof(Reference)));
  H5Tinsert(type, "dataset", HOFFSET(Reference, field), H5T_STD_REF_OBJ);
  H5Tinsert(type, "dimension", HOFFSET(Reference, direction), H5T_NATIVE_INT);
  return type;
}

Handle list_space(std::size_t count) {
  const hsize_t extent = count;
  return Handle(H5Screate_simple(1, &extent, nullptr));
}

}  // namespace

LabelledFile::LabelledFile(std::string path, Real bytes)
    : path_(std::move(path)),
      part_(path_ + ".part"),
      made_(std::make_unique<io::NewFile>(part_, static_cast<Index>(bytes))) {}

LabelledFile::~LabelledFile() {
  if (!file_.valid()) return;
  open_.clear();
  file_.close();
  io::remove_if_there(part_);
}

void LabelledFile::axis(const std::string& name, const std::vector<Real>& places, hid_t type) {
  const Handle made = io::make_dataset(made_->handle(), name, type < 0 ? H5T_IEEE_F64LE : type,
                                       {static_cast<Index>(places.size())});
  note(made.valid() && io::write_whole(made, H5T_NATIVE_DOUBLE, places.data()));
  note(fixed_text(made, "CLASS", "DIMENSION_SCALE") && fixed_text(made, "NAME", name));
  axes_[name] = static_cast<Index>(places.size());
}

void LabelledFile::field(const std::string& name, const std::vector<std::string>& axes,
                         Index unnamed) {
  std::vector<Index> extents;
  for (const std::string& axis : axes) extents.push_back(axis.empty() ? unnamed : axes_.at(axis));
  const Handle made = io::make_dataset(made_->handle(), name, H5T_IEEE_F32LE, extents);
  note(made.valid());
  name_directions(name, axes);
}

void LabelledFile::name_directions(const std::string& name, const std::vector<std::string>& axes) {
  const Handle& file = made_->handle();
  std::vector<hobj_ref_t> references(axes.size());
  std::vector<hvl_t> list(axes.size());
  for (std::size_t d = 0; d < axes.size(); ++d) {
    list[d] = {axes[d].empty() ? std::size_t{0} : std::size_t{1}, &references[d]};
    if (axes[d].empty()) continue;
    note(H5Rcreate(&references[d], file, axes[d].c_str(), H5R_OBJECT, -1) >= 0);
    uses_[axes[d]].push_back({name, static_cast<int>(d)});
  }
  const Handle field(H5Dopen2(file, name.c_str(), H5P_DEFAULT));
  const Handle type(H5Tvlen_create(H5T_STD_REF_OBJ)), space = list_space(axes.size());
  const Handle made = attribute(field, "DIMENSION_LIST", type, space);
  note(made.valid() && H5Awrite(made, type, list.data()) >= 0);
}

void LabelledFile::list_uses() {
  const Handle& file = made_->handle();
  const Handle type = reference_type();
  for (const auto& [axis, uses] : uses_) {
    std::vector<Reference> references(uses.size());
    for (std::size_t i = 0; i < uses.size(); ++i) {
      note(H5Rcreate(&references[i].field, file, uses[i].field.c_str(), H5R_OBJECT, -1) >= 0);
      references[i].direction = uses[i].direction;
    }
    const Handle scale(H5Dopen2(file, axis.c_str(), H5P_DEFAULT));
    const Handle made = attribute(scale, "REFERENCE_LIST", type, list_space(uses.size()));
    note(made.valid() && H5Awrite(made, type, references.data()) >= 0);
  }
}

void LabelledFile::text(const std::string& name, const std::string& value) {
  note(io::set_text(Handle(H5Gopen2(made_->handle(), "/", H5P_DEFAULT)), name, value));
}

void LabelledFile::integer(const std::string& name, Index value) {
  note(io::set_integer(Handle(H5Gopen2(made_->handle(), "/", H5P_DEFAULT)), name, value));
}

void LabelledFile::real(const std::string& name, Real value) {
  const Handle root(H5Gopen2(made_->handle(), "/", H5P_DEFAULT)), space(H5Screate(H5S_SCALAR));
  const Handle made(
      H5Acreate2(root, name.c_str(), H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT));
  note(made.valid() && H5Awrite(made, H5T_NATIVE_DOUBLE, &value) >= 0);
}

void LabelledFile::begin() {
  list_uses();
  made_->finish();
  file_ = io::open_alone(part_, true);
  note(file_.valid());
}

void LabelledFile::write(const std::string& name, const std::vector<Index>& start,
                         const std::vector<Index>& count, const float* numbers) {
  Handle& made = open_[name];
  if (!made.valid()) made = Handle(H5Dopen2(file_, name.c_str(), H5P_DEFAULT));
  const Handle space(H5Dget_space(made));
  const std::vector<hsize_t> first(start.begin(), start.end()), size(count.begin(), count.end());
  Index all = 1;
  for (const Index each : count) all *= each;
  H5Sselect_hyperslab(space, H5S_SELECT_SET, first.data(), nullptr, size.data(), nullptr);
  note(H5Dwrite(made, H5T_NATIVE_FLOAT, io::flat_space(all), space, H5P_DEFAULT, numbers) >= 0);
}

void LabelledFile::close() {
  open_.clear();
  note(H5Fflush(file_, H5F_SCOPE_LOCAL) >= 0 && file_.close());
  io::bring_to_storage(part_);
  io::rename_file(part_, path_);
}

}  // namespace starling::datasets
