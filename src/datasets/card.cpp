// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/card.hpp"

#include "core/error.hpp"
#include "datasets/well_file.hpp"
#include "io/hdf5.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace starling::datasets {
namespace {

// YAML has no number without a point in front of an exponent.
std::string number(Real value) { return fmt::format("{:.12e}", value); }

// Elements of a vector or, row by row, of a tensor.
std::string elements_text(const std::vector<FieldMoments>& elements,
                          const std::function<Real(const FieldMoments&)>& of) {
  std::vector<std::string> texts;
  for (const FieldMoments& element : elements) texts.push_back(number(of(element)));
  if (texts.size() == 1) return texts.front();
  const auto side = static_cast<Index>(std::lround(std::sqrt(static_cast<Real>(texts.size()))));
  if (texts.size() <= 3) return fmt::format("[{}]", fmt::join(texts, ", "));
  std::vector<std::string> rows;
  for (Index r = 0; r < side; ++r)
    rows.push_back(fmt::format(
        "[{}]", fmt::join(texts.begin() + r * side, texts.begin() + (r + 1) * side, ", ")));
  return fmt::format("[{}]", fmt::join(rows, ", "));
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + "\"";
}

}  // namespace

Summary summarise(const std::vector<const FileRecord*>& files) {
  Summary summary;
  summary.of_training = std::any_of(files.begin(), files.end(),
                                    [](const FileRecord* file) { return file->split == "train"; });
  for (const char* split : {"train", "valid", "test"}) {
    Index count = 0;
    for (const FileRecord* file : files)
      if (file->split == split) count += file->trajectories;
    summary.splits.emplace_back(split, count);
  }
  for (const FileRecord* file : files) {
    ++summary.files;
    summary.trajectories += file->trajectories;
    summary.frames = file->frames;
    summary.bytes += static_cast<Real>(file->bytes);
    if (summary.of_training && file->split != "train") continue;
    if (summary.fields.empty()) {
      summary.fields = file->statistics;
      continue;
    }
    for (std::size_t f = 0; f < summary.fields.size(); ++f)
      for (std::size_t e = 0; e < summary.fields[f].second.size(); ++e)
        summary.fields[f].second[e].merge(file->statistics[f].second[e]);
  }
  return summary;
}

std::string stats_yaml(const Summary& summary) {
  using Of = std::function<Real(const FieldMoments&)>;
  const std::vector<std::pair<const char*, Of>> all = {
      {"mean", [](const FieldMoments& m) { return m.value.mean; }},
      {"mean_delta", [](const FieldMoments& m) { return m.delta.mean; }},
      {"rms", [](const FieldMoments& m) { return m.value.rms(); }},
      {"rms_delta", [](const FieldMoments& m) { return m.delta.rms(); }},
      {"std", [](const FieldMoments& m) { return std::sqrt(m.value.variance()); }},
      {"std_delta", [](const FieldMoments& m) { return std::sqrt(m.delta.variance()); }},
      {"min", [](const FieldMoments& m) { return m.value.least; }},
      {"max", [](const FieldMoments& m) { return m.value.largest; }},
  };
  std::string text =
      summary.of_training ? "# of the training split\n" : "# of all files: none is for training\n";
  for (const auto& [name, of] : all) {
    text += fmt::format("{}:\n", name);
    for (const auto& [field, elements] : summary.fields)
      text += fmt::format("  {}: {}\n", field, elements_text(elements, of));
  }
  return text;
}

std::string card_yaml(const std::string& name, const std::string& path, const Summary& summary) {
  const io::File file = io::File::open(path);
  const auto text = [&](const std::string& attribute) {
    return file.has_attribute("/", attribute) ? file.text_attribute("/", attribute) : "";
  };
  std::string card = fmt::format("name: {}\n", name);
  for (const char* attribute :
       {"title", "reference", "equation", "licence", "parent", "operator", "schema_version"})
    if (!text(attribute).empty())
      card += fmt::format("{}: {}\n", attribute, quoted(text(attribute)));
  card += fmt::format("dtype: float32\nnormalised: false\nfiles: {}\ntrajectories: {}\n",
                      summary.files, summary.trajectories);
  card += fmt::format("frames: {}\nbytes: {:.0f}\nsplits:\n", summary.frames, summary.bytes);
  for (const auto& [split, count] : summary.splits) card += fmt::format("  {}: {}\n", split, count);
  card += "grid:\n";
  for (const char* axis : {"x", "y", "z"}) {
    const std::string dataset = fmt::format("/dimensions/{}", axis);
    if (!file.has(dataset)) continue;
    const auto places = file.read_reals(dataset);
    card += fmt::format("  {}: {{points: {}, first: {}, spacing: {}}}\n", axis, places.size(),
                        places[0], places[1] - places[0]);
  }
  const auto times = file.read_reals("/dimensions/time");
  card += fmt::format("time: {{first: {}, interval: {}, last: {}}}\n", times.front(),
                      times.size() > 1 ? times[1] - times[0] : 0.0, times.back());
  card += "boundary_conditions:\n";
  for (const std::string& group : file.groups("/boundary_conditions"))
    card += fmt::format("  - {}\n", group);
  card += "fields:\n";
  for (const int order : {0, 1, 2})
    for (const std::string& field : file.datasets("/" + group_of(order))) {
      const std::string dataset = fmt::format("/{}/{}", group_of(order), field);
      card += fmt::format("  {}:\n    order: {}\n    long_name: {}\n    units: {}\n", field, order,
                          quoted(file.text_attribute(dataset, "long_name")),
                          quoted(file.text_attribute(dataset, "units")));
      if (file.has_attribute(dataset, "sign_convention"))
        card += fmt::format("    sign_convention: {}\n",
                            file.text_attribute(dataset, "sign_convention"));
    }
  return card;
}

}  // namespace starling::datasets
