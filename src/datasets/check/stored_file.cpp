// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/check/stored_file.hpp"

#include "core/error.hpp"
#include "io/layout.hpp"

#include <cstdint>

namespace starling::datasets::check {
namespace {

using io::Handle;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

bool is_boolean(const Handle& type) {
  if (H5Tget_class(type) != H5T_ENUM || H5Tget_size(type) != 1 || H5Tget_nmembers(type) != 2)
    return false;
  std::int8_t no = -1, yes = -1;
  return H5Tenum_valueof(type, "FALSE", &no) >= 0 && H5Tenum_valueof(type, "TRUE", &yes) >= 0 &&
         no == 0 && yes == 1;
}

Index points_of(const StoredType& type) {
  Index count = 1;
  for (const Index extent : type.extents) count *= extent;
  return count;
}

}  // namespace

StoredFile::StoredFile(const std::string& path) : file_(io::File::open(path)) {
  handle_ = io::open_alone(path, false);
  if (!handle_.valid()) fail("cannot be opened: " + io::hdf5_message());
}

void StoredFile::fail(const std::string& what) const {
  throw InputError(file_.path() + ": " + what);
}

Handle StoredFile::open(const std::string& object) const {
  return Handle(H5Oopen(handle_, object.c_str(), H5P_DEFAULT));
}

StoredType StoredFile::stored(const Handle& type, const Handle& space) const {
  StoredType known;
  known.there = true;
  const H5T_class_t kind = H5Tget_class(type);
  known.text =
      kind == H5T_STRING && H5Tis_variable_str(type) > 0 && H5Tget_cset(type) == H5T_CSET_UTF8;
  known.boolean = is_boolean(type);
  known.integer = kind == H5T_INTEGER;
  known.real = kind == H5T_FLOAT;
  known.single = H5Tequal(type, H5T_IEEE_F32LE) > 0;
  known.has_space = H5Sget_simple_extent_type(space) != H5S_NULL;
  const int rank = H5Sget_simple_extent_ndims(space);
  std::vector<hsize_t> extents(static_cast<std::size_t>(std::max(rank, 0)));
  H5Sget_simple_extent_dims(space, extents.data(), nullptr);
  known.extents.assign(extents.begin(), extents.end());
  return known;
}

StoredType StoredFile::attribute(const std::string& object, const std::string& name) const {
  const Handle owner = open(object);
  if (!owner.valid() || H5Aexists(owner, name.c_str()) <= 0) return {};
  const Handle made(H5Aopen(owner, name.c_str(), H5P_DEFAULT));
  return stored(Handle(H5Aget_type(made)), Handle(H5Aget_space(made)));
}

StoredType StoredFile::dataset(const std::string& name) const {
  if (!file_.has(name)) return {};
  const Handle made = open(name);
  if (!made.valid() || H5Iget_type(made) != H5I_DATASET) return {};
  return stored(Handle(H5Dget_type(made)), Handle(H5Dget_space(made)));
}

std::vector<std::string> StoredFile::texts(const std::string& object,
                                           const std::string& name) const {
  const Index count = points_of(attribute(object, name));
  std::vector<char*> pointers(at(count), nullptr);
  std::vector<std::string> values;
  if (count == 0) return values;
  const Handle owner = open(object), made(H5Aopen(owner, name.c_str(), H5P_DEFAULT));
  const Handle type(H5Aget_type(made)), space(H5Aget_space(made));
  if (H5Aread(made, type, pointers.data()) < 0) fail(object + ": " + name + " cannot be read");
  for (const char* pointer : pointers) values.emplace_back(pointer == nullptr ? "" : pointer);
  H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data());
  return values;
}

std::vector<bool> StoredFile::booleans(const std::string& object, const std::string& name) const {
  std::vector<std::int8_t> bytes(at(points_of(attribute(object, name))));
  const Handle owner = open(object), made(H5Aopen(owner, name.c_str(), H5P_DEFAULT));
  if (!bytes.empty() && H5Aread(made, Handle(H5Aget_type(made)), bytes.data()) < 0)
    fail(object + ": " + name + " cannot be read");
  return {bytes.begin(), bytes.end()};
}

std::vector<bool> StoredFile::booleans(const std::string& name) const {
  std::vector<std::int8_t> bytes(at(points_of(dataset(name))));
  const Handle made = open(name);
  if (!bytes.empty() &&
      H5Dread(made, Handle(H5Dget_type(made)), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()) < 0)
    fail(name + " cannot be read");
  return {bytes.begin(), bytes.end()};
}

Real StoredFile::real(const std::string& object, const std::string& name) const {
  Real value = 0;
  const Handle owner = open(object), made(H5Aopen(owner, name.c_str(), H5P_DEFAULT));
  if (H5Aread(made, H5T_NATIVE_DOUBLE, &value) < 0) fail(object + ": " + name + " cannot be read");
  return value;
}

std::vector<Index> StoredFile::chunk(const std::string& name) const {
  const Handle made = open(name), creation(H5Dget_create_plist(made));
  if (H5Pget_layout(creation) != H5D_CHUNKED) return {};
  std::vector<hsize_t> extents(dataset(name).extents.size());
  H5Pget_chunk(creation, static_cast<int>(extents.size()), extents.data());
  return {extents.begin(), extents.end()};
}

bool StoredFile::plain_filters(const std::string& name) const {
  const Handle made = open(name), creation(H5Dget_create_plist(made));
  for (int i = 0; i < H5Pget_nfilters(creation); ++i) {
    unsigned flags = 0, settings = 0;
    std::size_t count = 0;
    const H5Z_filter_t filter = H5Pget_filter2(creation, static_cast<unsigned>(i), &flags, &count,
                                               nullptr, 0, nullptr, &settings);
    if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE) return false;
  }
  return true;
}

bool StoredFile::complete(const std::string& name) const {
  H5D_space_status_t status = H5D_SPACE_STATUS_ERROR;
  return H5Dget_space_status(open(name), &status) >= 0 && status == H5D_SPACE_STATUS_ALLOCATED;
}

void StoredFile::read_frame(float* out, const std::string& name, Index trajectory, Index frame) {
  Handle& made = open_[name];
  if (!made.valid()) made = open(name);
  const Handle space(H5Dget_space(made));
  const int rank = H5Sget_simple_extent_ndims(space);
  std::vector<hsize_t> extents(static_cast<std::size_t>(rank)), start(extents.size(), 0);
  H5Sget_simple_extent_dims(space, extents.data(), nullptr);
  start[0] = static_cast<hsize_t>(trajectory);
  start[1] = static_cast<hsize_t>(frame);
  extents[0] = extents[1] = 1;
  hsize_t count = 1;
  for (const hsize_t extent : extents) count *= extent;
  H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, extents.data(), nullptr);
  const Handle memory = io::flat_space(static_cast<Index>(count));
  if (H5Dread(made, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, out) < 0)
    fail(fmt::format("{}: trajectory {}, frame {} cannot be read: {}", name, trajectory, frame,
                     io::hdf5_message()));
}

}  // namespace starling::datasets::check
