// SPDX-License-Identifier: BSD-3-Clause
#include "plots/draw.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "plots/figures.hpp"
#include "plots/gnuplot.hpp"
#include "plots/layers.hpp"
#include "plots/png.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace starling::plots {
namespace {

struct Figure {
  const char* name;
  std::optional<Page> (*page)(const Run&, const Options&);
};

constexpr std::array figures{
    Figure{"overview", overview}, Figure{"fields", space_time}, Figure{"scores", scores},
    Figure{"ranks", ranks},       Figure{"spectra", spectra},   Figure{"diagnostics", diagnostics},
    Figure{"lyapunov", lyapunov},
};

std::string picture(const std::string& out_dir, const std::string& name) {
  return (std::filesystem::path(out_dir) / (name + ".png")).string();
}

std::string folder_of(const std::string& file) {
  return std::filesystem::path(file).parent_path().string();
}

void make_folder(const std::string& out_dir) {
  if (out_dir.empty()) return;
  std::error_code failure;
  std::filesystem::create_directories(out_dir, failure);
  require(std::filesystem::is_directory(out_dir), "{}: cannot be made a folder for pictures: {}",
          out_dir, failure ? failure.message() : "it is something else");
}

// Beginnings of the names of pictures: those of the files, with their folders where these differ
// only.
std::vector<std::string> names_of(const std::vector<Run>& runs) {
  const auto count = [](const std::vector<std::string>& names, const std::string& name) {
    return std::count(names.begin(), names.end(), name);
  };
  std::vector<std::string> plain, out;
  for (const Run& run : runs) plain.push_back(run.name());
  for (const Run& run : runs) {
    const auto folder = std::filesystem::absolute(run.file()).parent_path().filename().string();
    out.push_back(count(plain, run.name()) > 1 ? folder + "_" + run.name() : run.name());
  }
  for (std::size_t i = 0; i < runs.size(); ++i) {
    require(count(out, out[i]) == 1, "{}: the pictures of another file would have the same names",
            runs[i].file());
  }
  return out;
}

// The fields side by side with their colours below, drawn pixel by pixel.
std::optional<Image> bare_fields(const Run& run, const Options& options) {
  if (run.time().empty()) return std::nullopt;
  const Layers layers = read_layers(run, shown_times(run, options));
  if (layers.all.empty()) return std::nullopt;
  constexpr Index width = 300, height = 800, gap = 16, bar = 14;
  const auto count = std::ssize(layers.all);
  Image out(count * (width + gap) + gap, height + bar + 3 * gap);
  const auto paste = [&out](const Image& part, Index left, Index top) {
    for (Index row = 0; row < part.height(); ++row) {
      for (Index column = 0; column < part.width(); ++column) {
        out.at(left + column, top + row) = part.at(column, row);
      }
    }
  };
  const Page page(static_cast<Real>(width), static_cast<Real>(height), 1);
  Index left = gap;
  for (const Layer& layer : layers.all) {
    const Box box{0, 0, static_cast<Real>(width), static_cast<Real>(height)};
    paste(layer_panel(page, layers, layer, box, Way::time_up).image, left, gap);
    paste(colour_bar(layers.scale_of(layer).map, width, bar), left, height + 2 * gap);
    left += width + gap;
  }
  return out;
}

// What can be drawn without gnuplot.
std::vector<std::string> draw_bare(const Run& run, const std::string& name,
                                   const std::string& out_dir, const Options& options) {
  constexpr const char* missing = "is not installed (Debian: apt install gnuplot-nox)";
  const auto image = bare_fields(run, options);
  require(image.has_value(),
          "{}: {} {}, and without it only fields are drawn, of which there are none", run.file(),
          options.gnuplot, missing);
  log::warning("{}: {} {}; only the fields are drawn, without axes", run.file(), options.gnuplot,
               missing);
  const std::string file = picture(out_dir, name + "_fields");
  write_png(file, *image);
  return {file};
}

std::vector<std::string> draw_run(const Run& run, const std::string& name,
                                  const std::string& out_dir, const Options& options) {
  make_folder(out_dir);
  if (!has_gnuplot(options.gnuplot)) return draw_bare(run, name, out_dir, options);
  std::vector<std::string> written;
  for (const Figure& figure : figures) {
    const auto page = figure.page(run, options);
    if (!page) continue;
    const std::string file = picture(out_dir, name + "_" + figure.name);
    page->write(file, options.gnuplot);
    written.push_back(file);
  }
  require(!written.empty(), "{}: nothing to draw: no frame is complete and no result is there yet",
          run.file());
  return written;
}

}  // namespace

std::vector<std::string> draw(const std::string& file, const std::string& out_dir,
                              const Options& options) {
  return draw(std::vector<std::string>{file}, out_dir, options);
}

std::vector<std::string> draw(const std::vector<std::string>& files, const std::string& out_dir,
                              const Options& options) {
  const std::vector<Run> runs(files.begin(), files.end());
  const std::vector<std::string> names = names_of(runs);
  std::vector<std::string> written;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string folder = out_dir.empty() ? folder_of(files[i]) : out_dir;
    for (std::string& one : draw_run(runs[i], names[i], folder, options)) {
      written.push_back(std::move(one));
    }
  }
  if (!has_gnuplot(options.gnuplot)) return written;
  if (const auto page = comparison(runs, options)) {
    written.push_back(picture(out_dir.empty() ? folder_of(files[0]) : out_dir, "comparison"));
    page->write(written.back(), options.gnuplot);
  }
  return written;
}

}  // namespace starling::plots
