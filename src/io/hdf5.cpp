// SPDX-License-Identifier: BSD-3-Clause
#include "io/hdf5.hpp"

#include "core/error.hpp"
#include "io/agree.hpp"
#include "io/layout.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace starling::io {
namespace {

// Upward from where the failure began: the first message is the cause, the rest its consequences.
herr_t keep_first(unsigned depth, const H5E_error2_t* error, void* out) {
  if (depth == 0 && error->desc != nullptr) *static_cast<std::string*>(out) = error->desc;
  return 0;
}

struct LinkSearch {
  H5O_type_t type;
  std::vector<std::string> names;
};

herr_t collect_link(hid_t group, const char* name, const H5L_info_t*, void* search) {
  auto& found = *static_cast<LinkSearch*>(search);
  H5O_info_t info;
  if (H5Oget_info_by_name2(group, name, &info, H5O_INFO_BASIC, H5P_DEFAULT) >= 0 &&
      info.type == found.type) {
    found.names.emplace_back(name);
  }
  return 0;
}

herr_t collect_attribute(hid_t, const char* name, const H5A_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

std::string shape_text(const std::vector<Index>& shape) {
  if (shape.empty()) return "one value";
  return fmt::format("{}", fmt::join(shape, " x "));
}

Index product(const std::vector<Index>& shape) {
  return std::accumulate(shape.begin(), shape.end(), Index{1}, std::multiplies<>());
}

// What can be said about a file before HDF5 looks at it, and what HDF5 then says, in our words.
Handle open_checked(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    const bool unfinished = std::filesystem::exists(path + ".part", error);
    require(!unfinished, "{}: no such file; the run that writes it has not ended: {}.part", path,
            path);
    require(false, "{}: no such file", path);
  }
  require(!std::filesystem::is_directory(status), "{}: a folder, not a file", path);
  require(std::ifstream(path).good(), "{}: cannot be read", path);
  require(std::filesystem::file_size(path, error) > 0, "{}: the file is empty", path);
  require(H5Fis_hdf5(path.c_str()) > 0, "{}: not an HDF5 file", path);
  Handle file = open_alone(path, false);
  if (!file.valid()) {
    const std::string message = hdf5_message();
    require(message.find("truncated") == std::string::npos,
            "{}: the end of the file is missing (truncated)", path);
    require(false, "{}: damaged HDF5 file: {}", path, message);
  }
  return file;
}

// The text of one string element of either kind.
std::string text_of(const Handle& type, const std::vector<char>& bytes) {
  if (H5Tis_variable_str(type) > 0) {
    char* text = nullptr;
    std::memcpy(&text, bytes.data(), sizeof text);
    std::string copy = text == nullptr ? "" : text;
    H5free_memory(text);
    return copy;
  }
  std::string text(bytes.begin(), bytes.end());
  text.resize(std::min(text.size(), text.find('\0')));
  return text;
}

}  // namespace

Handle& Handle::operator=(Handle&& other) noexcept {
  std::swap(id_, other.id_);
  return *this;
}

bool Handle::close() {
  if (id_ < 0) return true;
  // Closing forgets what failed before, which may still be wanted.
  const hid_t failures = H5Eget_num(H5E_DEFAULT) > 0 ? H5Eget_current_stack() : H5I_INVALID_HID;
  const bool closed = H5Idec_ref(std::exchange(id_, H5I_INVALID_HID)) >= 0;
  if (failures >= 0) closed ? H5Eset_current_stack(failures) : H5Eclose_stack(failures);
  return closed;
}

std::string hdf5_message() {
  std::string text;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &text);
  if (text.empty()) return "unknown failure";
  // What the operating system said, if the failure is one of its own.
  const std::string quote = "error message = '";
  if (const auto begin = text.find(quote); begin != std::string::npos) {
    text = text.substr(begin + quote.size());
    return text.substr(0, text.find('\''));
  }
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

void silence_hdf5() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

File File::open(const std::string& path) {
  silence_hdf5();
  return {path, open_checked(path)};
}

File File::open(const std::string& path, MPI_Comm comm) {
  silence_hdf5();
  // Rank 0 says in full what is wrong before all ranks ask the file system the same.
  on_root(comm, [&] { open_checked(path); });
  Handle file = open_alone(path, false);
  agree(comm, file.valid() ? "" : fmt::format("{}: {}", path, hdf5_message()));
  return {path, std::move(file)};
}

