// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/export/export.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "core/progress.hpp"
#include "datasets/export/export_source.hpp"
#include "datasets/export/labelled_file.hpp"
#include "io/agree.hpp"
#include "io/disk.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <numeric>
#include <system_error>

namespace starling::datasets {
namespace {

constexpr std::array<const char*, 3> axes = {"x", "y", "z"};

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

/// One element of a field, and what the layout calls it.
struct Channel {
  std::string name;
  std::size_t field;
  Index element;
};

std::vector<Real> places_of(const Axis& axis) {
  std::vector<Real> places;
  for (Index i = 0; i < axis.points; ++i) places.push_back(axis.coordinate(i));
  return places;
}

std::vector<Real> count_to(Index count) {
  std::vector<Real> numbers(at(count));
  std::iota(numbers.begin(), numbers.end(), 0.0);
  return numbers;
}

void require_free(const std::string& path, bool force) {
  require(force || !io::exists(path), "{}: is there already; allowed: another name, or --force",
          path);
  std::error_code failure;
  const auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, failure);
  require(!failure, "{}: cannot be made: {}", folder.string(), failure.message());
}

void describe(LabelledFile& file, const ExportSource& source, const std::vector<std::size_t>& of) {
  file.text("title", source.title());
  file.text("licence", source.licence());
  file.text("source", source.name());
  for (const char* split : {"train", "valid", "test"}) {
    Index count = 0;
    for (const std::size_t f : of)
      if (source.files()[f].split == split) count += source.files()[f].shape.trajectories;
    file.integer(std::string("n_") + split, count);
  }
}

/// Calls `write(sample, file, trajectory, frame)` for every frame of the files.
template <class Write>
void each_frame(const ExportSource& source, const std::vector<std::size_t>& files,
                Progress& progress, Index& done, const Write& write) {
  Index sample = 0;
  for (const std::size_t f : files)
    for (Index t = 0; t < source.files()[f].shape.trajectories; ++t, ++sample)
      for (Index frame = 0; frame < source.shape().frames(); ++frame) {
        write(sample, f, t, frame);
        progress.update(++done);
      }
}

std::vector<std::size_t> all_files(const ExportSource& source) {
  std::vector<std::size_t> files(source.files().size());
  std::iota(files.begin(), files.end(), std::size_t{0});
  return files;
}

std::string write_pdegym(ExportSource& source, const std::string& output, bool force) {
  const check::Shape& shape = source.shape();
  const check::StoredField* velocity = shape.find("velocity");
  require(shape.grid.dimensions() == 2 && velocity != nullptr && velocity->order == 1,
          "{}: is no plane flow with a velocity; allowed in pdegym: 2 dimensions and a field "
          "velocity",
          source.name());
  for (const ExportSource::File& file : source.files())
    for (int d = 0; d < 2; ++d)
      require(file.shape.grid.axis(d).length() == shape.grid.axis(d).length(),
              "{}: is on another domain than {}; allowed in pdegym: one for all", file.path,
              source.files().front().path);
  std::vector<Channel> channels;
  for (std::size_t f = 0; f < shape.fields.size(); ++f)
    if (&shape.fields[f] == velocity) channels = {{"u", f, 0}, {"v", f, 1}};
  for (std::size_t f = 0; f < shape.fields.size(); ++f)
    if (shape.fields[f].order == 0 && shape.fields[f].name.starts_with("tracer") &&
        !shape.fields[f].target())
      channels.push_back({shape.fields[f].name, f, 0});
  const std::string path = output.empty() ? source.name() + ".nc" : output;
  require_free(path, force);
  const Index points = shape.grid.points(), samples = source.trajectories();
  const auto count = static_cast<Index>(channels.size());
  LabelledFile file(path, static_cast<Real>(sizeof(float)) * static_cast<Real>(samples) *
                              static_cast<Real>(shape.frames() * count * points));
  const std::string key = source.forcing() == "none" ? "velocity" : "solution";
  file.axis("sample", count_to(samples), H5T_STD_I32LE);
  file.axis("time", shape.times);
  file.axis("channel", count_to(count), H5T_STD_I32LE);
  for (int d = 0; d < 2; ++d) file.axis(axes[at(d)], places_of(shape.grid.axis(d)));
  file.field(key, {"sample", "time", "channel", "x", "y"});
  std::string names;
  for (const Channel& channel : channels) names += (names.empty() ? "" : " ") + channel.name;
  file.text("channels", names);
  const std::vector<std::size_t> files = all_files(source);
  describe(file, source, files);
  file.begin();
  const Index nx = shape.grid.axis(0).points, ny = shape.grid.axis(1).points;
  std::vector<float> numbers(at(count * points));
  Progress progress("export " + source.name(), "frames", samples * shape.frames(), 0, true);
  Index done = 0;
  each_frame(source, files, progress, done, [&](Index sample, std::size_t f, Index t, Index frame) {
    for (Index c = 0; c < count; ++c)
      source.read(numbers.data() + c * points, f, channels[at(c)].field, channels[at(c)].element, t,
                  frame);
    file.write(key, {sample, frame, 0, 0, 0}, {1, 1, count, nx, ny}, numbers.data());
  });
  file.close();
  return path;
}

std::vector<Channel> pdebench_channels(const check::Shape& shape) {
  const int dimensions = shape.grid.dimensions();
  std::vector<Channel> channels;
  Index states = 0;
  for (const check::StoredField& field : shape.fields) states += field.target() ? 0 : 1;
  for (std::size_t f = 0; f < shape.fields.size(); ++f) {
    const check::StoredField& field = shape.fields[f];
    const bool alone = dimensions == 1 && states == 1 && !field.target();
    if (field.order == 0) channels.push_back({alone ? "tensor" : field.name, f, 0});
    if (field.order == 1 && dimensions > 1)
      for (Index e = 0; e < field.elements; ++e)
        channels.push_back({field.name == "velocity" ? std::string("V") + axes[at(e)]
                                                     : field.name + "_" + axes[at(e)],
                            f, e});
    if (field.order == 2)
      for (Index e = 0; e < field.elements; ++e)
        channels.push_back(
            {field.name + "_" + axes[at(e / dimensions)] + axes[at(e % dimensions)], f, e});
  }
  return channels;
}

void write_pdebench_file(ExportSource& source, const std::vector<std::size_t>& files,
                         const std::string& path, Progress& progress, Index& done) {
  // Sets may differ in the length of the domain.
  const check::Shape& shape = source.files()[files.front()].shape;
  const std::vector<Channel> channels = pdebench_channels(shape);
  Index samples = 0;
  for (const std::size_t f : files) samples += source.files()[f].shape.trajectories;
  const Index points = shape.grid.points();
  LabelledFile file(path, static_cast<Real>(sizeof(float)) * static_cast<Real>(samples) *
                              static_cast<Real>(shape.frames() * points) *
                              static_cast<Real>(channels.size()));
  std::vector<std::string> names = {"", "t-coordinate"};
  std::vector<Index> extent = {1, 1};
  file.axis("t-coordinate", shape.times, H5T_IEEE_F32LE);
  for (int d = 0; d < shape.grid.dimensions(); ++d) {
    names.push_back(std::string(axes[at(d)]) + "-coordinate");
    file.axis(names.back(), places_of(shape.grid.axis(d)), H5T_IEEE_F32LE);
    extent.push_back(shape.grid.axis(d).points);
  }
  for (const Channel& channel : channels) file.field(channel.name, names, samples);
  for (const auto& [name, value] : source.files()[files.front()].shape.parameters)
    file.real(name, value);
  describe(file, source, files);
  file.begin();
  std::vector<float> numbers(at(points));
  each_frame(source, files, progress, done, [&](Index sample, std::size_t f, Index t, Index frame) {
    std::vector<Index> start(extent.size(), 0);
    start[0] = sample;
    start[1] = frame;
    for (const Channel& channel : channels) {
      source.read(numbers.data(), f, channel.field, channel.element, t, frame);
      file.write(channel.name, start, extent, numbers.data());
    }
  });
  file.close();
}

std::vector<std::string> write_pdebench(ExportSource& source, const std::string& output,
                                        bool force) {
  // One file a parameter set, in the order of the first of its rows.
  std::vector<std::vector<std::size_t>> sets;
  std::vector<std::string> names;
  for (std::size_t f = 0; f < source.files().size(); ++f) {
    const ExportSource::File& file = source.files()[f];
    std::string name = with_parameters(source.name(), file.swept);
    const auto same = std::find_if(sets.begin(), sets.end(), [&](const auto& set) {
      return source.files()[set.front()].shape.parameters == file.shape.parameters;
    });
    if (same != sets.end()) {
      same->push_back(f);
      continue;
    }
    sets.push_back({f});
    names.push_back(name + ".hdf5");
  }
  const bool is_file = output.ends_with(".hdf5") || output.ends_with(".h5");
  require(!is_file || sets.size() == 1,
          "{}: is one file, and {} has {} parameter sets; allowed: a folder", output, source.name(),
          sets.size());
  for (std::string& name : names)
    name = is_file ? output : (output.empty() ? source.name() + "_pdebench" : output) + "/" + name;
  for (const std::string& name : names) require_free(name, force);
  Progress progress("export " + source.name(), "frames",
                    source.trajectories() * source.shape().frames(), 0, true);
  Index done = 0;
  for (std::size_t s = 0; s < sets.size(); ++s)
    write_pdebench_file(source, sets[s], names[s], progress, done);
  return names;
}

}  // namespace

const std::vector<std::string>& export_layouts() {
  static const std::vector<std::string> all = {"pdegym", "pdebench"};
  return all;
}

std::vector<std::string> export_dataset(const std::string& folder, const std::string& layout,
                                        const std::string& output, bool force, MPI_Comm comm) {
  std::vector<std::string> written;
  io::on_root(comm, [&] {
    ExportSource source(folder);
    written = layout == "pdegym" ? std::vector<std::string>{write_pdegym(source, output, force)}
                                 : write_pdebench(source, output, force);
  });
  return written;
}

}  // namespace starling::datasets
