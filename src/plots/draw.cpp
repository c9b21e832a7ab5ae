// SPDX-License-Identifier: BSD-3-Clause
#include "plots/draw.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "io/xdmf.hpp"
#include "plots/figures.hpp"
#include "plots/gnuplot.hpp"
#include "plots/layers.hpp"
#include "plots/planes.hpp"
#include "plots/png.hpp"

#include <algorithm>
#include <array>
#include <cmath>
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
    Figure{"budgets", budgets},   Figure{"lyapunov", lyapunov},
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

void paste(Image& out, const Image& part, Index left, Index top) {
  for (Index row = 0; row < part.height(); ++row) {
    for (Index column = 0; column < part.width(); ++column) {
      out.at(left + column, top + row) = part.at(column, row);
    }
  }
}

// The last frame of all planes side by side with their colours below.
std::optional<Image> bare_planes(const Run& run, const Options& options) {
  PlaneFields fields = plane_fields(run, options);
  const std::vector<Index> frames = shown_frames(run, options, 1);
  scale_to(fields, run, frames);
  constexpr Index width = 300, gap = 16, bar = 14;
  const Window x = period_of(run.x()), y = period_of(run.y());
  const Index height = std::lround(width * (y.to - y.from) / (x.to - x.from));
  std::vector<std::pair<Image, Image>> parts;
  for (const ComponentFields& component : fields.components) {
    for (const PlaneField& field : component.fields) {
      const Scale& scale = fields.scales[field.scale].colours;
      parts.emplace_back(raster(read_plane(run, field, frames.back()), width,
                                std::max<Index>(height, 1), true, scale.map, scale.limits),
                         colour_bar(scale.map, width, bar));
    }
  }
  if (parts.empty()) return std::nullopt;
  const Index whole = parts.front().first.height();
  Image out(std::ssize(parts) * (width + gap) + gap, whole + bar + 3 * gap);
  Index left = gap;
  for (const auto& [plane, colours] : parts) {
    paste(out, plane, left, gap);
    paste(out, colours, left, whole + 2 * gap);
    left += width + gap;
  }
  return out;
}

// The fields side by side with their colours below, drawn pixel by pixel.
std::optional<Image> bare_fields(const Run& run, const Options& options) {
  if (run.time().empty()) return std::nullopt;
  if (run.dimensions() > 1) return bare_planes(run, options);
  const Layers layers = read_layers(run, shown_times(run, options));
  if (layers.all.empty()) return std::nullopt;
  constexpr Index width = 300, height = 800, gap = 16, bar = 14;
  const auto count = std::ssize(layers.all);
  Image out(count * (width + gap) + gap, height + bar + 3 * gap);
  const Page page(static_cast<Real>(width), static_cast<Real>(height), 1);
  Index left = gap;
  for (const Layer& layer : layers.all) {
    const Box box{0, 0, static_cast<Real>(width), static_cast<Real>(height)};
    paste(out, layer_panel(page, layers, layer, box, Way::time_up).image, left, gap);
    paste(out, colour_bar(layers.scale_of(layer).map, width, bar), left, height + 2 * gap);
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
  std::vector<std::string> written{file};
  if (auto description = io::write_xdmf(run.file(), out_dir)) written.push_back(*description);
  return written;
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
  if (auto description = io::write_xdmf(run.file(), out_dir)) written.push_back(*description);
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

std::vector<std::string> draw_movie(const std::string& file, const std::string& out_dir,
                                    const Options& options) {
  const Run run(file);
  require(run.dimensions() > 1 && !run.time().empty(),
          "{}: no movie: there are no fields in two or three dimensions", file);
  require(has_gnuplot(options.gnuplot),
          "{}: {} is not installed (Debian: apt install gnuplot-nox), and movies need it", file,
          options.gnuplot);
  PlaneFields fields = plane_fields(run, options);
  if (run.verb() != "assimilate" && options.components.empty()) fields.components.resize(1);
  const std::vector<Index> frames = shown_frames(run, options, std::ssize(run.time()));
  const std::filesystem::path folder =
      std::filesystem::path(out_dir.empty() ? folder_of(file) : out_dir) / (run.name() + "_movie");
  make_folder(folder.string());
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".png") std::filesystem::remove(entry.path());
  }
  scale_to(fields, run, frames);
  Progress progress(run.name() + " movie", "pictures", std::ssize(frames), 0, true);
  std::vector<std::string> written;
  for (const Index frame : frames) {
    written.push_back((folder / fmt::format("{:04}.png", written.size() + 1)).string());
    movie_page(run, fields, frame, options).write(written.back(), options.gnuplot);
    progress.update(std::ssize(written));
  }
  return written;
}

std::string film_command(const std::vector<std::string>& pictures) {
  const std::filesystem::path folder = std::filesystem::path(pictures.at(0)).parent_path();
  return fmt::format(
      "ffmpeg -framerate 15 -i \"{}\" -c:v libx264 -crf 18 -pix_fmt yuv420p \"{}.mp4\"",
      (folder / "%04d.png").string(), folder.string());
}

}  // namespace starling::plots