void File::fail(const std::string& what) const {
  throw InputError(fmt::format("{}: {}", path_, what));
}

bool File::has(const std::string& name) const {
  if (name.empty() || name == "/") return name == "/";
  // Every group on the way must be asked for before what is in it.
  for (std::size_t end = 1; end != std::string::npos;) {
    end = name.find('/', end);
    if (H5Lexists(file_, name.substr(0, end).c_str(), H5P_DEFAULT) <= 0) return false;
    if (end != std::string::npos) ++end;
  }
  return H5Oexists_by_name(file_, name.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> File::members(const std::string& group, bool groups) const {
  LinkSearch search{groups ? H5O_TYPE_GROUP : H5O_TYPE_DATASET, {}};
  if (!has(group)) return {};
  const Handle opened(H5Gopen2(file_, group.c_str(), H5P_DEFAULT));
  if (!opened.valid()) return {};
  H5Literate(opened, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect_link, &search);
  std::sort(search.names.begin(), search.names.end());
  return search.names;
}

std::vector<std::string> File::datasets(const std::string& group) const {
  return members(group, false);
}

std::vector<std::string> File::groups(const std::string& group) const {
  return members(group, true);
}

Handle File::dataset(const std::string& name) const {
  if (!has(name)) {
    const std::size_t slash = name.rfind('/');
    const std::string group =
        slash == std::string::npos || slash == 0 ? "/" : name.substr(0, slash);
    const auto others = datasets(group);
    fail(others.empty() ? fmt::format("there is no dataset {}", name)
                        : fmt::format("there is no dataset {}; {} has: {}", name, group,
                                      fmt::join(others, ", ")));
  }
  Handle found(H5Oopen(file_, name.c_str(), H5P_DEFAULT));
  if (!found.valid()) fail(fmt::format("{}: {}", name, hdf5_message()));
  if (H5Iget_type(found) != H5I_DATASET) fail(fmt::format("{} is not a dataset", name));
  return found;
}

std::vector<Index> File::shape(const std::string& name) const {
  const Handle space(H5Dget_space(dataset(name)));
  const int rank = H5Sget_simple_extent_ndims(space);
  std::vector<hsize_t> extents(static_cast<std::size_t>(std::max(rank, 0)));
  if (rank > 0) H5Sget_simple_extent_dims(space, extents.data(), nullptr);
  return {extents.begin(), extents.end()};
}

void File::require_shape(const std::string& name, const std::vector<Index>& expected) const {
  const auto found = shape(name);
  if (found != expected) {
    fail(fmt::format("{} has {}; expected: {}", name, shape_text(found), shape_text(expected)));
  }
}

void File::read(void* out, const std::string& name, hid_t memory_type, const Handle& memory,
                const Handle& space) const {
  const Handle from = dataset(name);
  const Handle type(H5Dget_type(from));
  const H5T_class_t kind = H5Tget_class(type);
  const bool integer_wanted = H5Tget_class(memory_type) == H5T_INTEGER;
  if (kind != H5T_INTEGER && (integer_wanted || kind != H5T_FLOAT)) {
    fail(fmt::format("{} must hold {}", name, integer_wanted ? "integers" : "numbers"));
  }
  const bool read = H5Dread(from, memory_type, memory.valid() ? memory : H5S_ALL,
                            space.valid() ? space : H5S_ALL, H5P_DEFAULT, out) >= 0;
  if (!read) fail(fmt::format("{} cannot be read: {}", name, hdf5_message()));
}

template <class T>
std::vector<T> File::read_all(const std::string& name, hid_t type) const {
  const Index count = product(shape(name));
  std::vector<T> values;
  try {
    values.resize(static_cast<std::size_t>(count));
  } catch (const std::exception&) {  // bad_alloc, length_error
    fail(fmt::format("{} is too large to be read: {}", name, shape_text(shape(name))));
  }
  if (count > 0) read(values.data(), name, type, Handle(), Handle());
  return values;
}

std::vector<Real> File::read_reals(const std::string& name) const {
  return read_all<Real>(name, H5T_NATIVE_DOUBLE);
}

std::vector<std::int64_t> File::read_integers(const std::string& name) const {
  return read_all<std::int64_t>(name, H5T_NATIVE_INT64);
}

std::vector<Real> File::read_reals(const std::string& name, Range rows) const {
  auto extents = shape(name);
  if (!extents.empty()) extents[0] = rows.size();
  std::vector<Real> values(static_cast<std::size_t>(product(extents)));
  read_reals(values.data(), name, rows);
  return values;
}

void File::read_reals(Real* out, const std::string& name, Range rows) const {
  const auto extents = shape(name);
  if (extents.empty() || rows.begin < 0 || rows.end < rows.begin || rows.end > extents[0]) {
    fail(fmt::format("{} has {}; rows {} to {} were asked for", name, shape_text(extents),
                     rows.begin, rows.end));
  }
  const Index width = product({extents.begin() + 1, extents.end()});
  if (rows.size() * width == 0) return;
  const Handle space = select_frames(extents, rows, {{0, width}});
  const Handle memory = flat_space(rows.size() * width);
  read(out, name, H5T_NATIVE_DOUBLE, memory, space);
}

std::string File::read_text(const std::string& name) const {
  const Handle from = dataset(name);
  const Handle type(H5Dget_type(from));
  if (H5Tget_class(type) != H5T_STRING || product(shape(name)) != 1) {
    fail(fmt::format("{} must hold one text", name));
  }
  std::vector<char> bytes(std::max(H5Tget_size(type), sizeof(char*)));
  if (H5Dread(from, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()) < 0) {
    fail(fmt::format("{} cannot be read: {}", name, hdf5_message()));
  }
  return text_of(type, bytes);
}

bool File::has_attribute(const std::string& object, const std::string& name) const {
  return has(object) && H5Aexists_by_name(file_, object.c_str(), name.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> File::attributes(const std::string& object) const {
  std::vector<std::string> names;
  if (!has(object)) return names;
  H5Aiterate_by_name(file_, object.c_str(), H5_INDEX_NAME, H5_ITER_INC, nullptr, collect_attribute,
                     &names, H5P_DEFAULT);
  std::sort(names.begin(), names.end());
  return names;
}

Handle File::attribute(const std::string& object, const std::string& name) const {
  if (!has_attribute(object, name)) fail(fmt::format("{} has no attribute {}", object, name));
  Handle found(H5Aopen_by_name(file_, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT));
  if (!found.valid()) fail(fmt::format("{} of {}: {}", name, object, hdf5_message()));
  const Handle space(H5Aget_space(found));
  if (H5Sget_simple_extent_npoints(space) != 1) {
    fail(fmt::format("{} of {} must be one value", name, object));
  }
  return found;
}

std::string File::text_attribute(const std::string& object, const std::string& name) const {
  const Handle from = attribute(object, name);
  const Handle type(H5Aget_type(from));
  if (H5Tget_class(type) != H5T_STRING) fail(fmt::format("{} of {} must be text", name, object));
  std::vector<char> bytes(std::max(H5Tget_size(type), sizeof(char*)));
  if (H5Aread(from, type, bytes.data()) < 0) {
    fail(fmt::format("{} of {}: {}", name, object, hdf5_message()));
  }
  return text_of(type, bytes);
}

Real File::real_attribute(const std::string& object, const std::string& name) const {
  const Handle from = attribute(object, name);
  Real value = 0;
  if (H5Aread(from, H5T_NATIVE_DOUBLE, &value) < 0)
    fail(fmt::format("{} of {}: {}", name, object, hdf5_message()));
  return value;
}

std::int64_t File::integer_attribute(const std::string& object, const std::string& name) const {
  const Handle from = attribute(object, name);
  const Handle type(H5Aget_type(from));
  if (H5Tget_class(type) != H5T_INTEGER) {
    fail(fmt::format("{} of {} must be an integer", name, object));
  }
  std::int64_t value = 0;
  if (H5Aread(from, H5T_NATIVE_INT64, &value) < 0) {
    fail(fmt::format("{} of {}: {}", name, object, hdf5_message()));
  }
  return value;
}

std::pair<H5T_class_t, std::size_t> File::stored_type(const std::string& name) const {
  const Handle type(H5Dget_type(dataset(name)));
  return {H5Tget_class(type), H5Tget_size(type)};
}

}  // namespace starling::io
