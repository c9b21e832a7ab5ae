// SPDX-License-Identifier: BSD-3-Clause
#include "plots/page.hpp"

#include "plots/gnuplot.hpp"
#include "plots/style.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <ranges>
#include <string_view>

namespace starling::plots {
namespace {

std::string colour(Rgb rgb) {
  return fmt::format("rgb '#{:02x}{:02x}{:02x}'", rgb.red, rgb.green, rgb.blue);
}

// A string of gnuplot in single quotes, where only the quote itself is special.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c == '\n' ? ' ' : c;
  }
  return out + "'";
}

// Pixels that `text` takes in the house font, to within a few per cent: widths of letters in em.
Real width_of(std::string_view text, Real size) {
  constexpr Real pixels_per_point = 96.0 / 72.0;
  Real em = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0U) == 0x80U) continue;  // rest of a UTF-8 sequence
    if (std::string_view("ijl.,:;|' ").find(c) != std::string_view::npos) {
      em += 0.30;
    } else if (std::string_view("frt-()[]").find(c) != std::string_view::npos) {
      em += 0.39;
    } else if (std::string_view("mwMW").find(c) != std::string_view::npos) {
      em += 0.90;
    } else {
      em += c >= 'A' && c <= 'Z' ? 0.67 : 0.61;
    }
  }
  return em * size * pixels_per_point;
}

// The smallest of 1, 2, 5, 10, ... times a power of ten between ticks whose numbers stand apart on
// an axis that is `pixels` long.
Real tick_step(const Axis& axis, bool across, Real pixels) {
  const Real range = axis.to - axis.from;
  Real decade = std::pow(10, std::floor(std::log10(range / pixels)));
  if (axis.whole) decade = std::max(decade, 1.0);
  for (;; decade *= 10) {
    for (const Real factor : {1, 2, 5}) {
      const Real step = factor * decade;
      const Real last = std::floor(axis.to / step) * step,
                 first = std::ceil(axis.from / step) * step;
      const Real widest = std::max(width_of(fmt::format("{:g}", last), style::text_size),
                                   width_of(fmt::format("{:g}", first), style::text_size));
      if (pixels * step / range >= std::max(across ? widest + 24 : 24, pixels / 11)) return step;
    }
  }
}

// 1, 2 and 5 times the powers of ten on the axis.
std::string within_decades(const Axis& axis) {
  std::string out;
  for (Real decade = std::pow(10, std::floor(std::log10(axis.from))); decade <= axis.to;
       decade *= 10) {
    for (const Real factor : {1, 2, 5}) {
      const Real tick = factor * decade;
      if (tick < axis.from || tick > axis.to) continue;
      out += fmt::format("{}{:.9g}", out.empty() ? "" : ",", tick);
    }
  }
  return out;
}

std::string font(Real size, bool bold = false) {
  return fmt::format("font '{}{},{:g}'", style::font, bold ? ":Bold" : "", size);
}

class Script {
 public:
  Script(Real width, Real height, Real scale) : width_(width), height_(height) {
    // Sizes of text and lines are those of the page; `scale` makes all of them larger alike.
    line("set encoding utf8");
    line(
        "set terminal pngcairo enhanced size {},{} fontscale {:g} linewidth {:g} pointscale {:g} "
        "{}",
        std::lround(width * scale), std::lround(height * scale), scale, scale, scale,
        font(style::text_size));
    line("set multiplot");
  }

  void add(const Panel& panel) {
    for (const Curve& curve : panel.curves) data(curve);
    line("reset");
    frame(panel);
    const bool grid = panel.image.width() == 0;
    axis("x", panel.x, panel.box.width, grid);
    axis(panel.scale_on_right ? "y2" : "y", panel.y, panel.box.height, grid);
    line("set yrange [{:.9g}:{:.9g}]", panel.y.from, panel.y.to);
    if (panel.scale_on_right) line("unset ytics");
    plot(panel);
  }

  void add(const std::vector<Text>& texts) {
    line("reset");
    line("unset border; unset tics; unset key");
    line("set lmargin at screen 0; set rmargin at screen 1");
    line("set bmargin at screen 0; set tmargin at screen 1");
    for (const Text& text : texts) {
      constexpr std::array<const char*, 3> sides{"left", "center", "right"};
      line("set label {} at screen {:.6f},{:.6f} {} noenhanced {} textcolor {}", quoted(text.text),
           text.x / width_, 1 - text.y / height_, sides[static_cast<std::size_t>(text.align)],
           font(text.size, text.bold), colour(text.colour));
    }
    line("plot [0:1] [0:1] -1 notitle");
  }

