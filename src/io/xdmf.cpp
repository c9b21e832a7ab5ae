// SPDX-License-Identifier: BSD-3-Clause
#include "io/xdmf.hpp"

#include "core/error.hpp"
#include "io/disk.hpp"
#include "io/results.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace starling::io {
namespace {

namespace fs = std::filesystem;

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

// Extents and numbers with the slowest index first, as XDMF has them: z y x.
template <class Numbers>
std::string listed(const Numbers& numbers) {
  return fmt::format("{}", fmt::join(numbers, " "));
}

struct Grid {
  std::vector<Index> extents;  // z y x
  std::vector<Real> origin, spacing;
};

Grid read_grid(const Results& results) {
  Grid grid;
  for (const char* name : {"/coordinates/z", "/coordinates/y", "/coordinates/x"}) {
    if (!results.has(name)) continue;
    const std::vector<Real> at = results.read(name);
    grid.extents.push_back(std::ssize(at));
    grid.origin.push_back(at.empty() ? 0 : at[0]);
    grid.spacing.push_back(at.size() > 1 ? at[1] - at[0] : 1);
  }
  return grid;
}

struct Field {
  std::string name, dataset;
  std::vector<Index> extents;  // in the file: all frames, complete or not
  std::size_t bytes;           // of a number
};

void add_fields(std::vector<Field>& out, const Results& results, const Grid& grid,
                const std::string& group, const std::string& before) {
  for (const std::string& owner : results.file().groups(group)) {
    const std::string folder = group + '/' + owner;
    for (const std::string& component : results.datasets(folder)) {
      Field field{before + owner + '_' + component, folder + '/' + component, {}, 0};
      field.extents = results.file().shape(field.dataset);
      field.bytes = results.file().stored_type(field.dataset).second;
      if (field.extents.size() == grid.extents.size() + 1 &&
          std::equal(grid.extents.begin(), grid.extents.end(), field.extents.begin() + 1))
        out.push_back(std::move(field));
    }
  }
}

class Xml {
 public:
  template <class... Args>
  void line(int depth, fmt::format_string<Args...> text, Args&&... args) {
    out_.append(static_cast<std::size_t>(2 * depth), ' ');
    fmt::format_to(std::back_inserter(out_), text, std::forward<Args>(args)...);
    out_ += '\n';
  }
  const std::string& text() const { return out_; }

 private:
  std::string out_ = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
};

void add_attribute(Xml& xml, const Field& field, const std::string& cell, Index frame,
                   const std::string& file) {
  const std::size_t rank = field.extents.size();
  std::vector<Index> start(rank, 0), stride(rank, 1), count = field.extents;
  start[0] = frame;
  count[0] = 1;
  xml.line(4, R"(<Attribute Name="{}" AttributeType="Scalar" Center="Node">)", escaped(field.name));
  xml.line(5, R"(<DataItem ItemType="HyperSlab" Dimensions="{}" Type="HyperSlab">)", cell);
  xml.line(6, R"(<DataItem Dimensions="3 {}" NumberType="Int" Format="XML">{} {} {}</DataItem>)",
           rank, listed(start), listed(stride), listed(count));
  xml.line(
      6,
      R"(<DataItem Dimensions="{}" NumberType="Float" Precision="{}" Format="HDF">{}:{}</DataItem>)",
      listed(field.extents), field.bytes, escaped(file), escaped(field.dataset));
  xml.line(5, "</DataItem>");
  xml.line(4, "</Attribute>");
}

std::string described(const Results& results, Grid grid, const std::vector<Field>& fields,
                      Index frames, const std::string& file) {
  // A plane is one layer of a box: ParaView's readers agree about boxes only.
  if (grid.extents.size() == 2) {
    grid.extents.insert(grid.extents.begin(), 1);
    grid.origin.insert(grid.origin.begin(), 0);
    grid.spacing.insert(grid.spacing.begin(),
                        *std::min_element(grid.spacing.begin(), grid.spacing.end()));
  }
  const std::string cell = listed(grid.extents);
  const std::vector<Real> time = results.read("/time");
  Xml xml;
  xml.line(0, R"(<Xdmf Version="3.0">)");
  xml.line(1, "<Domain>");
  xml.line(2, R"(<Grid Name="frames" GridType="Collection" CollectionType="Temporal">)");
  for (Index frame = 0; frame < frames; ++frame) {
    xml.line(3, R"(<Grid Name="frame {}" GridType="Uniform">)", frame);
    xml.line(4, R"(<Time Value="{:.17g}"/>)", time[static_cast<std::size_t>(frame)]);
    xml.line(4, R"(<Topology TopologyType="3DCoRectMesh" Dimensions="{}"/>)", cell);
    xml.line(4, R"(<Geometry GeometryType="ORIGIN_DXDYDZ">)");
    for (const auto* numbers : {&grid.origin, &grid.spacing})
      xml.line(
          5,
          R"(<DataItem Dimensions="3" NumberType="Float" Precision="8" Format="XML">{:.17g}</DataItem>)",
          fmt::join(*numbers, " "));
    xml.line(4, "</Geometry>");
    for (const Field& field : fields) add_attribute(xml, field, cell, frame, file);
    xml.line(3, "</Grid>");
  }
  xml.line(2, "</Grid>");
  xml.line(1, "</Domain>");
  xml.line(0, "</Xdmf>");
  return xml.text();
}

void write_whole(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".tmp";
  std::ofstream out(fresh, std::ios::binary);
  out << text;
  out.close();
  if (!out) {
    remove_if_there(fresh);
    throw IoError(fmt::format("{}: cannot be written", path));
  }
  rename_file(fresh, path);
}

}  // namespace

std::optional<std::string> write_xdmf(const std::string& results_path, const std::string& folder) {
  const Results results(results_path);
  const Grid grid = read_grid(results);
  if (grid.extents.size() < 2 || !results.has("/time")) return std::nullopt;
  std::vector<Field> fields;
  add_fields(fields, results, grid, "/fields", "");
  add_fields(fields, results, grid, "/members", "member_");
  const Index frames = results.shape("/time").at(0);
  if (fields.empty() || frames == 0) return std::nullopt;

  const fs::path source(results_path);
  fs::path name = source.filename();
  if (name.extension() == ".part") name = name.stem();
  const fs::path target =
      (folder.empty() ? source.parent_path() : fs::path(folder)) / name.replace_extension(".xdmf");
  const fs::path there = fs::absolute(target).parent_path().lexically_normal();
  const fs::path relative = fs::absolute(source).lexically_normal().lexically_relative(there);
  write_whole(target.string(), described(results, grid, fields, frames, relative.generic_string()));
  return target.string();
}

}  // namespace starling::io
