// SPDX-License-Identifier: BSD-3-Clause
#include "plots/pending_file.hpp"

#include "core/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

namespace starling::plots {

PendingFile::PendingFile(std::string file) : file_(std::move(file)) {
  const std::filesystem::path path(file_);
  for (int attempt = 0; descriptor_ < 0; ++attempt) {
    const auto name = fmt::format(".{}.{}.{}", path.filename().string(), ::getpid(), attempt);
    temporary_ = (path.parent_path() / name).string();
    descriptor_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno != EEXIST) fail("cannot be made");
  }
}

PendingFile::~PendingFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void PendingFile::fail(const std::string& what) const {
  throw IoError(fmt::format("{}: {}: {}", file_, what,
                            std::error_code(errno, std::generic_category()).message()));
}

void PendingFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("cannot be written");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::string PendingFile::contents() const {
  std::string out;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t count =
        ::pread(descriptor_, buffer.data(), buffer.size(), static_cast<off_t>(out.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("cannot be read");
    if (count == 0) return out;
    out.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

void PendingFile::commit() {
  // A full disk may show only here.
  if (::fsync(descriptor_) != 0 && errno != EINVAL) fail("cannot be written");
  if (std::rename(temporary_.c_str(), file_.c_str()) != 0) fail("cannot be renamed into place");
  ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace starling::plots