  std::string finish() {
    line("unset multiplot");
    return std::move(out_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> text, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), text, std::forward<Args>(args)...);
    out_ += '\n';
  }

  void data(const Curve& curve) {
    line("$curve{} << end_of_data", curves_++);
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      const Real other = i < curve.other.size() ? curve.other[i] : 0;
      if (std::isfinite(curve.x[i]) && std::isfinite(curve.y[i]) && std::isfinite(other)) {
        line("{:.9g} {:.9g} {:.9g}", curve.x[i], curve.y[i], other);
      } else {
        line("");
      }
    }
    line("end_of_data");
  }

  void frame(const Panel& panel) {
    const Box& box = panel.box;
    line("set minussign");
    line("set lmargin at screen {:.6f}; set rmargin at screen {:.6f}", box.left / width_,
         box.right() / width_);
    line("set tmargin at screen {:.6f}; set bmargin at screen {:.6f}", 1 - box.top / height_,
         1 - box.bottom() / height_);
    line("set border {} linewidth 0.8 linecolor {}", panel.image.width() > 0 ? 15 : 3,
         colour(style::faded));
    line("set tics out nomirror scale 0.5,0.3 {} textcolor {}", font(style::text_size),
         colour(style::ink));
    line("set grid noxtics noytics linetype 1 linewidth 0.8 linecolor {} back",
         colour(style::grid));
    if (!panel.title.empty()) {
      line("set label {} at screen {:.6f},{:.6f} left noenhanced {} textcolor {}",
           quoted(panel.title), box.left / width_, 1 - (box.top - 14) / height_,
           font(style::title_size, true), colour(style::ink));
    }
    for (const Note& note : panel.notes) {
      line(
          "set label {} at first {:.9g},{:.9g} left offset graph {:.6f},{:.6f} noenhanced {} "
          "textcolor {}",
          quoted(note.text), note.x, note.y, 6 / box.width, 11 / box.height, font(style::text_size),
          colour(note.colour));
    }
    if (panel.legend == Legend::above) {
      line("unset key");
      legend_above(panel);
    } else {
      line(
          "set key at graph 0.03,0.03 left bottom vertical Left reverse samplen 1.4 spacing 1.1 "
          "noenhanced {} textcolor {}",
          font(style::text_size), colour(style::ink));
    }
  }

  // From the right end of the panel to the left, the last curve at the end.
  void legend_above(const Panel& panel) {
    constexpr Real sample = 18, space = 5, between = 16;
    const Real y = 1 - (panel.box.top - 14) / height_;
    Real x = panel.box.right();
    for (const Curve& curve : panel.curves | std::views::reverse) {
      if (curve.title.empty()) continue;
      line("set label {} at screen {:.6f},{:.6f} right noenhanced {} textcolor {}",
           quoted(curve.title), x / width_, y, font(style::text_size), colour(style::ink));
      x -= width_of(curve.title, style::text_size) + space;
      if (curve.mark == Mark::points || curve.mark == Mark::errors) {
        line("set label '●' at screen {:.6f},{:.6f} right {} textcolor {}", x / width_, y,
             font(style::text_size), colour(curve.colour));
        x -= sample + between;
        continue;
      }
      const Real thickness = curve.mark == Mark::line ? curve.width : 8;
      const std::string paint =
          curve.mark == Mark::band
              ? fmt::format("rgb '#{:02x}{:02x}{:02x}{:02x}'",
                            static_cast<int>(255 * (1 - curve.opacity)), curve.colour.red,
                            curve.colour.green, curve.colour.blue)
              : colour(curve.colour);
      line(
          "set arrow from screen {:.6f},{:.6f} to screen {:.6f},{:.6f} nohead linewidth {:g} "
          "dashtype {} linecolor {}",
          (x - sample) / width_, y, x / width_, y, thickness, dashes(curve), paint);
      x -= sample + between;
    }
  }

  static const char* dashes(const Curve& curve) { return curve.dashed ? "(9,5)" : "1"; }

  void axis(const char* name, const Axis& axis, Real pixels, bool grid) {
    if (axis.logarithmic) line("set logscale {} 10", name);
    line("set {}range [{:.9g}:{:.9g}]", name, axis.from, axis.to);
    if (!axis.ticks) {
      line("unset {}tics", name);
      return;
    }
    if (!axis.logarithmic) line("set {}tics {:.9g}", name, tick_step(axis, name[0] == 'x', pixels));
    if (axis.logarithmic) {
      const bool plain = axis.from >= 0.5e-3 && axis.to <= 2e4;
      line("set format {} '{}'", name, plain ? "%g" : "10^{%T}");
      // Every n-th decade, where there are many; 1, 2, 5, where there are few.
      const Real decades = std::log10(axis.to / axis.from);
      const Real stride = std::ceil(decades * (name[0] == 'x' ? 40 : 26) / pixels);
      if (stride > 1) line("set {}tics 1e{:g}", name, stride);
      if (axis.to / axis.from < 100) line("set {}tics ({})", name, within_decades(axis));
    }
    if (!axis.logarithmic) line("set format {} '%h'", name);  // no space in front, as by default
    if (!axis.numbers) line("set format {} ''", name);
    if (grid) line("set grid {}tics", name);
    if (!axis.label.empty()) {
      line("set {}label {} noenhanced {} textcolor {}", name, quoted(axis.label),
           font(style::text_size), colour(style::ink));
    }
  }

  void plot(const Panel& panel) {
    std::string parts;
    const auto add_part = [&](const std::string& part) {
      parts += parts.empty() ? "plot " : ", ";
      parts += part;
    };
    const Image& image = panel.image;
    if (image.width() > 0) {
      const Real dx = (panel.x.to - panel.x.from) / static_cast<Real>(image.width());
      const Real dy = (panel.y.to - panel.y.from) / static_cast<Real>(image.height());
      add_part(fmt::format(
          "'-' binary array=({},{}) format='%uchar%uchar%uchar' "
          "origin=({:.12g},{:.12g}) dx={:.12g} dy={:.12g} using 1:2:3 "
          "with rgbimage notitle",
          image.width(), image.height(), panel.x.from + dx / 2, panel.y.from + dy / 2, dx, dy));
    }
    Index number = curves_ - static_cast<Index>(panel.curves.size());
    for (const Curve& curve : panel.curves) {
      add_part(fmt::format("$curve{} {} {}", number++, drawn(curve),
                           curve.title.empty() ? "notitle" : "title " + quoted(curve.title)));
    }
    if (parts.empty()) parts = "plot NaN notitle";
    out_ += parts + '\n';
    // The rows of the image, the lowest first, as gnuplot counts y.
    for (Index row = image.height() - 1; row >= 0; --row) {
      for (Index column = 0; column < image.width(); ++column) {
        const Rgb pixel = image.at(column, row);
        out_ += {static_cast<char>(pixel.red), static_cast<char>(pixel.green),
                 static_cast<char>(pixel.blue)};
      }
    }
  }

  static std::string drawn(const Curve& curve) {
    const std::string paint = colour(curve.colour);
    switch (curve.mark) {
      case Mark::points:
        return fmt::format("using 1:2 with points pointtype 7 pointsize {:g} linecolor {}",
                           0.6 * curve.width, paint);
      case Mark::band:
        return fmt::format(
            "using 1:2:3 with filledcurves fillcolor {} fillstyle transparent solid "
            "{:g} noborder",
            paint, curve.opacity);
      case Mark::bars:
        return fmt::format(
            "using 1:2:({:.9g}) with boxes fillcolor {} fillstyle transparent solid "
            "{:g} noborder",
            curve.width, paint, curve.opacity);
      case Mark::errors:
        return fmt::format(
            "using 1:2:3 with yerrorbars pointtype 7 pointsize {:g} linewidth 1.2 "
            "linecolor {}",
            0.6 * curve.width, paint);
      case Mark::line: break;
    }
    return fmt::format("using 1:2 with lines linewidth {:g} dashtype {} linecolor {}", curve.width,
                       dashes(curve), paint);
  }

  std::string out_;
  Real width_, height_;
  Index curves_ = 0;
};

}  // namespace

Index Page::pixels_across(const Box& box) const { return std::lround(box.width * scale_); }
Index Page::pixels_down(const Box& box) const { return std::lround(box.height * scale_); }

std::string Page::script() const {
  Script script(width_, height_, scale_);
  for (const Panel& panel : panels_) script.add(panel);
  script.add(texts_);
  return script.finish();
}

void Page::write(const std::string& file, const std::string& gnuplot) const {
  run_gnuplot(file, script(), gnuplot);
}

}  // namespace starling::plots
