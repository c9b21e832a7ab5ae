// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/export/export_source.hpp"

#include "core/error.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace starling::datasets {
namespace {

namespace fs = std::filesystem;

fs::path folder_of_data(const std::string& folder) {
  std::error_code failure;
  if (fs::is_directory(fs::path(folder) / "data", failure)) return folder;
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(folder, failure))
    if (fs::is_directory(entry.path() / "data", failure)) found.push_back(entry.path().string());
  std::sort(found.begin(), found.end());
  require(!found.empty(), "{}: has no data set; allowed: a folder that has data/", folder);
  require(found.size() == 1, "{}: has several data sets; allowed: one of {}", folder,
          fmt::join(found, ", "));
  return found.front();
}

// "000017" of a row, in front of the ending.
std::string label_of(const std::string& path) {
  const std::string stem = fs::path(path).stem().string();
  return stem.substr(stem.rfind('_') + 1);
}

}  // namespace

ExportSource::ExportSource(const std::string& folder) {
  const fs::path data = folder_of_data(folder) / "data";
  for (const char* split : {"train", "valid", "test"}) {
    std::error_code failure;
    std::vector<std::string> paths;
    for (const auto& entry : fs::directory_iterator(data / split, failure))
      if (entry.path().extension() == ".hdf5") paths.push_back(entry.path().string());
    std::sort(paths.begin(), paths.end(),
              [](const std::string& a, const std::string& b) { return label_of(a) < label_of(b); });
    for (const std::string& path : paths) add(path, split);
  }
  require(!files_.empty(), "{}: has no files; allowed: .hdf5 files in train, valid, test",
          data.string());
}

void ExportSource::add(const std::string& path, const std::string& split) {
  const check::StoredFile file(path);
  check::Findings findings(path);
  const auto shape = check::check_format(file, findings);
  require(shape && findings.all().empty(), "{}: {}; allowed: what starling check passes", path,
          findings.all().empty() ? "cannot be read" : findings.all().front().what);
  check::Findings ignored(path);
  const auto origin = check::check_origin(file, *shape, ignored);
  File made{path, split, *shape, {}};
  if (origin) {
    made.swept = origin->row.parameters;
    if (const auto forcing = origin->of_model<std::string>("forcing")) forcing_ = *forcing;
  }
  if (files_.empty()) {
    licence_ = file.texts("/", "licence").front();
    title_ = file.texts("/", "title").front();
  } else {
    const check::Shape& first = files_.front().shape;
    bool same = first.dataset == shape->dataset && first.fields.size() == shape->fields.size() &&
                first.frames() == shape->frames();
    for (std::size_t f = 0; same && f < first.fields.size(); ++f)
      same = first.fields[f].path == shape->fields[f].path;
    require(same && first.grid.points() == shape->grid.points(),
            "{}: has other fields, frames or points than {}; allowed: the same", path,
            files_.front().path);
  }
  files_.push_back(std::move(made));
}

Index ExportSource::trajectories(const std::string& split) const {
  Index count = 0;
  for (const File& file : files_)
    if (split.empty() || file.split == split) count += file.shape.trajectories;
  return count;
}

void ExportSource::read(float* out, std::size_t file, std::size_t field, Index element,
                        Index trajectory, Index frame) {
  const File& source = files_[file];
  const check::StoredField& of = source.shape.fields[field];
  if (open_ != file) {
    file_ = std::make_unique<check::StoredFile>(source.path);
    open_ = file;
    last_.clear();
  }
  const Index points = source.shape.grid.points();
  const std::string key = fmt::format("{} {} {}", of.path, trajectory, frame);
  if (key != last_) {
    numbers_.resize(static_cast<std::size_t>(points * of.elements));
    file_->read_frame(numbers_.data(), of.path, trajectory, frame);
    last_ = key;
  }
  for (Index i = 0; i < points; ++i)
    out[i] = static_cast<float>(
        of.scale *
        static_cast<Real>(numbers_[static_cast<std::size_t>(i * of.elements + element)]));
}

}  // namespace starling::datasets
