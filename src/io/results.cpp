// SPDX-License-Identifier: BSD-3-Clause
#include "io/results.hpp"

#include "core/error.hpp"
#include "io/series_file.hpp"

#include <algorithm>

namespace starling::io {

Results::Results(const std::string& path) : file_(File::open(path)) {
  const bool ours =
      file_.has_attribute("/", "starling_verb") && file_.has_attribute("/", "format_version");
  require(ours, "{}: not a result file of starling", path);
  const std::int64_t version = file_.integer_attribute("/", "format_version");
  require(version == format_version, "{}: format_version {}; this program reads {}", path, version,
          format_version);
}

std::vector<Index> Results::shape(const std::string& name) const {
  auto shape = file_.shape(name);
  if (!shape.empty() && file_.has_attribute(name, "axis")) {
    const std::string counter = written_name(file_.text_attribute(name, "axis"));
    file_.require_shape(counter, {});
    const Index written = file_.read_integers(counter)[0];
    shape[0] = std::clamp<Index>(written, 0, shape[0]);
  }
  return shape;
}

std::vector<Real> Results::read(const std::string& name) const {
  const auto extents = shape(name);
  return extents.empty() ? file_.read_reals(name) : read(name, {0, extents[0]});
}

std::vector<Real> Results::read(const std::string& name, Range frames) const {
  const auto extents = shape(name);
  const bool there = !extents.empty() && frames.begin >= 0 && frames.end <= extents[0];
  require(there, "{}: {} has {} frames; {} to {} were asked for", path(), name,
          extents.empty() ? 0 : extents[0], frames.begin, frames.end);
  return file_.read_reals(name, frames);
}

}  // namespace starling::io
